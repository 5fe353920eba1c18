package dev.ringmaster.peers;

import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty's reverse proxy on its core handlers, without servlets; it sends the X-Forwarded-* fields by itself. */
public final class JettyPeer {
    private JettyPeer() {}

    /** Takes {@link Place}'s arguments. */
    public static void main(String[] arguments) throws Exception {
        Place place = Place.of(arguments);
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server, 1, place.workers());
        connector.setHost(Place.HOST);
        connector.setPort(place.port());
        server.addConnector(connector);
        server.setHandler(new InTurns(place));
        server.start();
    }

    private static final class InTurns extends ProxyHandler.Reverse {
        private InTurns(Place place) {
            this(place, new AtomicInteger());
        }

        private InTurns(Place place, AtomicInteger turn) {
            super(request -> {
                int origin =
                        Math.floorMod(turn.getAndIncrement(), place.origins().size());
                return HttpURI.build(request.getHttpURI())
                        .scheme("http")
                        .authority(Place.HOST, place.origins().get(origin))
                        .asImmutable();
            });
        }

        @Override
        protected void configureHttpClient(HttpClient client) {
            client.setMaxConnectionsPerDestination(Place.CONNECTIONS);
        }
    }
}
