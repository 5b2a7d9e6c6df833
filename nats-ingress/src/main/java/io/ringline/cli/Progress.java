package io.ringline.cli;

import java.io.PrintStream;

/** How far a run has come: one line rewritten on a terminal, four lines otherwise. */
final class Progress {
    private final long total;
    private final PrintStream err;
    // From the launcher: what System.console() says of a terminal differs between JDKs.
    private final boolean terminal = Boolean.getBoolean("ringline.terminal");
    private long shown;

    Progress(final long total, final PrintStream err) {
        this.total = total;
        this.err = err;
    }

    void at(final long count) {
        final long step = terminal ? Math.max(1, total / 100) : Math.max(1, total / 4);
        if (count - shown >= step) {
            shown = count;
            err.printf("%s%,d of %,d events%s", terminal ? "\r" : "", count, total, terminal ? "" : "\n");
        }
    }

    void done() {
        if (terminal) {
            err.println();
        }
    }
}
