package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import io.ringline.nats.NatsServerFixture;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalReplaySystemTest {
    private static final String[] LINES = {
        "{\"subject\":\"event.a.x\",\"aggregate\":7,\"sequence\":1,\"headers\":{\"h\":\"v\"},\"payload\":{\"n\":1}}",
        "{\"subject\":\"event.b.x\",\"aggregate\":7,\"sequence\":2,\"payload\":2}",
        "{\"subject\":\"event.a.y\",\"aggregate\":7,\"sequence\":3,\"payloadBase64\":\"AP8=\"}"
    };

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @Test
    void shouldPublishWhatIsChosenOnItsOwnSubjects() throws Exception {
        final String journal = temp.resolve("journal").toString();
        assertThat(Cli.route(String.join("\n", LINES), "--journal", journal).status())
                .isZero();
        try (NatsServerFixture server = NatsServerFixture.start(temp);
                Connection connection = Nats.connect(server.url())) {
            final Subscription back = connection.subscribe("event.>");
            connection.flush(Duration.ofSeconds(10));
            final Cli.Result replayed =
                    Cli.run("", "journal", "replay", journal, "--nats", server.url(), "--subject", "event.a.*");
            assertThat(replayed.status()).as(replayed.err()).isZero();
            assertThat(replayed.err()).contains("replayed 2 events to ", "the last one with globalSequence 3");
            final Message first = back.nextMessage(Duration.ofSeconds(10));
            assertThat(first.getSubject()).isEqualTo("event.a.x");
            assertThat(new String(first.getData(), UTF_8)).isEqualTo("{\"n\":1}");
            assertThat(first.getHeaders().getFirst("h")).isEqualTo("v");
            assertThat(first.getHeaders().getFirst("Ringline-Aggregate")).isEqualTo("7");
            assertThat(first.getHeaders().getFirst("Ringline-Sequence")).isEqualTo("1");
            final Message second = back.nextMessage(Duration.ofSeconds(10));
            assertThat(second.getSubject()).isEqualTo("event.a.y");
            assertThat(second.getData()).containsExactly(0, -1);
        }
    }
}
