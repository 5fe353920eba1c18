package dev.ringmaster.lb.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.util.function.Function;

/**
 * The handlers of a client's connection; the only place that adds any.
 *
 * <pre>
 * socket
 *   └─ frontend   {@link FrontendConnection}: reads requests, hands each to the proxy or to the admin interface
 * </pre>
 */
final class FrontendPipeline extends ChannelInitializer<Channel> {
    private final Function<Channel, FrontendConnection> connections;

    FrontendPipeline(Function<Channel, FrontendConnection> connections) {
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast("frontend", connections.apply(channel));
    }
}
