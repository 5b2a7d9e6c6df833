package io.ringline.cli;

import io.ringline.router.journal.JournalException;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directory that a command looks into: given by an option, or as the first of its parameters. */
final class LogDir {
    private LogDir() {}

    /**
     * Takes the directory.
     *
     * @param option     the option's value, or null.
     * @param parameters what was given without an option; a directory is taken out of it.
     * @param name       the option's name, for the message.
     * @return the directory; it exists.
     */
    static File take(final @Nullable File option, final List<String> parameters, final String name) {
        File directory = option;
        if (directory == null) {
            if (parameters.isEmpty()) {
                throw new IllegalArgumentException("no directory: give it as a parameter or with " + name + " DIR");
            }
            directory = new File(parameters.get(0));
            final List<String> rest = new ArrayList<>(parameters.subList(1, parameters.size()));
            parameters.clear();
            parameters.addAll(rest);
        }
        if (!directory.isDirectory()) {
            throw new JournalException(directory + " is no directory: name the one that was given to " + name);
        }
        return directory;
    }

    static void none(final List<String> parameters) {
        if (!parameters.isEmpty()) {
            throw new IllegalArgumentException("what is " + String.join(" ", parameters) + "? See --help");
        }
    }
}
