package dev.ringmaster.lb.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.net.InetAddresses;
import com.google.common.util.concurrent.Uninterruptibles;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
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
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Heartbeats against real sockets: each has exactly one outcome, in time, and leaves no connection open. The event loop's
 * timers run by a clock of the test's own.
 */
class HttpProbeTest {
    private static final HealthOptions OPTIONS = withTimeout(Duration.ofMinutes(5));

    private final MockTicker clock = Ticker.newMockTicker();
    private final BlockingQueue<ProbeResult> outcomes = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
    private EventLoopGroup loops;
    private ServerSocket server;
    private HttpProbe probe;

    private static HealthOptions withTimeout(Duration timeout) {
        return new HealthOptions("/heartbeat", timeout, timeout, 2, 1, SimulatedTraffic.OPTIONS);
    }

    private static EventLoopGroup loops(Ticker clock) {
        return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... none) {
                return new SingleThreadIoEventLoop(this, executor, handlers) {
                    @Override
                    public Ticker ticker() {
                        return clock;
                    }
                };
            }
        };
    }

    @BeforeEach
    void open() throws IOException {
        loops = loops(clock);
        probe = new HttpProbe(loops, NioSocketChannel.class, status -> status == 200);
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        endLoops();
    }

    /** Moves their clock on, without which they wait for good for a moment without work. */
    private void endLoops() {
        Future<?> ended = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            clock.advance(1, TimeUnit.SECONDS);
            return ended.isDone();
        });
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
                socket.getOutputStream().write(bytes.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
                requests.add(request.toString());
                closed.add(socket.getInputStream().read() < 0);
            } catch (IOException reset) {
                // By the probe, which did not read all, or by the end of the test.
                closed.add(true);
            }
        });
    }

    /** Lets the time of every heartbeat run out. */
    private void timeOut() throws InterruptedException {
        clock.advance(OPTIONS.timeout().toNanos(), TimeUnit.NANOSECONDS);
        // The first wakes the loop, the second runs after its timers.
        for (int i = 0; i < 2; i++) {
            loops.submit(() -> {}).sync();
        }
    }

    private ProbeResult outcome() throws InterruptedException {
        ProbeResult first = outcomes.poll(1, TimeUnit.MINUTES);
        assertThat(first).isNotNull();
        if (!loops.isShutdown()) {
            timeOut();
        }
        assertThat(outcomes).as("second outcome").isEmpty();
        return first;
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n, ALIVE",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello, ALIVE",
        "HTTP/1.0 200 OK\\r\\n\\r\\nuntil the end, ALIVE",
        "HTTP/1.1 500 Broken\\r\\nContent-Length: 0\\r\\n\\r\\n, UNHEALTHY",
        "HTTP/1.1 404 No\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n0\\r\\n\\r\\n, UNHEALTHY",
        "HTTP/1.1 103 Early Hints\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n, ALIVE",
        "HTTP/1.1 101 Switching\\r\\nConnection: upgrade\\r\\nUpgrade: x\\r\\n\\r\\n, UNHEALTHY",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nab, UNHEALTHY",
        "SSH-2.0-OpenSSH_9\\r\\n\\r\\n, UNHEALTHY",
        "close, UNHEALTHY",
    })
    void heartbeat_answeredSo_hasThisOutcomeOnce(String answer, ProbeResult expected) throws InterruptedException {
        answer(answer);
        probe.probe(address(), OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(expected);
        if (!answer.equals("close")) {
            assertClosed();
        }
    }

    private void assertClosed() throws InterruptedException {
        assertThat(closed.poll(1, TimeUnit.MINUTES)).as("connection closed").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 20"})
    void heartbeat_thatIsNotAnsweredWhole_isSilentOnceItsTimeIsOver(String answer) throws InterruptedException {
        answer(answer);
        probe.probe(address(), OPTIONS, outcomes::add);
        assertThat(requests.poll(1, TimeUnit.MINUTES)).isNotNull();
        assertThat(outcomes).as("before its time is over").isEmpty();
        timeOut();
        assertThat(outcome()).isEqualTo(ProbeResult.SILENT);
        assertClosed();
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
        endLoops();
        await().until(loop::isTerminated);
        probe.probe(address(), OPTIONS, outcomes::add);
        assertThat(outcome()).isEqualTo(ProbeResult.VOID);
    }

    @Test
    void heartbeat_whoseLoopWasHeldUp_isVoid() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        loops.execute(() -> Uninterruptibles.awaitUninterruptibly(held));
        Duration timeout = Duration.ofMillis(100);
        probe.probe(address(), withTimeout(timeout), outcomes::add);
        await().pollDelay(timeout.plusMillis(300)).until(() -> true);
        clock.advance(timeout.toNanos(), TimeUnit.NANOSECONDS);
        held.countDown();
        assertThat(outcome()).isEqualTo(ProbeResult.VOID);
    }

    @Test
    void heartbeat_whoseLoopIsHeldUpOnceItIsSent_isVoid() throws InterruptedException {
        answer("");
        // Long enough for it to be sent in time, however busy the machine is.
        Duration timeout = Duration.ofSeconds(3);
        probe.probe(address(), withTimeout(timeout), outcomes::add);
        assertThat(requests.poll(1, TimeUnit.MINUTES)).isNotNull();
        CountDownLatch held = new CountDownLatch(1);
        loops.execute(() -> Uninterruptibles.awaitUninterruptibly(held));
        await().pollDelay(timeout.plusMillis(300)).until(() -> true);
        clock.advance(timeout.toNanos(), TimeUnit.NANOSECONDS);
        held.countDown();
        assertThat(outcome()).isEqualTo(ProbeResult.VOID);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1:80", "::1, '[0:0:0:0:0:0:0:1]:80'"})
    void heartbeat_namesItsHostAsAUrlWould(String address, String host) {
        InetSocketAddress replica = new InetSocketAddress(InetAddresses.forString(address), 80);
        assertThat(HttpProbe.request(replica, "/")).contains("\r\nHost: " + host + "\r\n");
    }

    @Test
    void heartbeats_manyAtOnce_haveOneOutcomeEach() {
        int many = 50;
        for (int i = 0; i < many; i++) {
            answer(i % 2 == 0 ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" : "close");
            probe.probe(address(), OPTIONS, outcomes::add);
        }
        await().until(() -> outcomes.size() >= many);
        assertThat(List.copyOf(outcomes)).hasSize(many);
    }
}
