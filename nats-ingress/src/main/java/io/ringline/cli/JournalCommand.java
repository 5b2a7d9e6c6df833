package io.ringline.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringline journal}: what {@code --journal DIR} holds. */
@Command(
        name = "journal",
        description =
                "Lists, reads, checks, sums up, compares, repairs or replays the journal that route and run write; safe beside a running"
                        + " one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            JournalListCommand.class,
            JournalReadCommand.class,
            JournalVerifyCommand.class,
            JournalStatsCommand.class,
            JournalDiffCommand.class,
            JournalRepairCommand.class,
            JournalReplayCommand.class
        },
        footer = {
            "",
            "Exit status: 0 well; 1 the journal is damaged, with the place, or two differ; 2 wrong usage; 3 there is no"
                    + " journal, or it cannot be read, or what it is written to cannot be written."
        })
final class JournalCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    JournalCommand() {}

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "give a command: list, read, verify, stats, diff, repair or replay");
        }
    }
}
