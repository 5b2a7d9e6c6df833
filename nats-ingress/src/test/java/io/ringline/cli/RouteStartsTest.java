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

    /** One aggregate is held behind a gap, so that it cannot be forgotten for the other. */
    private static final String NO_ROOM = "{\"subject\":\"a\",\"sequence\":2}\n{\"subject\":\"b\",\"startAt\":5}\n";

    @Test
    void shouldShowInTheSummaryWhatWasForcedOrFoundNoRoom() throws IOException {
        final JsonNode forced = MAPPER.readTree(Cli.route(
                        "{\"subject\":\"a\",\"sequence\":1}\n{\"subject\":\"a\",\"sequence\":3}\n"
                                + "{\"subject\":\"a\",\"startAt\":9,\"sequence\":9}\n",
                        "--summary",
                        "json")
                .err());
        assertThat(forced.get("forcedByStart").asInt()).as("%s", forced).isEqualTo(1);
        assertThat(forced.has("forcedByPressure")).isFalse();
        assertThat(forced.has("startsRefused")).isFalse();
        final Cli.Result full = Cli.route(NO_ROOM, "--max-aggregates", "1", "--summary", "json");
        final JsonNode summary = MAPPER.readTree(full.err());
        assertThat(summary.get("startsRefused").asInt()).as(full.err()).isEqualTo(1);
        assertThat(summary.get("tooManyAggregates").asInt()).isEqualTo(1);
        final Cli.Result text = Cli.route(NO_ROOM, "--max-aggregates", "1", "--summary", "text");
        assertThat(text.err())
                .containsPattern("startsRefused +1\\R")
                .containsPattern("tooManyAggregates +1\\R")
                .doesNotContain("forcedByStart");
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
