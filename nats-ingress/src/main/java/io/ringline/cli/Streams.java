package io.ringline.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The three streams of a command: the process's own, or a test's.
 *
 * @param in  what {@code --input -} and {@code --patterns -} read.
 * @param out what {@code --output -} writes; raw, so that a closed pipe is seen.
 * @param err for people: messages and summaries.
 */
record Streams(InputStream in, OutputStream out, PrintStream err) {
    /**
     * Opens a file that an option names, or answers with {@link #in} where it names none. The caller closes the file.
     *
     * @param option its name, for messages.
     * @param file   to read; null for standard input.
     * @throws CommandFailure for wrong usage, where the file cannot be read.
     */
    InputStream openInput(final String option, final @Nullable File file) {
        if (file == null) {
            return in;
        }
        if (file.isDirectory()) {
            throw new CommandFailure(
                    ExitStatus.USAGE, option + " " + file + " is a directory: give a file, or - for standard input");
        }
        try {
            return new FileInputStream(file);
        } catch (final IOException missing) {
            throw new CommandFailure(ExitStatus.USAGE, "cannot read " + option + " " + missing.getMessage(), missing);
        }
    }
}
