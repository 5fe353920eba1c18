package dev.ringmaster.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Spring Cloud Gateway on Reactor Netty, with its load balancer in turns over addresses that are fixed. */
@SpringBootApplication
public class GatewayPeer {
    private static final String GATEWAY = "spring.cloud.gateway.server.webflux.";

    /** Takes {@link Place}'s arguments. */
    public static void main(String[] arguments) {
        Place place = Place.of(arguments);
        System.setProperty("reactor.netty.ioWorkerCount", "" + place.workers());
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.address", Place.HOST);
        properties.put("server.port", place.port());
        properties.put("spring.main.banner-mode", "off");
        properties.put(GATEWAY + "routes[0].id", "all");
        properties.put(GATEWAY + "routes[0].uri", "lb://replicas");
        properties.put(GATEWAY + "routes[0].predicates[0]", "Path=/**");
        properties.put(GATEWAY + "httpclient.pool.type", "elastic");
        // Without it the gateway sends no X-Forwarded-For.
        properties.put(GATEWAY + "trusted-proxies", ".*");
        List<Integer> origins = place.origins();
        for (int i = 0; i < origins.size(); i++) {
            properties.put(
                    "spring.cloud.discovery.client.simple.instances.replicas[" + i + "].uri",
                    "http://" + Place.HOST + ":" + origins.get(i));
        }
        SpringApplication application = new SpringApplication(GatewayPeer.class);
        application.setDefaultProperties(properties);
        application.run();
    }
}
