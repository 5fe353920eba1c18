package dev.ringmaster.lb.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program's command line: its commands, its version, and how each failure is told. */
@Command(
        name = "ringmaster",
        description = "A standalone HTTP load balancer that starts, watches and replaces its replicas.",
        mixinStandardHelpOptions = true,
        versionProvider = RingmasterCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        scope = CommandLine.ScopeType.INHERIT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it worked",
            "1:start-up or the operation failed",
            "2:the command line or the configuration is wrong"
        })
public final class RingmasterCommand {
    private RingmasterCommand() {}

    /**
     * Runs one command to its end.
     *
     * @return the exit code
     */
    public static int run(Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine(new Surroundings(environment, out, err)).execute(arguments);
    }

    static CommandLine commandLine(Surroundings surroundings) {
        CommandLine program = new CommandLine(new RingmasterCommand());
        program.addSubcommand(new ServeCommand(surroundings))
                .addSubcommand(new CheckCommand(surroundings))
                .addSubcommand(new RepCommand(surroundings))
                .addSubcommand(new AddCommand(surroundings))
                .addSubcommand(new RmCommand(surroundings))
                .addSubcommand(new LoadCommand(surroundings))
                .addSubcommand(new DockerAgentCommand(surroundings))
                .addSubcommand(new CompletionCommand(surroundings));
        return program.setOut(surroundings.out())
                .setErr(surroundings.err())
                .setExecutionExceptionHandler((failure, _, _) -> explain(failure, surroundings.err()));
    }

    private static int explain(Exception failure, PrintWriter err) {
        if (failure instanceof CommandFailure expected) {
            expected.lines().forEach(line -> err.println("ringmaster: " + line));
            return expected.exitCode();
        }
        LoggerFactory.getLogger(RingmasterCommand.class).error("a fault in Ringmaster itself", failure);
        return ExitCodes.FAILED;
    }

    /** Reads the version that the build wrote into the program's archive. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RingmasterCommand.class.getPackage().getImplementationVersion();
            return new String[] {"ringmaster " + (version == null ? "(unpacked)" : version)};
        }
    }
}
