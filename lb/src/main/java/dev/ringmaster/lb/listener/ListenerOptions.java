package dev.ringmaster.lb.listener;

/**
 * Where and how clients are accepted.
 *
 * @param bind address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param threads event loops; 0 means one for each processor
 * @param transport which of the system's event interfaces to use
 */
public record ListenerOptions(String bind, int port, int threads, Transport transport) {
    /** An event interface of the operating system; {@link #AUTO} takes the best one that works here. */
    public enum Transport {
        AUTO,
        IO_URING,
        EPOLL,
        NIO
    }
}
