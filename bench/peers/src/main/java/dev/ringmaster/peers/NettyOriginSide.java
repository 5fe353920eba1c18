package dev.ringmaster.peers;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection to the origin: passes its answer on to the client that it serves. */
final class NettyOriginSide extends ChannelInboundHandlerAdapter {
    private @Nullable Channel client;
    private boolean reusable;

    /** From now on, until an answer is complete. */
    void serve(Channel served) {
        client = served;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object part) {
        Channel served = client;
        if (served == null) {
            ReferenceCountUtil.release(part);
            var _ = context.close();
            return;
        }
        if (part instanceof HttpResponse response) {
            reusable = HttpUtil.isKeepAlive(response);
        }
        var _ = served.write(part, served.voidPromise());
        if (part instanceof LastHttpContent) {
            served.flush();
            client = null;
            served.pipeline().get(NettyClientSide.class).answered(reusable);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (client != null) {
            client.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (client != null) {
            var _ = client.config().setAutoRead(context.channel().isWritable());
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (client != null) {
            var _ = client.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        var _ = context.close();
    }
}
