package dev.ringmaster.lb.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.net.InetAddresses;
import com.google.common.util.concurrent.Uninterruptibles;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heartbeats against real sockets: each has exactly one outcome, in time, and leaves no connection open. */
class HttpProbeTest {
    private static final HealthOptions OPTIONS =
            new HealthOptions("/heartbeat", Duration.ofMillis(300), Duration.ofMillis(300), 2, 1);

    private final BlockingQueue<ProbeResult> outcomes = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
    private EventLoopGroup loops;
    private ServerSocket server;
    private HttpProbe probe;

    @BeforeEach
    void open() throws IOException {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        probe = new HttpProbe(loops, NioSocketChannel.class, status -> status == 200);
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** Answers one connection's request with these bytes and waits for its end; closes at once if there are none. */
    private void answer(String bytes) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                if (bytes.equals("close")) {
                    return;
                }
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) socket.getInputStream().read());
                }
                requests.add(request.toString());
                socket.getOutputStream().write(bytes.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
                closed.add(socket.getInputStream().read() < 0);
            } catch (IOException reset) {
                // By the probe, which did not read all, or by the end of the test.
                closed.add(true);
            }
        });
    }

    private ProbeResult outcome() throws InterruptedException {
        ProbeResult first = outcomes.poll(10, TimeUnit.SECONDS);
        assertThat(first).isNotNull();
        assertThat(outcomes.poll(OPTIONS.timeout().toMillis() + 100, TimeUnit.MILLISECONDS))
                .as("second outcome")
                .isNull();
        return first;
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n, ALIVE",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello, ALIVE",
        "HTTP/1.0 200 OK\\r\\n\\r\\nuntil the end, ALIVE",
        "HTTP/1.1 500 Broken\\r\\nContent-Length: 0\\r\\n\\r\\n, UNHEALTHY",
        "HTTP/1.1 404 No\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n0\\r\\n\\r\\n, UNHEALTHY",
        "SSH-2.0-OpenSSH_9\\r\\n\\r\\n, UNHEALTHY",
        "close, UNHEALTHY",
        "'', SILENT",
        "HTTP/1.1 20, SILENT",
    })
    void heartbeat_answeredSo_hasThisOutcomeOnce(String answer, ProbeResult expected) throws InterruptedException {
        answer(answer);
        probe.probe(address(), OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(expected);
        if (!answer.equals("close")) {
            assertThat(closed.poll(10, TimeUnit.SECONDS))
                    .as("connection closed")
                    .isTrue();
        }
    }

    @Test
    void heartbeat_asksForItsPathOnAConnectionOfItsOwn() throws InterruptedException {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        probe.probe(address(), OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(ProbeResult.ALIVE);
        assertThat(requests.take())
                .startsWith("GET /heartbeat HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: ")
                .containsIgnoringCase("\r\nconnection: close\r\n");
    }

    @Test
    void heartbeat_toAPortWhereNobodyListens_isRefused() throws Exception {
        InetSocketAddress address = address();
        server.close();
        probe.probe(address, OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(ProbeResult.REFUSED);
    }

    @Test
    void heartbeat_thatFailsForWantOfAnythingOfOurOwn_isSilence() throws InterruptedException {
        // Nothing can be sent to this address; a connection to it fails before it leaves the machine.
        probe.probe(new InetSocketAddress(InetAddresses.forString("255.255.255.255"), 1), OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(ProbeResult.SILENT);
    }

    @Test
    void heartbeat_whenNoSocketCanBeOpened_isVoid() throws InterruptedException {
        HttpProbe broken = new HttpProbe(loops, NoDescriptors.class, status -> true);
        broken.probe(address(), OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(ProbeResult.VOID);
    }

    /** A channel that cannot be made, as when the process has run out of file descriptors. */
    public static final class NoDescriptors extends NioSocketChannel {
        public NoDescriptors() {
            throw new IllegalStateException("Too many open files");
        }
    }

    @Test
    void heartbeat_onLoopsThatHaveEnded_isVoid() throws Exception {
        EventLoop loop = loops.next();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        await().until(loop::isTerminated);
        probe.probe(address(), OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(ProbeResult.VOID);
    }

    @Test
    void heartbeat_whoseLoopWasHeldUp_isVoid() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        loops.execute(() -> Uninterruptibles.awaitUninterruptibly(held));
        probe.probe(address(), OPTIONS, outcomes::add);
        await().pollDelay(OPTIONS.timeout().plusMillis(400)).until(() -> true);
        held.countDown();
        assertThat(outcome()).isEqualTo(ProbeResult.VOID);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1:80", "::1, '[0:0:0:0:0:0:0:1]:80'"})
    void heartbeat_namesItsHostAsAUrlWould(String address, String host) {
        InetSocketAddress replica = new InetSocketAddress(InetAddresses.forString(address), 80);
        assertThat(HttpProbe.request(replica, "/").headers().get("Host")).isEqualTo(host);
    }

    @Test
    void heartbeats_manyAtOnce_haveOneOutcomeEach() {
        int many = 50;
        for (int i = 0; i < many; i++) {
            answer(i % 2 == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : "close");
            probe.probe(address(), OPTIONS, outcomes::add);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> outcomes.size() >= many);
        assertThat(List.copyOf(outcomes)).hasSize(many);
    }
}
