package dev.ringmaster.lb.provider.process;

import java.util.List;

/**
 * How a local replica is started.
 *
 * @param command program and arguments; {@code {port}} and {@code {id}} stand for the port to listen on (0: a free one,
 *     printed as {@code ringmaster-port N}) and for the replica's host name
 */
public record ProcessOptions(List<String> command) {
    public ProcessOptions {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command of the process provider must not be empty");
        }
    }
}
