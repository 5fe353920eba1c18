package dev.ringmaster.lb.provider.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ringmaster.lb.provider.ProviderException;
import dev.ringmaster.lb.provider.ProviderException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP over the engine's Unix socket: a connection a call, which its deadline closes, so that no engine however stuck can
 * keep a thread. Any thread; calls block.
 */
final class EngineSocket implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BUFFER = 16 << 10;

    private final Path socket;
    private final Deadlines deadlines = new Deadlines();

    EngineSocket(Path socket) {
        this.socket = socket;
    }

    /** An answer whose body is complete. */
    static final class Answer {
        private final int status;
        private final byte[] body;

        Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body;
        }

        JsonNode json() throws ProviderException {
            try {
                return JSON.readTree(body);
            } catch (IOException half) {
                throw new ProviderException(Kind.UNAVAILABLE, "the Docker engine's answer is no JSON", half);
            }
        }

        /** What the engine says about an error. */
        String message() {
            try {
                return JSON.readTree(body).path("message").asText("status " + status);
            } catch (IOException noJson) {
                return "status " + status;
            }
        }
    }

    /** Takes an answer as it comes. */
    interface Reader {
        /** The head has come; false ends the call. */
        boolean begin(int status);

        void piece(byte[] bytes);
    }

    private static final class Whole implements Reader {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;

        @Override
        public boolean begin(int code) {
            status = code;
            return true;
        }

        @Override
        public void piece(byte[] bytes) {
            body.writeBytes(bytes);
        }
    }

    /**
     * Calls and waits for the whole answer.
     *
     * @throws ProviderException of kind {@code UNAVAILABLE} if there is none in time
     */
    Answer call(String method, String target, @Nullable JsonNode body, Duration deadline) throws ProviderException {
        Whole whole = new Whole();
        try (SocketChannel channel = open()) {
            deadlines.within(deadline, channel, () -> {
                exchange(channel, method, target, body, whole);
                return whole;
            });
        } catch (IOException | RuntimeException failed) {
            throw unavailable(method + " " + target + ": " + failed);
        }
        return new Answer(whole.status, whole.body.toByteArray());
    }

    /** Opens a connection for {@link #stream}; closing it ends the stream. */
    SocketChannel open() throws IOException {
        return Deadlines.connect(socket);
    }

    /** Reads an answer without end until it breaks off. */
    void stream(SocketChannel channel, String target, Reader reader) throws IOException {
        exchange(channel, "GET", target, null, reader);
    }

    private static void exchange(
            SocketChannel channel, String method, String target, @Nullable JsonNode body, Reader reader)
            throws IOException {
        byte[] content = body == null ? new byte[0] : JSON.writeValueAsBytes(body);
        String head = method + " " + target + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
                + (body == null ? "" : "Content-Type: application/json\r\n") + "Content-Length: " + content.length
                + "\r\n\r\n";
        write(channel, ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
        write(channel, ByteBuffer.wrap(content));
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpResponseDecoder());
        try {
            read(channel, decoder, reader);
        } finally {
            decoder.finishAndReleaseAll();
        }
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void read(SocketChannel channel, EmbeddedChannel decoder, Reader reader) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.read(buffer.clear()) >= 0) {
            ByteBuf bytes = Unpooled.copiedBuffer(buffer.flip());
            decoder.writeInbound(bytes);
            for (Object part = decoder.readInbound(); part != null; part = decoder.readInbound()) {
                try {
                    if (!told(part, reader) || part instanceof LastHttpContent) {
                        return;
                    }
                } finally {
                    ReferenceCountUtil.release(part);
                }
            }
        }
        throw new IOException("the answer broke off");
    }

    private static boolean told(Object part, Reader reader) throws IOException {
        if (part instanceof HttpResponse response) {
            if (response.decoderResult().isFailure()) {
                throw new IOException("the answer is no HTTP");
            }
            return reader.begin(response.status().code());
        }
        if (part instanceof HttpContent content) {
            reader.piece(ByteBufUtil.getBytes(content.content()));
        }
        return true;
    }

    private ProviderException unavailable(String why) {
        return new ProviderException(
                Kind.UNAVAILABLE, "the Docker engine at " + socket + " does not answer (" + why + ")", null);
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
