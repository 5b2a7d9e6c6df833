package io.ringline.cli;

import io.ringline.router.journal.JournalException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command {@code ringline}; exit status 0 for success, 1 as each command says, 2 for wrong usage, 3 for files. */
@Command(
        name = "ringline",
        mixinStandardHelpOptions = true,
        version = "ringline 0.1.0",
        description = "Routes events by NATS subject, in order, and keeps what could not be delivered.",
        subcommands = {
            RouteCommand.class,
            RunCommand.class,
            MatchCommand.class,
            DlqCommand.class,
            JournalCommand.class,
            CommandLine.HelpCommand.class
        })
public final class RinglineCommand {
    static final int OK = 0;
    static final int FOUND_WRONG = 1;
    static final int USAGE = 2;
    static final int FILES = 3;

    /** Made by picocli. */
    public RinglineCommand() {
        // no options of its own
    }

    /**
     * Runs the command and ends the process with its status.
     *
     * @param args the command line.
     */
    public static void main(final String[] args) {
        System.exit(execute(args));
    }

    /** Runs the command. Returns its exit status. */
    static int execute(final String... args) {
        final CommandLine line = new CommandLine(new RinglineCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(RinglineCommand::onFailure);
        final List<String> given;
        try {
            given = ConfigFile.expand(args);
        } catch (final IllegalArgumentException wrong) {
            System.err.println("ringline: " + wrong.getMessage());
            return USAGE;
        }
        return line.execute(given.toArray(new String[0]));
    }

    private static int onFailure(final Exception failure, final CommandLine line, final CommandLine.ParseResult result)
            throws Exception {
        if (failure instanceof ParameterException) {
            throw failure;
        }
        if (failure instanceof JournalException) {
            System.err.println("ringline: " + failure.getMessage());
            return FILES;
        }
        if (failure instanceof IllegalArgumentException) {
            System.err.println("ringline: " + failure.getMessage());
            return USAGE;
        }
        throw failure;
    }
}
