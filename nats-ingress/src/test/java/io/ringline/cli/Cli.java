package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** Runs {@code ringline} in this process. */
final class Cli {
    private Cli() {}

    /** What a command left behind. */
    record Result(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    static Result run(final String input, final String... args) {
        return run(input.getBytes(UTF_8), args);
    }

    static Result run(final byte[] input, final String... args) {
        return run(new ByteArrayInputStream(input), args);
    }

    static Result run(final InputStream input, final String... args) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final Result result = run(input, out, args);
        return new Result(result.status(), out.toString(UTF_8), result.err());
    }

    static Result run(final InputStream input, final OutputStream out, final String... args) {
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final int status = RinglineCommand.run(new Streams(input, out, new PrintStream(err, true, UTF_8)), args);
        return new Result(status, "", err.toString(UTF_8));
    }

    /** {@code route --subscribe all='>'} and more options. */
    static Result route(final String input, final String... more) {
        return run(input, routeArgs(more));
    }

    static String[] routeArgs(final String... more) {
        final String[] args = Arrays.copyOf(new String[] {"route", "--subscribe", "all=>"}, 3 + more.length);
        System.arraycopy(more, 0, args, 3, more.length);
        return args;
    }

    static List<String> sample() {
        try (InputStream in = RouteCommand.class.getResourceAsStream("flights.jsonl")) {
            if (in == null) {
                throw new IllegalStateException("flights.jsonl is not packaged");
            }
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (final IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
