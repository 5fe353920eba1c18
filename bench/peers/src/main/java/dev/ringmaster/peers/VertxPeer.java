package dev.ringmaster.peers;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;

/** Vert.x' reverse proxy: a server and a client for each event loop, on the native transport. */
public final class VertxPeer extends VerticleBase {
    private final Place place;
    private int turn;

    private VertxPeer(Place place) {
        this.place = place;
    }

    /** Takes {@link Place}'s arguments. */
    public static void main(String[] arguments) {
        Place place = Place.of(arguments);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(place.workers()));
        vertx.deployVerticle(() -> new VertxPeer(place), new DeploymentOptions().setInstances(place.workers()))
                .onFailure(failure -> {
                    throw new IllegalStateException(failure);
                });
    }

    @Override
    public Future<?> start() {
        PoolOptions pool = new PoolOptions().setHttp1MaxSize(Place.CONNECTIONS);
        HttpProxy proxy = HttpProxy.reverseProxy(vertx.createHttpClient(new HttpClientOptions(), pool))
                .origin(OriginRequestProvider.selector(_ -> Future.succeededFuture(next())))
                .addInterceptor(new ForwardedFor());
        return vertx.createHttpServer().requestHandler(proxy).listen(place.port(), Place.HOST);
    }

    private SocketAddress next() {
        turn = (turn + 1) % place.origins().size();
        return SocketAddress.inetSocketAddress(place.origins().get(turn), Place.HOST);
    }

    private static final class ForwardedFor implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            String peer = context.request().proxiedRequest().remoteAddress().hostAddress();
            context.request().putHeader("X-Forwarded-For", peer);
            return context.sendRequest();
        }
    }
}
