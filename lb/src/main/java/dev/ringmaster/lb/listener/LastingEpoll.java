package dev.ringmaster.lb.listener;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll handler without one fault of 4.2.18. That takes a socket out of the epoll set as soon as nothing is
 * awaited on it, and fails to put it back: {@code epoll_ctl: No such file or directory}. A client that ended its output
 * and reads slowly is such a case, and lost the rest of its answer. Here the socket stays in the set, edge-triggered, so
 * that a hang-up is told once and not again and again.
 *
 * <p>It also saves a system call for each client: Netty puts an accepted socket into the set without awaiting input, and
 * has it awaited in a second call at once.
 */
final class LastingEpoll extends ForwardingIoHandler {
    private LastingEpoll(IoHandler epoll) {
        super(epoll);
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return executor -> new LastingEpoll(factory.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Lasting(super.register(handle));
    }

    private static final class Lasting extends Registration {
        private static final EpollIoOps AS_ACCEPTED = EpollIoOps.EPOLLRDHUP;
        private static final EpollIoOps READING = AS_ACCEPTED.with(EpollIoOps.EPOLLIN);

        /** What the kernel was told last; null as long as it does not know the socket. */
        private @Nullable EpollIoOps told;

        Lasting(IoRegistration registration) {
            super(registration);
        }

        @Override
        public long submit(IoOps ops) {
            EpollIoOps wanted = (EpollIoOps) ops;
            if (told == null) {
                if (wanted.equals(EpollIoOps.NONE)) {
                    return super.submit(wanted);
                }
                told = wanted.equals(AS_ACCEPTED) ? READING : wanted;
            } else if (told.equals(wanted)) {
                return wanted.value();
            } else {
                told = wanted.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLET : wanted;
            }
            return super.submit(told);
        }
    }
}
