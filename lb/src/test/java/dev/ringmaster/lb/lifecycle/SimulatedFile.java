package dev.ringmaster.lb.lifecycle;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A file that fails or sees the process die as told. */
final class SimulatedFile implements StateFile {
    /** How a write goes. */
    enum Write {
        WELL,
        FAIL_BEFORE,
        /** The new text is there, but the writer cannot know. */
        FAIL_AFTER,
        CRASH_BEFORE,
        CRASH_AFTER
    }

    Supplier<Write> nextWrite = () -> Write.WELL;
    int writes;
    int succeeded;
    /** Whether the text may be another one than the last whose writing succeeded. */
    boolean inDoubt;

    private @Nullable String text;

    @Override
    public Optional<String> read() {
        return Optional.ofNullable(text);
    }

    @Override
    public void setAside() {
        text = null;
    }

    @Override
    public void replace(String next) throws IOException {
        writes++;
        Write how = nextWrite.get();
        if (how != Write.FAIL_BEFORE && how != Write.CRASH_BEFORE) {
            text = next;
        }
        inDoubt = how != Write.WELL;
        switch (how) {
            case WELL -> succeeded++;
            case FAIL_BEFORE, FAIL_AFTER -> throw new IOException("simulated disk failure");
            case CRASH_BEFORE, CRASH_AFTER -> throw new SimulatedControl.Killed();
        }
    }
}
