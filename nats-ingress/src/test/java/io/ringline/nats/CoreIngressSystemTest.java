package io.ringline.nats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.ringline.cli.CommandRunner;
import io.ringline.router.ConsumerConfig;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CoreIngressSystemTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AGGREGATES = 10;
    private static final int EACH = 100;

    @TempDir
    private Path scratch;

    private static Message message(final int aggregate, final int sequence, final Random random) {
        final Headers headers = new Headers();
        headers.add("Ringline-Aggregate", "plant " + aggregate);
        headers.add("Ringline-Sequence", Integer.toString(sequence));
        headers.add("Twice", "b", "a", "b");
        headers.add("Empty", "");
        final byte[] data = switch (sequence % 3) {
            case 0 -> new byte[0];
            case 1 -> ("{ \"n\" :\n" + sequence + " }").getBytes(UTF_8);
            default -> new byte[1 + random.nextInt(3_000)];
        };
        if (sequence % 3 == 2) { // small ones: they wait for their turn in the slots' own memory
            random.nextBytes(data);
            data[0] = (byte) 0xFF; // never UTF-8
        }
        return NatsMessage.builder()
                .subject("event.plant." + aggregate + ".m" + sequence)
                .headers(headers)
                .data(data)
                .build();
    }

    private static Map<String, List<String>> headers(final JsonNode event) {
        final Map<String, List<String>> headers = new HashMap<>();
        event.get("headers").properties().forEach(header -> {
            final List<String> values = new ArrayList<>();
            if (header.getValue().isArray()) {
                header.getValue().forEach(value -> values.add(value.asText()));
            } else {
                values.add(header.getValue().asText());
            }
            headers.put(header.getKey(), values);
        });
        return headers;
    }

    private static Map<String, List<String>> headers(final Message message) {
        final Map<String, List<String>> headers = new HashMap<>();
        message.getHeaders().forEach((name, values) -> headers.put(name, new ArrayList<>(values)));
        return headers;
    }

    private Process startRun(final NatsServerFixture server, final Path out, final String consumer) throws Exception {
        return new CommandRunner(scratch)
                .command(
                        "run",
                        "--nats",
                        server.url(),
                        "--subject",
                        "event.>",
                        "--subscribe",
                        consumer,
                        "--journal",
                        scratch.resolve("journal").toString(),
                        "--dead-letters",
                        scratch.resolve("letters").toString())
                .redirectOutput(out.toFile())
                .start();
    }

    @Test
    void deliversWhatTheServerWasSent() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("deliversWhatTheServerWasSent: seed " + seed);
        final Random random = new Random(seed);
        final List<Message> sent = new ArrayList<>();
        for (int block = 0; block < EACH / 10; block++) {
            final List<Message> some = new ArrayList<>();
            for (int i = 1; i <= 10; i++) {
                for (int aggregate = 0; aggregate < AGGREGATES; aggregate++) {
                    some.add(message(aggregate, block * 10 + i, random));
                }
            }
            Collections.shuffle(some, random);
            sent.addAll(some);
        }
        final Headers wrong = new Headers().add("Ringline-Sequence", "first");
        final Path out = scratch.resolve("deliveries");
        final String rest;
        final CommandRunner ringline = new CommandRunner(scratch);
        try (NatsServerFixture server = NatsServerFixture.start(scratch)) {
            final Process run = startRun(server, out, "all=>");
            try (BufferedReader err = run.errorReader(UTF_8);
                    Connection connection = Nats.connect(server.url())) {
                assertThat(CommandRunner.await(err, "ready:")).isNotNull();
                for (int i = 0; i < sent.size(); i++) {
                    connection.publish(sent.get(i));
                    if (i == sent.size() / 2) {
                        connection.publish("event.wrong", wrong, "bytes".getBytes(UTF_8));
                    }
                }
                connection.flush(Duration.ofSeconds(10));
                run.toHandle().destroy(); // SIGTERM; the process's own method would close its streams here
                rest = String.join("\n", err.lines().toList());
                assertThat(CommandRunner.status(run)).as(rest).isZero();
                assertThat(rest).contains("1,001 received");
            }
        }
        check(seed, sent, Files.readAllLines(out), rest);
        final List<String> letters = ringline.run(
                        "dlq", "list", scratch.resolve("letters").toString(), "--format", "json")
                .lines();
        assertThat(letters).hasSize(1);
        final JsonNode letter = JSON.readTree(letters.get(0));
        assertThat(letter.get("reason").asText()).isEqualTo("MALFORMED");
        assertThat(Base64.getDecoder().decode(letter.get("rawBase64").asText())).isEqualTo("bytes".getBytes(UTF_8));
        assertThat(letter.get("error").asText()).contains("event.wrong", "first");
        final CommandRunner.Result verified =
                ringline.run("journal", "verify", scratch.resolve("journal").toString());
        assertThat(verified.out())
                .contains("clean")
                .containsPattern("events +1000\n")
                .containsPattern("gaps +0\n");
    }

    private static void check(final long seed, final List<Message> sent, final List<String> lines, final String err)
            throws Exception {
        final Map<String, Message> bySubject = new HashMap<>();
        sent.forEach(message -> bySubject.put(message.getSubject(), message));
        assertThat(lines.size()).as("seed %d: %s", seed, err).isEqualTo(sent.size());
        final Map<String, Integer> sequences = new HashMap<>();
        for (final String line : lines) {
            final JsonNode event = JSON.readTree(line);
            final Message message = bySubject.remove(event.get("subject").asText());
            assertThat(message).as("seed %d: %s", seed, line).isNotNull();
            final String aggregate = event.get("aggregate").asText();
            assertThat(aggregate).isEqualTo(message.getHeaders().getFirst("Ringline-Aggregate"));
            assertThat(event.get("aggregateSequence").asInt())
                    .as("seed %d: %s", seed, line)
                    .isEqualTo(sequences.merge(aggregate, 1, Integer::sum))
                    .isEqualTo(Integer.parseInt(message.getHeaders().getFirst("Ringline-Sequence")));
            assertThat(headers(event)).as(line).isEqualTo(headers(message));
            if (event.has("payloadBase64")) {
                assertThat(Base64.getDecoder().decode(event.get("payloadBase64").asText()))
                        .isEqualTo(message.getData());
            } else if (event.has("payload")) {
                assertThat(event.get("payload")).isEqualTo(JSON.readTree(message.getData()));
            } else {
                assertThat(message.getData()).isEmpty();
            }
        }
    }

    @Test
    void aMessageThatIsRefusedStartsNothing() throws Exception {
        final Headers start = new Headers().add("Ringline-Start-At", "9");
        final RouterContext small =
                new RouterContext().maxPayloadBytes(10).addConsumer(new ConsumerConfig("all").patterns(">"));
        try (NatsServerFixture server = NatsServerFixture.start(scratch);
                Connection connection = Nats.connect(server.url());
                Ringline router = Ringline.start(small);
                CoreIngress ingress = new CoreIngress(connection, List.of("event.>"), router.publisher(), 10)) {
            ingress.awaitReady(Duration.ofSeconds(10));
            connection.publish("event.b", start, new byte[11]);
            connection.publish("event.b", start, new byte[10]);
            assertThat(ingress.drain(Duration.ofSeconds(10))).isTrue();
            assertThat(ingress.malformed()).isEqualTo(1);
            assertThat(ingress.published()).isEqualTo(1);
            // Published is in the ring, and close() would leave it there where the stages have not come to it.
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!router.isQuiet() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(router.isQuiet()).isTrue();
            // Had the first one started the aggregate too, the second one would count as an epoch or a baseline more.
            assertThat(router.statistics().baselines() + router.statistics().epochs())
                    .isEqualTo(1);
        }
    }

    @Test
    void deadLettersGoBackToTheirSubjectsHeadersAndAll() throws Exception {
        final Random random = new Random(1);
        final List<Message> sent = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            final Message tooFar = message(1, 1_000 + i, random);
            sent.add(NatsMessage.builder()
                    .subject(tooFar.getSubject())
                    .headers(new Headers(tooFar.getHeaders()).add("Ringline-Start-At", "1"))
                    .data(tooFar.getData())
                    .build());
        }
        try (NatsServerFixture server = NatsServerFixture.start(scratch);
                Connection connection = Nats.connect(server.url())) {
            final Process run = startRun(server, scratch.resolve("deliveries"), "all=>");
            final String ended;
            try (BufferedReader err = run.errorReader(UTF_8)) {
                assertThat(CommandRunner.await(err, "ready:")).isNotNull();
                sent.forEach(connection::publish);
                connection.flush(Duration.ofSeconds(10));
                run.toHandle().destroy(); // SIGTERM; the process's own method would close its streams here
                ended = String.join("\n", err.lines().toList());
                assertThat(CommandRunner.status(run)).as(ended).isZero();
            }
            final Subscription back = connection.subscribe("event.plant.>");
            connection.flush(Duration.ofSeconds(10));
            final CommandRunner.Result replayed = new CommandRunner(scratch)
                    .run("dlq", "replay", scratch.resolve("letters").toString(), "--nats", server.url());
            assertThat(replayed.status()).as(replayed.err()).isZero();
            assertThat(replayed.err()).as(ended).contains("replayed 20 dead letters");
            for (final Message message : sent) {
                final Message again = back.nextMessage(Duration.ofSeconds(10));
                assertThat(again).as(message.getSubject()).isNotNull();
                assertThat(again.getSubject()).isEqualTo(message.getSubject());
                final Map<String, List<String>> expected = headers(message);
                expected.remove("Ringline-Start-At"); // else replaying would start the aggregate over
                assertThat(headers(again)).isEqualTo(expected);
                assertThat(again.getData()).isEqualTo(message.getData());
            }
        }
    }
}
