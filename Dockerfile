# Two images from one build: `lb`, the balancer, and `server`, the hello replica. Needs no BuildKit.
#   docker build --target server -t ringmaster-server .
#   docker build --target lb -t ringmaster-lb .

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
# Dependencies and plugins first: they change less often than the sources.
COPY pom.xml ./
COPY .mvn .mvn
COPY config config
COPY hashing/pom.xml hashing/
COPY server/pom.xml server/
COPY lb/pom.xml lb/
COPY integration-tests/pom.xml integration-tests/
COPY bench/pom.xml bench/
RUN mvn -B -ntp -q package -DskipTests -Dexec.skip -Dtraining.skip -pl hashing,server,lb && rm -rf */target
COPY hashing/src hashing/src
COPY server/src server/src
COPY lb/src lb/src
RUN mvn -B -ntp -q package -Dmaven.test.skip -Derror-prone=-parameters -Dtraining.skip -pl hashing,server,lb
# The balancer and the server need different halves of what was built, and natives that need not be unpacked at run time.
RUN mkdir -p /out/lb/native /out/server/lib /out/server/bin \
    && cp -r lb/target/dist/bin lb/target/dist/conf lb/target/dist/lib /out/lb/ \
    && rm /out/lb/bin/ringmaster-server /out/lb/lib/ringmaster-server-* \
    && cp lb/target/dist/bin/ringmaster-server /out/server/bin/ \
    && cp lb/target/dist/lib/ringmaster-server-* /out/server/lib/ \
    && for module in common buffer transport resolver codec-base codec-http handler; do \
         cp lb/target/dist/lib/netty-$module-[0-9]*.jar /out/server/lib/; done \
    && cd /out/lb/native \
    && for jar in ../lib/netty-transport-native-*-linux-$(uname -m | sed 's/aarch64/aarch_64/').jar; do jar xf "$jar"; done \
    && mv META-INF/native/*.so . && rm -rf META-INF
RUN jlink --add-modules java.base,java.logging,java.management,java.naming,java.xml,jdk.unsupported,jdk.management,jdk.net,java.desktop \
        --no-header-files --no-man-pages --output /out/java-lb \
    && jlink --add-modules java.base,java.logging,java.management,jdk.unsupported,jdk.management \
        --no-header-files --no-man-pages --output /out/java-server

FROM debian:bookworm-slim AS server
LABEL org.opencontainers.image.title="ringmaster-server" \
      org.opencontainers.image.description="A small hello replica for the Ringmaster load balancer"
COPY --from=build /out/java-server /opt/java
COPY --from=build /out/server /opt/ringmaster
COPY docker/healthcheck docker/train-server /opt/ringmaster/bin/
ENV JAVA_HOME=/opt/java SERVER_PORT=5000
RUN useradd --uid 10001 --no-create-home ringmaster && /opt/ringmaster/bin/train-server && rm /opt/ringmaster/bin/train-server
USER ringmaster
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=2s CMD /opt/ringmaster/bin/healthcheck "${SERVER_PORT:-5000}" /heartbeat
ENTRYPOINT ["/opt/ringmaster/bin/ringmaster-server"]

FROM debian:bookworm-slim AS lb
LABEL org.opencontainers.image.title="ringmaster-lb" \
      org.opencontainers.image.description="A reverse-proxy load balancer that starts, watches and replaces its replicas"
COPY --from=build /out/java-lb /opt/java
COPY --from=build /out/lb /opt/ringmaster
COPY docker/entrypoint docker/healthcheck docker/train-lb /opt/ringmaster/bin/
ENV JAVA_HOME=/opt/java \
    RINGMASTER_PROVIDER=docker \
    RINGMASTER_ADMIN_BIND=0.0.0.0 \
    RINGMASTER_STATE_DIR=/var/lib/ringmaster
RUN useradd --uid 10001 --no-create-home ringmaster \
    && mkdir -p /var/lib/ringmaster /run/ringmaster && chown ringmaster: /var/lib/ringmaster /run/ringmaster \
    && /opt/ringmaster/bin/train-lb && rm /opt/ringmaster/bin/train-lb
VOLUME /var/lib/ringmaster
EXPOSE 5000 5001
HEALTHCHECK --interval=10s --timeout=2s CMD /opt/ringmaster/bin/healthcheck "${RINGMASTER_ADMIN_PORT:-5001}" /readyz
ENTRYPOINT ["/opt/ringmaster/bin/entrypoint"]
CMD ["serve"]
