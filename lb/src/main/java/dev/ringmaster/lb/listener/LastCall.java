package dev.ringmaster.lb.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps clients that have not begun to connect from a listening socket. To close one resets all clients that the system
 * has queued for it, and as long as it listens more of them come; so a filter first drops what begins a connection (a
 * segment with SYN), those under way get through and are accepted, and then nobody is left whom closing could hurt.
 * Whoever begins meanwhile tries again after a second, by his system's own clock, and is refused then.
 */
final class LastCall {
    private static final Logger LOG = LoggerFactory.getLogger(LastCall.class);
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;

    /** {@code struct sock_fprog}: a count, and at the next multiple of eight bytes an address. */
    private static final int PROGRAM_BYTES = 16;

    private static final int ADDRESS_AT = 8;
    private static final RawUnixChannelOption FILTER =
            new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES);

    /**
     * {@code struct sock_filter}, classic BPF: code in the low half of a word, how far to jump if so and if not above it,
     * then an operand. The socket layer runs it on the TCP header.
     */
    private static final int[] INSTRUCTIONS = {
        0x30,
        13, // load the byte of flags
        0x45 | (1 << 24),
        0x02, // without SYN, skip one
        0x06,
        0, // take none of it
        0x06,
        -1, // take all of it
    };

    private static final int INSTRUCTION_INTS = 2;

    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    /** {@code struct tcp_info} up to what counts a listening socket's queue, {@code tcpi_unacked}. */
    private static final int QUEUE_AT = 24;

    private static final RawUnixChannelOption INFO =
            new RawUnixChannelOption("TCP_INFO", IPPROTO_TCP, TCP_INFO, QUEUE_AT + Integer.BYTES);

    private LastCall() {}

    /** Sets the filter where the transport can: else some of those that connect right now will be reset. */
    static void filter(Channel listening) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instructions = arena.allocateFrom(ValueLayout.JAVA_INT, INSTRUCTIONS);
            ByteBuffer program =
                    arena.allocate(PROGRAM_BYTES, ADDRESS_AT).asByteBuffer().order(ByteOrder.nativeOrder());
            program.putShort(0, (short) (INSTRUCTIONS.length / INSTRUCTION_INTS));
            program.putLong(ADDRESS_AT, instructions.address());
            listening.config().setOption(FILTER, program);
        } catch (ChannelException refused) {
            LOG.debug("filter=none: {}", refused.getMessage());
        }
    }

    /** Clients that are connected and not accepted yet; 0 where the transport cannot tell. */
    static int waiting(Channel listening) {
        ByteBuffer info = listening.config().getOption(INFO);
        return info == null ? 0 : info.order(ByteOrder.nativeOrder()).getInt(QUEUE_AT);
    }
}
