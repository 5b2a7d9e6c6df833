package io.ringline.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A JVM of its own for a tool that ends the one it runs in, with this one's flags and class path; what it says goes to a file. */
record ChildJvm(Path folder, Path log) {
    /** Empties a folder, or makes it. */
    static ChildJvm in(final Path folder) throws IOException {
        delete(folder);
        Files.createDirectories(folder);
        return new ChildJvm(folder, folder.resolve("log"));
    }

    /** Runs a class in a folder of its own, which stays where it fails. @return the numbers on its line that starts with "found". */
    static double[] found(final List<String> flags, final Class<?> type, final String... arguments)
            throws IOException, InterruptedException {
        final ChildJvm jvm = in(Files.createTempDirectory("ringline-bench"));
        final int status = jvm.run(flags, type.getName(), List.of(arguments));
        final List<String> said = jvm.said("found ");
        if (status != 0) {
            throw new IllegalStateException(type.getSimpleName() + " failed; see " + jvm.log() + ": " + said);
        }
        final double[] values = Arrays.stream(said.get(0).split(" "))
                .skip(1)
                .mapToDouble(Double::parseDouble)
                .toArray();
        delete(jvm.folder());
        return values;
    }

    private static void delete(final Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (final Path path : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** Where the tests' classes lie that tools find their targets among; scripts/prove puts them on the class path. */
    static void need(final String type) {
        try {
            Class.forName(type, false, ChildJvm.class.getClassLoader());
        } catch (final ClassNotFoundException missing) {
            throw new IllegalStateException(type + " is not on the class path: use scripts/prove", missing);
        }
    }

    /** What this JVM was started with. */
    static List<String> ownFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /** Runs a class of this JVM's class path to its end, in the folder. @return its exit status. */
    int run(final List<String> flags, final String type, final List<String> arguments)
            throws IOException, InterruptedException {
        return run(flags, System.getProperty("java.class.path"), type, arguments);
    }

    /** Runs a class of any class path to its end, in the folder. @return its exit status. */
    int run(final List<String> flags, final String classPath, final String type, final List<String> arguments)
            throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ownFlags());
        command.addAll(flags);
        command.add("-cp");
        command.add(classPath);
        command.add(type);
        command.addAll(arguments);
        final Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        final Thread stop = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(stop);
        final int status = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(stop);
        return status;
    }

    /** What it said, from the first line on that holds one of some words; all where none does. */
    List<String> said(final String... words) throws IOException {
        final List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        for (int i = 0; i < lines.size(); i++) {
            if (Stream.of(words).anyMatch(lines.get(i)::contains)) {
                return lines.subList(i, lines.size());
            }
        }
        return lines;
    }
}
