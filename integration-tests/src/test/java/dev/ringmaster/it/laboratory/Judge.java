package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.laboratory.Violation.Kind;
import java.util.Optional;

/**
 * Compares what a client saw with what the replicas did. A failure is in order only where a rule of the balancer allows
 * it and a replica, or a window of time in which one could not speak, explains it.
 */
final class Judge {
    /** Bodies up to this size are surely held for another attempt; the pieces of a body count more than their bytes. */
    private static final long HELD = 32 << 10;

    private final Ledger ledger;
    private final Windows windows;

    Judge(Ledger ledger, Windows windows) {
        this.ledger = ledger;
        this.windows = windows;
    }

    Optional<Violation> judge(Call call) {
        return fault(call).map(kind -> new Violation(kind, call.describe() + ledger.describe(call.id())));
    }

    private Optional<Kind> fault(Call call) {
        if (call.once() && ledger.count(call.id(), Mark.HEARD) > 1) {
            return Optional.of(Kind.SENT_TWICE);
        }
        if (has(call, Mark.WRONG_BODY)) {
            return Optional.of(Kind.WRONG_BYTES);
        }
        return switch (call.outcome()) {
            case ANSWERED -> status(call);
            case CUT -> unless(cutInOrder(call), Kind.CUT);
            case LOST -> unless(call.size() > HELD && mayFail(call), Kind.LOST);
            case LEFT -> Optional.empty();
            case MIXED_UP -> Optional.of(Kind.MIXED_UP);
            case WRONG_BYTES -> Optional.of(Kind.WRONG_BYTES);
            case MORE -> Optional.of(Kind.MORE);
            case STUCK -> Optional.of(Kind.STUCK);
        };
    }

    private Optional<Kind> status(Call call) {
        return switch (call.status()) {
            case 200 -> unless(has(call, Mark.DONE) || endedWithin(call), Kind.MIXED_UP);
            case 500 -> unless(has(call, Mark.FAILED), Kind.MIXED_UP);
            case 502 -> unless(mayFail(call), Kind.FAILED);
            case 504 -> unless(waited(call) && (has(call, Mark.HUNG) || windows.silences(call)), Kind.FAILED);
            default -> Optional.of(Kind.FAILED);
        };
    }

    /** Whether 502 is the right answer: it was sent, broke, and may not be sent again. */
    private boolean mayFail(Call call) {
        boolean again = !call.once() && call.size() <= HELD;
        return has(call, Mark.SPOILED) || (!again && (broke(call) || windows.touches(call)));
    }

    private boolean broke(Call call) {
        return has(call, Mark.BROKEN) || has(call, Mark.CUT) || has(call, Mark.HUNG);
    }

    private boolean cutInOrder(Call call) {
        return has(call, Mark.CUT) || windows.touches(call);
    }

    /** Its replica died when it had written the answer and not yet said so. */
    private boolean endedWithin(Call call) {
        return has(call, Mark.BEGUN) && windows.touches(call);
    }

    /** Long enough for the balancer to give a replica up. */
    private static boolean waited(Call call) {
        return call.end() - call.start() >= Laboratory.RESPONSE_TIMEOUT.toNanos();
    }

    private boolean has(Call call, Mark mark) {
        return ledger.has(call.id(), mark);
    }

    private static Optional<Kind> unless(boolean inOrder, Kind kind) {
        return inOrder ? Optional.empty() : Optional.of(kind);
    }
}
