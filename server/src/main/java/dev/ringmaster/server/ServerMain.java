package dev.ringmaster.server;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code ringmaster-server}. Exit codes: 0 after SIGTERM, SIGINT or the watched end of standard input, 1 if
 * it cannot listen, 2 for a bad option.
 */
public final class ServerMain {
    private static final int CANNOT_LISTEN = 1;
    private static final int BAD_OPTION = 2;

    private final ServerOptions options;
    private final StdinWatch stdinWatch =
            new StdinWatch(new FileInputStream(FileDescriptor.in).getChannel(), this::exit);

    private volatile @Nullable HelloServer server;

    private ServerMain(ServerOptions options) {
        this.options = options;
    }

    /** Starts the server and returns; its event loop keeps the process alive. */
    public static void main(String[] args) {
        List<String> arguments = List.of(args);
        if (arguments.contains("--help")) {
            System.out.print(Option.help());
            return;
        }
        try {
            new ServerMain(OptionsReader.read(arguments, System.getenv())).start();
        } catch (IllegalArgumentException e) {
            fail(BAD_OPTION, String.valueOf(e.getMessage()));
        }
    }

    private void start() {
        // saves Netty the search for the logging libraries that are not there
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        if (options.exitOnStdinClose()) {
            stdinWatch.start();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::drainAndExit, "stop"));
        try {
            HelloServer started = HelloServer.start(options);
            server = started;
            System.out.println("ringmaster-port " + started.port());
            System.out.flush();
        } catch (IOException e) {
            fail(CANNOT_LISTEN, "cannot listen on " + options.bind() + ":" + options.port() + ": " + e.getMessage());
        }
    }

    /**
     * What SIGTERM and SIGINT do. The virtual machine would exit with 128 plus the signal's number once its hooks are
     * done; but an orderly stop is no failure, so this hook does not return: it halts with 0. The other way, a handler
     * for the signal itself, needs the unsupported {@code sun.misc.Signal}.
     */
    private void drainAndExit() {
        HelloServer running = server;
        if (running != null) {
            try {
                running.drain(options.drain());
            } catch (InterruptedException _) {
                // nobody interrupts this thread; if somebody did, to exit now would be what they want
            }
        }
        stdinWatch.interrupt();
        exit();
    }

    /** Ends the process. A thread that is still inside a system call would hold the virtual machine up for 300 ms. */
    private void exit() {
        HelloServer running = server;
        if (running != null) {
            running.close();
        }
        Runtime.getRuntime().halt(0);
    }

    /** Ends the process as a whole, with whatever threads it has by now. */
    private static void fail(int exitCode, String message) {
        System.err.println("ringmaster-server: " + message);
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }
}
