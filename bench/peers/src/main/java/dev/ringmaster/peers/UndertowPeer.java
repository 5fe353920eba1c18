package dev.ringmaster.peers;

import io.undertow.Undertow;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.net.URI;

/** Undertow's reverse proxy; it sends the X-Forwarded-* fields by itself. */
public final class UndertowPeer {
    private UndertowPeer() {}

    /** Takes {@link Place}'s arguments. */
    public static void main(String[] arguments) {
        Place place = Place.of(arguments);
        LoadBalancingProxyClient client = new LoadBalancingProxyClient()
                .setConnectionsPerThread(Place.CONNECTIONS)
                .setSoftMaxConnectionsPerThread(Place.CONNECTIONS);
        place.origins().forEach(origin -> client.addHost(URI.create("http://" + Place.HOST + ":" + origin)));
        Undertow.builder()
                .setIoThreads(place.workers())
                .setWorkerThreads(place.workers())
                .addHttpListener(place.port(), Place.HOST)
                .setHandler(ProxyHandler.builder().setProxyClient(client).build())
                .build()
                .start();
    }
}
