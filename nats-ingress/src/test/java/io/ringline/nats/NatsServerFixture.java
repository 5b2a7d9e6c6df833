package io.ringline.nats;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real nats-server on a port of its own, from the environment variable {@code NATS_SERVER}. */
public final class NatsServerFixture implements AutoCloseable {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

    private final Process process;
    private final String url;

    private NatsServerFixture(final Process process, final String url) {
        this.process = process;
        this.url = url;
    }

    /** Starts one; where there is none the test fails or is left out, as {@code RINGLINE_REQUIRE_NATS} says. */
    public static NatsServerFixture start(final Path scratch) throws IOException, InterruptedException {
        final String binary = System.getenv("NATS_SERVER");
        if (binary == null || !Files.isExecutable(Path.of(binary))) {
            final String message = "no nats-server: NATS_SERVER is " + binary + "; scripts/test gets one and sets it";
            if ("true".equals(System.getenv("RINGLINE_REQUIRE_NATS"))) {
                fail(message);
            }
            abort(message);
        }
        final Path ports = Files.createDirectory(scratch.resolve("nats-ports"));
        final Path log = scratch.resolve("nats-server.log");
        try (WatchService changes = ports.getFileSystem().newWatchService()) {
            ports.register(changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            final Process process = new ProcessBuilder(
                            List.of(binary, "-a", "127.0.0.1", "-p", "-1", "--ports_file_dir", ports.toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            final long start = System.nanoTime();
            String url = readUrl(ports);
            while (url == null) {
                if (!process.isAlive() || System.nanoTime() - start > LIMIT_NS) {
                    process.destroyForcibly();
                    throw new IllegalStateException("nats-server did not start: " + Files.readString(log));
                }
                final var key = changes.poll(100, TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
                url = readUrl(ports);
            }
            return new NatsServerFixture(process, url);
        }
    }

    /** Null as long as the file is not there or not whole. */
    private static String readUrl(final Path ports) throws IOException {
        final List<Path> files;
        try (Stream<Path> all = Files.list(ports)) {
            files = all.filter(file -> file.toString().endsWith(".ports")).toList();
        }
        if (files.isEmpty()) {
            return null;
        }
        try {
            final JsonNode urls =
                    new ObjectMapper().readTree(files.get(0).toFile()).path("nats");
            return urls.isEmpty() ? null : urls.get(0).asText();
        } catch (final IOException half) {
            return null;
        }
    }

    /** Where it listens. */
    public String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (final InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
