package io.ringline.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the command as a user does: in a process of its own, with the launcher's JVM flags. */
public final class CommandRunner {
    private static final long LIMIT_SECONDS = 60;
    private static final List<String> FLAGS = readFlags();

    private final Path scratch;
    private int runs;

    /** Uses a directory for what the processes read and write. */
    public CommandRunner(final Path scratch) {
        this.scratch = scratch;
    }

    /** What a process came to. */
    public record Result(int status, byte[] bytes, String err) {
        /** Standard output as text. */
        public String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /** Standard output's lines. */
        public List<String> lines() {
            return out().lines().toList();
        }
    }

    private static List<String> readFlags() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("scripts/jvm-flags"))) {
            root = root.getParent();
        }
        final List<String> flags = new ArrayList<>();
        try {
            for (final String line : Files.readAllLines(root.resolve("scripts/jvm-flags"))) {
                final String[] words = line.strip().split("\\s+");
                if (words.length == 2 && !words[0].equals("#") && isFor(words[0])) {
                    flags.add(words[1]);
                }
            }
        } catch (final IOException failure) {
            throw new IllegalStateException("scripts/jvm-flags cannot be read", failure);
        }
        return flags;
    }

    private static boolean isFor(final String jdks) {
        return jdks.equals("all")
                || Runtime.version().feature() >= Integer.parseInt(jdks.substring(0, jdks.length() - 1));
    }

    /** A process that is not started yet. */
    public ProcessBuilder command(final String... args) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.ringline.cli.RinglineCommand"));
        command.addAll(List.of(args));
        final ProcessBuilder builder = new ProcessBuilder(command);
        final Map<String, String> environment = builder.environment();
        environment.remove("JAVA_TOOL_OPTIONS"); // a JVM announces it on standard error
        environment.remove("JDK_JAVA_OPTIONS");
        return builder;
    }

    /** Runs it without input. */
    public Result run(final String... args) throws IOException, InterruptedException {
        return run(new byte[0], args);
    }

    /** Runs it to its end. */
    public Result run(final byte[] input, final String... args) throws IOException, InterruptedException {
        final Path in = file("in");
        final Path out = file("out");
        final Path err = file("err");
        runs++;
        Files.write(in, input);
        final Process process = command(args)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Result(status(process), Files.readAllBytes(out), Files.readString(err));
    }

    /** Starts it with pipes for input and output, standard error into a file. */
    public Process start(final Path err, final String... args) throws IOException {
        return command(args).redirectError(err.toFile()).start();
    }

    private Path file(final String name) {
        return scratch.resolve("run-" + runs + "." + name);
    }

    /** Waits for the end, not for ever. */
    public static int status(final Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("not at its end after " + LIMIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    /** Reads lines until one starts so; null where the stream ends before. */
    public static String await(final BufferedReader lines, final String start) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(start)) {
            line = lines.readLine();
        }
        return line;
    }
}
