package dev.ringmaster.bench.compare;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Proxies of other Java projects, from the module in {@code bench/peers}. The same in both tables: they forward. */
final class Peers {
    private static final Path LIBRARIES = Path.of("bench/peers/target/lib").toAbsolutePath();
    /**
     * The flags that ours is shipped with, so that nobody has another heap, collector, object layout or allocator; but
     * neither its ahead-of-time cache nor its unpacked natives, which come with a distribution.
     */
    static final ImmutableList<String> FLAGS = ImmutableList.of(
            "-Xmx512m",
            "-XX:MaxDirectMemorySize=512m",
            "-Dio.netty.allocator.type=pooled",
            "-XX:+UseTransparentHugePages",
            "-Xlog:pagesize=off",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.jfr.enabled=false");

    /**
     * @param main its class
     * @param artifact whose version is told
     */
    private record Peer(String name, String main, String artifact) {}

    private static final ImmutableMap<String, Peer> ALL = ImmutableMap.of(
            "vertx", new Peer("Vert.x", "VertxPeer", "vertx-http-proxy"),
            "undertow", new Peer("Undertow", "UndertowPeer", "undertow-core"),
            "jetty", new Peer("Jetty", "JettyPeer", "jetty-proxy"),
            "spring-cloud-gateway",
                    new Peer("Spring Cloud Gateway", "GatewayPeer", "spring-cloud-gateway-server-webflux"),
            "netty", new Peer("Netty codecs", "NettyPeer", "netty-codec-http"));

    private Peers() {}

    static List<String> names() {
        return ALL.keySet().asList();
    }

    /** Throws {@link IllegalArgumentException} if nobody is called so. */
    static Contestant contestant(String name, Templates templates, int workers) throws IOException {
        Peer peer = ALL.get(name);
        if (peer == null) {
            throw new IllegalArgumentException(
                    "no rival '" + name + "'; there are " + String.join(", ", Contestants.rivals()) + ", and all");
        }
        if (!Files.isDirectory(LIBRARIES)) {
            throw new IOException(peer.name() + " is not built: make bench does it");
        }
        int port = Templates.freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", LIBRARIES + "/*", "dev.ringmaster.peers." + peer.main()));
        command.addAll(List.of("" + port, "" + workers));
        templates.origins().forEach(origin -> command.add("" + origin));
        return new Contestant(peer.name(), version(peer.artifact()), command, port, true);
    }

    private static String version(String artifact) throws IOException {
        try (Stream<Path> archives = Files.list(LIBRARIES)) {
            return archives.map(archive -> archive.getFileName().toString())
                    .filter(archive -> archive.matches(artifact + "-\\d.*\\.jar"))
                    .map(archive -> archive.substring(0, archive.length() - ".jar".length()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + artifact + " in " + LIBRARIES));
        }
    }
}
