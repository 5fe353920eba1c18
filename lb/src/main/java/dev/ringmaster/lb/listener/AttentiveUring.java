package dev.ringmaster.lb.listener;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;

/**
 * Netty's io_uring handler without one fault of 4.2.18. That polls a socket once for its whole life, and takes no notice
 * when the poll tells of something while a read is under way, trusting the read to say whether more has come. But a read
 * speaks of bytes: of a reset that came after the last of them it says nothing, and the poll does not tell again, so that
 * the end was never heard. Here a read during which the poll told of something says that there is more; the next one
 * then finds the reset.
 */
final class AttentiveUring extends ForwardingIoHandler {
    /** {@code IORING_OP_POLL_ADD}, {@code IORING_OP_RECV} and {@code IORING_CQE_F_SOCK_NONEMPTY} of the kernel's interface. */
    private static final byte POLL = 6;

    private static final byte RECEIVE = 27;
    private static final int MORE = 1 << 2;
    /** {@code POLLIN} and {@code POLLRDHUP}, which a reset sets both; they are polled for apart. */
    private static final int READABLE = 1 | 0x2000;

    private AttentiveUring(IoHandler uring) {
        super(uring);
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = IoUringIoHandler.newFactory();
        return executor -> new AttentiveUring(factory.newHandler(executor));
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        Attentive attentive = new Attentive((IoUringIoHandle) handle);
        return attentive.counted(super.register(attentive));
    }

    /** A channel, and whether the poll has told it of something that it did not follow with a read. */
    @SuppressWarnings("try") // close may be interrupted: so it is declared
    private static final class Attentive implements IoUringIoHandle {
        private final IoUringIoHandle handle;
        private int submitted;
        private boolean missed;

        Attentive(IoUringIoHandle handle) {
            this.handle = handle;
        }

        IoRegistration counted(IoRegistration registration) {
            return new Registration(registration) {
                @Override
                public long submit(IoOps ops) {
                    submitted++;
                    return super.submit(ops);
                }
            };
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            IoUringIoEvent done = (IoUringIoEvent) event;
            if (done.opcode() == POLL && done.res() > 0 && (done.res() & READABLE) != 0) {
                int before = submitted;
                handle.handle(registration, event);
                missed |= submitted == before;
            } else if (missed && done.opcode() == RECEIVE) {
                missed = false;
                handle.handle(registration, done.res() > 0 ? withMore(done) : done);
            } else {
                handle.handle(registration, event);
            }
        }

        private static IoUringIoEvent withMore(IoUringIoEvent done) {
            return new IoUringIoEvent(done.res(), done.flags() | MORE, done.opcode(), done.userData());
        }

        @Override
        public void registered() {
            handle.registered();
        }

        @Override
        public void unregistered() {
            handle.unregistered();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }
}
