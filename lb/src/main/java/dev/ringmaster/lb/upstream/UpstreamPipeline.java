package dev.ringmaster.lb.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;

/**
 * The handlers of a connection to a replica; the only place that adds any.
 *
 * <pre>
 * socket
 *   └─ upstream   {@link UpstreamConnection}: reads responses, passes them to the lease holder, writes requests
 * </pre>
 */
final class UpstreamPipeline extends ChannelInitializer<Channel> {
    private final UpstreamConnection connection;

    UpstreamPipeline(UpstreamConnection connection) {
        this.connection = connection;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.pipeline().addLast("upstream", connection);
    }
}
