package io.ringline.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command's arguments as UTF-8, whatever the locale says. Under the locale C a JVM replaces each byte that is not
 * ASCII, and then one subject looks like another.
 */
final class ArgumentBytes {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private ArgumentBytes() {}

    /** The same arguments, read from the system where the JVM may have spoilt them and the system shows them. */
    static String[] asUtf8(final String[] args) {
        for (final String arg : args) {
            if (arg.chars().anyMatch(c -> c >= 0x80) && Files.isReadable(COMMAND_LINE)) {
                try {
                    return lastOf(Files.readAllBytes(COMMAND_LINE), args);
                } catch (final IOException cannot) {
                    return args;
                }
            }
        }
        return args;
    }

    /** The last arguments of a command line whose parts end with NUL each. */
    static String[] lastOf(final byte[] commandLine, final String[] args) {
        final List<String> all = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < commandLine.length; i++) {
            if (commandLine[i] == 0) {
                all.add(new String(commandLine, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        if (all.size() < args.length) {
            return args;
        }
        return all.subList(all.size() - args.length, all.size()).toArray(new String[0]);
    }
}
