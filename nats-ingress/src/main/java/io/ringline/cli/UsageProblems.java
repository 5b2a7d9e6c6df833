package io.ringline.cli;

import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with a command's options, so that its user is told all of it at once. Not thread-safe. */
final class UsageProblems {
    private final List<String> problems = new ArrayList<>();

    /** Notes what is wrong: the option, its value and what is right. */
    void add(final String problem) {
        problems.add(problem);
    }

    /** How many were noted. */
    int count() {
        return problems.size();
    }

    /** A value from outside as it may be shown. */
    static String shown(final String given) {
        return "'" + Json.printable(given, 200) + "'";
    }

    /** A whole number from a lowest one on; that one where there is a problem. */
    long number(final String option, final String given, final long least) {
        try {
            final long number = Long.parseLong(given);
            if (number >= least) {
                return number;
            }
        } catch (final NumberFormatException notANumber) {
            // said below
        }
        add(option + " " + shown(given) + " is not a whole number from " + least + " on");
        return least;
    }

    /**
     * Ends the command where anything was noted.
     *
     * @throws CommandFailure for wrong usage, with a line for each.
     */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new CommandFailure(ExitStatus.USAGE, String.join(System.lineSeparator() + "ringline: ", problems));
        }
    }
}
