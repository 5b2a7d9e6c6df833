package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a line's {@code startAt} does where the line is refused, and what of starts and forced gaps the summary shows. */
class RouteStartsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static List<String> sequences(final Cli.Result result) {
        return result.lines().stream()
                .map(line -> line.replaceAll(".*\"aggregateSequence\":(\\d+).*", "$1"))
                .toList();
    }

    @Test
    void shouldStartNothingWhereTheLineItselfIsRefused() throws IOException {
        final String tooLarge = "x".repeat(RouterSettings.MAX_PAYLOAD_BYTES);
        final Cli.Result result = Cli.route(
                "{\"subject\":\"b\",\"sequence\":1}\n"
                        + "{\"subject\":\"b\",\"startAt\":9,\"sequence\":9,\"payload\":\"" + tooLarge + "\"}\n"
                        + "{\"subject\":\"b\",\"sequence\":2}\n",
                "--summary",
                "json");
        assertThat(result.status()).isEqualTo(1);
        final List<String> err = result.err().lines().toList();
        assertThat(err.get(0)).isEqualTo("line 2: the payload has more than 1048576 bytes");
        assertThat(sequences(result)).containsExactly("1", "2");
        final JsonNode summary = MAPPER.readTree(err.get(1));
        assertThat(summary.get("malformed").asInt()).isEqualTo(1);
        assertThat(summary.get("baselines").asInt()).isZero();
        assertThat(summary.get("late").asInt()).isZero();
    }
}
