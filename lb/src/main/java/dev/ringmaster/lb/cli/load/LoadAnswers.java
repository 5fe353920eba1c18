package dev.ringmaster.lb.cli.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;

/** Reads the answers of one connection, keeps the beginning of each body, and tells its seat about their ends. */
final class LoadAnswers extends SimpleChannelInboundHandler<HttpObject> {
    private final LoadSeat seat;
    private final ByteBuf beginning = Unpooled.buffer(Greeting.BYTES, Greeting.BYTES);
    private int status;
    private boolean keepAlive;

    LoadAnswers(LoadSeat seat) {
        this.seat = seat;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            seat.broken(context.channel(), reason(part.decoderResult()));
            return;
        }
        if (part instanceof HttpResponse response) {
            status = response.status().code();
            keepAlive = HttpUtil.isKeepAlive(response);
            beginning.clear();
        }
        if (part instanceof HttpContent content) {
            ByteBuf bytes = content.content();
            beginning.writeBytes(bytes, Math.min(bytes.readableBytes(), beginning.writableBytes()));
        }
        if (part instanceof LastHttpContent && HttpStatusClass.valueOf(status) != HttpStatusClass.INFORMATIONAL) {
            String replica = Greeting.replica(beginning).orElse("");
            seat.answered(context.channel(), status, replica, keepAlive);
        }
    }

    private static LoadFailure reason(DecoderResult result) {
        return result.cause() instanceof PrematureChannelClosureException ? LoadFailure.CLOSED : LoadFailure.BAD_BODY;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        seat.broken(context.channel(), LoadFailure.CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        seat.broken(context.channel(), failure instanceof IOException ? LoadFailure.RESET : LoadFailure.BAD_BODY);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        beginning.release();
    }
}
