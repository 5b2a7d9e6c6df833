package io.ringline.cli;

import io.ringline.router.journal.JournalException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/** The command {@code ringline}. */
@Command(
        name = "ringline",
        mixinStandardHelpOptions = true,
        versionProvider = RinglineVersion.class,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        description = "Routes events by subject, each aggregate's in order, to consumers.",
        subcommands = {
            RouteCommand.class,
            RunCommand.class,
            MatchCommand.class,
            DlqCommand.class,
            JournalCommand.class,
            HelpCommand.class
        })
public final class RinglineCommand {
    private RinglineCommand() {}

    /**
     * Runs the command and ends the process with its exit status.
     *
     * @param args as the shell gave them.
     */
    public static void main(final String[] args) {
        // The raw descriptors: System.out hides a closed pipe, and its character set is the locale's.
        final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        final PrintStream err = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.err)), true, StandardCharsets.UTF_8);
        System.setErr(err);
        System.exit(run(new Streams(new FileInputStream(FileDescriptor.in), out, err), ArgumentBytes.asUtf8(args)));
    }

    /** Runs the command on given streams, and answers with its exit status. */
    static int run(final Streams streams, final String... args) {
        final CommandLine line = new CommandLine(new RinglineCommand(), new Factory(streams));
        line.setOut(new PrintWriter(new OutputStreamWriter(streams.out(), StandardCharsets.UTF_8), true));
        line.setErr(new PrintWriter(new OutputStreamWriter(streams.err(), StandardCharsets.UTF_8), true));
        line.setExpandAtFiles(false); // a subject may start with @
        line.setParameterExceptionHandler(RinglineCommand::wrongUsage);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, streams.err()));
        final int status = line.execute(args);
        streams.err().flush();
        return status;
    }

    private static int wrongUsage(final ParameterException wrong, final String... args) {
        final CommandLine command = wrong.getCommandLine();
        final PrintWriter err = command.getErr();
        err.println("ringline: " + Json.printable(String.valueOf(wrong.getMessage()), 1_000));
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitStatus.USAGE;
    }

    private static int failed(final Exception failure, final PrintStream err) {
        if (failure instanceof CommandFailure known) {
            err.println("ringline: " + known.getMessage());
            return known.status();
        }
        if (failure instanceof JournalException journal) {
            err.println("ringline: " + journal.getMessage());
            return ExitStatus.CANNOT_WRITE;
        }
        err.println("ringline: this is a bug, please report it:");
        failure.printStackTrace(err);
        return ExitStatus.BUG;
    }

    /** Makes commands: those that read or write get the streams. */
    private static final class Factory implements CommandLine.IFactory {
        private final Streams streams;
        private final CommandLine.IFactory byDefault = CommandLine.defaultFactory();

        Factory(final Streams streams) {
            this.streams = streams;
        }

        @Override
        public <K> K create(final Class<K> type) throws Exception {
            for (final Constructor<?> constructor : type.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == 1 && constructor.getParameterTypes()[0] == Streams.class) {
                    return type.cast(constructor.newInstance(streams));
                }
            }
            return byDefault.create(type);
        }
    }
}
