package dev.ringmaster.lb.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both sides over a real socket in one process; what is handed over is a pipe. */
@Timeout(180)
class HandoverTest {
    private static final List<String> POOL = List.of("first line", "second line");

    private static final Duration MOST = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final EventLoopGroup oldLoops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoopGroup newLoops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final List<FileDescriptor> pipe = List.of(pipe());
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayRelease = new CountDownLatch(1);
    private String refusal = "";

    private static FileDescriptor[] pipe() {
        try {
            return FileDescriptor.pipe();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @AfterEach
    void closeAll() throws IOException {
        oldLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        newLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        for (FileDescriptor end : pipe) {
            end.close();
        }
    }

    private final class Old implements Offer.Owner {
        @Override
        public List<Integer> listeners() {
            return pipe.stream().map(FileDescriptor::intValue).toList();
        }

        @Override
        public List<String> release() throws HandoverException, InterruptedException {
            done.add("asked");
            mayRelease.await();
            if (!refusal.isEmpty()) {
                throw new HandoverException(refusal);
            }
            done.add("released");
            return POOL;
        }

        @Override
        public void reclaim() {
            done.add("reclaimed");
        }

        @Override
        public void leave() {
            done.add("left");
        }

        @Override
        public void end() {
            done.add("ended");
        }
    }

    private Path socket() {
        return directory.resolve("socket");
    }

    private Offer offer() throws IOException {
        return Offer.make(oldLoops, socket(), new Old());
    }

    /** Its connections end. Without a quiet period a loop may end before it has closed what it has. */
    private void oldOneDies() {
        oldLoops.shutdownGracefully(1, 1, TimeUnit.SECONDS);
    }

    private Predecessor meet() throws HandoverException, InterruptedException {
        return Predecessor.meet(newLoops, socket(), 2).orElseThrow();
    }

    @Test
    void handOver_passesSocketsAndPool_andTheOldOneLeaves() throws Exception {
        mayRelease.countDown();
        offer();
        Predecessor predecessor = meet();
        FileDescriptor reading = new FileDescriptor(predecessor.listener(0));
        FileDescriptor writing = new FileDescriptor(predecessor.listener(1));
        assertThat(reading.intValue()).isNotEqualTo(pipe.get(0).intValue());
        ByteBuffer sent = ByteBuffer.allocateDirect(2).put((byte) 'o').put((byte) 'k');
        assertThat(writing.write(sent, 0, 2)).isEqualTo(2);
        ByteBuffer seen = ByteBuffer.allocateDirect(2);
        assertThat(pipe.get(0).read(seen, 0, 2))
                .as("bytes through the same pipe")
                .isEqualTo(2);
        assertThat(seen.get(0)).isEqualTo((byte) 'o');
        assertThat(predecessor.release()).isEqualTo(POOL);
        assertThat(predecessor.gone()).isFalse();
        assertThat(done).containsExactly("asked", "released");
        predecessor.serve();
        await().untilAsserted(() -> assertThat(done).containsExactly("asked", "released", "left", "ended"));
        assertThat(socket()).as("free for the next offer").doesNotExist();
        offer().close();
        predecessor.close();
        reading.close();
        writing.close();
    }

    @Test
    void nextOne_thatHangsUpBeforeItServes_givesThePoolBack() throws Exception {
        mayRelease.countDown();
        offer();
        try (Predecessor predecessor = meet()) {
            predecessor.release();
        }
        await().untilAsserted(() -> assertThat(done).containsExactly("asked", "released", "reclaimed"));
        // Until the old one is done with the first, it refuses.
        Predecessor another =
                await().ignoreExceptionsInstanceOf(HandoverException.class).until(this::meet, Objects::nonNull);
        assertThat(another.release()).isEqualTo(POOL);
        another.serve();
        assertThat(done).contains("left");
    }

    @Test
    void nextOne_thatHangsUpBeforeItAsks_changesNothing() throws Exception {
        mayRelease.countDown();
        offer();
        meet().close();
        await().ignoreExceptionsInstanceOf(HandoverException.class).until(() -> {
            try (Predecessor another = meet()) {
                return another.release().equals(POOL);
            }
        });
        await().untilAsserted(() -> assertThat(done).containsExactly("asked", "released", "reclaimed"));
    }

    @Test
    void oldOne_thatIsBusy_refusesWithItsReason() throws Exception {
        refusal = "replicas are being started";
        mayRelease.countDown();
        offer();
        try (Predecessor predecessor = meet()) {
            assertThatThrownBy(predecessor::release)
                    .isInstanceOf(HandoverException.class)
                    .hasMessage(refusal);
        }
        assertThat(done).containsExactly("asked");
    }

    @Test
    void secondOne_whileAnotherIsServed_isRefused() throws Exception {
        offer();
        Predecessor first = meet();
        assertThatThrownBy(this::meet).hasMessage("another hand-over is under way");
        mayRelease.countDown();
        assertThat(first.release()).isEqualTo(POOL);
        first.close();
    }

    @Test
    void withdrawal_whileOneIsUnderWay_waitsForItAndLetsNoOtherBegin() throws Exception {
        Offer offer = offer();
        Predecessor first = meet();
        CompletableFuture<Boolean> withdrawn = CompletableFuture.supplyAsync(() -> withdraw(offer, MOST));
        await().untilAsserted(() -> assertThatThrownBy(this::meet).hasMessage("it is stopping"));
        mayRelease.countDown();
        assertThat(first.release()).isEqualTo(POOL);
        assertThat(withdrawn).isNotDone();
        first.serve();
        assertThat(withdrawn.join()).isTrue();
        assertThat(done).containsExactly("asked", "released", "left", "ended");
        first.close();
    }

    @Test
    void withdrawal_thatWaitedInVain_letsNoOtherBeginLater() throws Exception {
        Offer offer = offer();
        Predecessor idle = meet();
        assertThat(withdraw(offer, Duration.ofMillis(100))).isFalse();
        idle.close();
        await().until(() -> withdraw(offer, Duration.ZERO));
        assertThatThrownBy(this::meet).hasMessage("it is stopping");
        assertThat(done).isEmpty();
    }

    private static boolean withdraw(Offer offer, Duration most) {
        try {
            return offer.withdraw(most);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void oldOne_thatDies_isSucceeded() throws Exception {
        offer();
        Predecessor predecessor = meet();
        Thread.ofVirtual().start(() -> {
            await().until(() -> done.contains("asked"));
            oldOneDies();
        });
        assertThat(predecessor.release()).isEmpty();
        assertThat(predecessor.gone()).isTrue();
        predecessor.serve();
        predecessor.close();
        mayRelease.countDown();
    }

    @Test
    void oldOne_thatDiesAfterItsRelease_isSucceeded() throws Exception {
        mayRelease.countDown();
        offer();
        Predecessor predecessor = meet();
        assertThat(predecessor.release()).isEqualTo(POOL);
        oldOneDies();
        predecessor.serve();
        assertThat(predecessor.gone()).isTrue();
        predecessor.close();
    }

    @Test
    void whoeverSpeaksAnotherVersion_isToldSo() throws Exception {
        offer();
        try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            other.write(ByteBuffer.wrap("ringmaster-handover 7\n".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(1000);
            while (other.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                    .isEqualTo("no 'ringmaster-handover 1' was expected,"
                            + " the other balancer said 'ringmaster-handover 7'\n");
        }
        assertThat(done).isEmpty();
    }

    @Test
    void meeting_whereNobodyIs_isNone() throws Exception {
        assertThat(Predecessor.meet(newLoops, socket(), 2)).isEmpty();
        Files.createFile(socket());
        assertThat(Predecessor.meet(newLoops, socket(), 2))
                .as("a file that nobody listens at")
                .isEmpty();
        offer();
        assertThat(Files.getPosixFilePermissions(socket())).hasSize(2);
    }

    @Test
    void offer_whereAnotherOneIs_isRefused() throws Exception {
        offer();
        assertThatThrownBy(this::offer).isInstanceOf(IOException.class).hasMessageContaining("another balancer");
    }

    @Test
    void offer_atAPathThatIsTooLong_saysSo() {
        Path deep = directory.resolve("x".repeat(120));
        assertThatThrownBy(() -> Offer.make(oldLoops, deep, new Old()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on");
    }
}
