package io.ringline.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringline dlq}: what {@code --dead-letters DIR} holds. */
@Command(
        name = "dlq",
        description =
                "Lists, shows, sums up, exports and replays the dead letters that route and run write; safe beside a running one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DlqListCommand.class,
            DlqShowCommand.class,
            DlqStatsCommand.class,
            DlqExportCommand.class,
            DlqReplayCommand.class
        },
        footer = {
            "",
            "Exit status: 0 well; 1 damage (with the place), no such dead letter, or one that could not be replayed;"
                    + " 2 wrong usage; 3 there are no dead letters there, or they cannot be read."
        })
final class DlqCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    DlqCommand() {}

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "give a command: list, show, stats, export or replay");
        }
    }
}
