package dev.ringmaster.lb.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/**
 * Answers the operating system's signals. A shutdown hook would not do: it cannot see SIGHUP, and a JVM that ends
 * through one exits with 128 + the signal's number even after an orderly stop.
 *
 * <p>{@code sun.misc.Signal} is exported and documented by the module {@code jdk.unsupported} and has no successor; it
 * is reached by reflection because the compiler's warning about it cannot be suppressed.
 */
final class Signals {
    private Signals() {}

    /** Until closed, a signal is answered by us. */
    interface Answered extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Runs {@code action} on a thread of its own whenever the signal arrives, instead of what was done until now.
     *
     * @param name without the prefix, such as {@code TERM}
     */
    static Answered on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            Object answer =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            Object which = signal.getConstructor(String.class).newInstance(name);
            Method handle = signal.getMethod("handle", signal, handler);
            Object before = handle.invoke(null, which, answer);
            return () -> restore(handle, which, before);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("this JVM offers no signals", failure);
        }
    }

    private static void restore(Method handle, Object signal, Object handler) {
        try {
            handle.invoke(null, signal, handler);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("this JVM offers no signals", failure);
        }
    }
}
