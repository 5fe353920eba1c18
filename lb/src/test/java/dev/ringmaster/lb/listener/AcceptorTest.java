package dev.ringmaster.lb.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AcceptorTest {
    private final EmbeddedChannel listening = new EmbeddedChannel();

    @Test
    void failure_pausesAcceptingForASecond() {
        listening.freezeTime();
        listening.pipeline().addLast(new Acceptor(listening.eventLoop(), Map.of()));

        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        assertThat(listening.config().isAutoRead()).isFalse();

        listening.advanceTimeBy(999, TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
        assertThat(listening.config().isAutoRead()).isFalse();
        listening.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
        assertThat(listening.config().isAutoRead()).isTrue();
    }

    @Test
    void client_ofALoopThatNobodyServes_isClosed() {
        listening.pipeline().addLast(new Acceptor(listening.eventLoop(), Map.of()));
        EmbeddedChannel client = new EmbeddedChannel();

        listening.writeInbound(client);

        assertThat(client.isOpen()).isFalse();
    }
}
