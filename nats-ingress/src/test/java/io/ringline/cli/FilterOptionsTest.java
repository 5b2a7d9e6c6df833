package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the options that choose events take, and whom they choose. */
class FilterOptionsTest {
    private static final long NOW = 1_000_000_000_000_000_000L;
    private static final long HOUR = 3_600_000_000_000L;

    private final UsageProblems problems = new UsageProblems();

    @CommandLine.Command
    private static final class Holder {
        @CommandLine.Mixin
        private LetterFilterOptions options = new LetterFilterOptions();
    }

    private LetterFilterOptions options(final String... args) {
        final Holder holder = new Holder();
        new CommandLine(holder).parseArgs(args);
        return holder.options;
    }

    private RecordFilter filter(final String... args) {
        final RecordFilter filter = options(args).conclude(problems, NOW);
        problems.throwIfAny();
        return filter;
    }

    private static EventRecord event(final String subject, final long id, final String key, final long sequence) {
        final UnsafeBuffer memory = new UnsafeBuffer(new byte[512]);
        final byte[] text = subject.getBytes(UTF_8);
        final byte[] keyBytes = key.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        final EventRecord record = new EventRecord().wrap(memory, 0);
        record.init(
                subject.isEmpty() ? RecordType.GAP : RecordType.EVENT,
                key.isEmpty() ? RecordFlags.AGGREGATE_IS_ID : 0,
                text.length,
                keyBytes.length,
                0,
                0);
        record.aggregateId(key.isEmpty() ? id : 0).globalSequence(sequence);
        memory.putBytes(record.subjectOffset(), text);
        memory.putBytes(record.storedAggregateOffset(), keyBytes);
        return record;
    }

    @Test
    void shouldChooseBySubject() {
        final RecordFilter filter = filter("--subject", "a.*", "--subject", "x.>");
        assertThat(filter.isWanted(event("a.b", 1, "", 1), NOW)).isTrue();
        assertThat(filter.isWanted(event("x.y.z", 1, "", 1), NOW)).isTrue();
        assertThat(filter.isWanted(event("a.b.c", 1, "", 1), NOW)).isFalse();
        assertThat(filter.isWanted(event("", 1, "", 1), NOW))
                .as("a gap has no subject")
                .isFalse();
        assertThat(filter().isWanted(event("", 1, "", 1), NOW)).isTrue();
    }

    @Test
    void shouldChooseByAggregateGivenAsIdOrBytes() {
        assertThat(filter("--aggregate", "7").isWanted(event("a", 7, "", 1), NOW))
                .isTrue();
        assertThat(filter("--aggregate", "7").isWanted(event("a", 0, "7", 1), NOW))
                .isTrue();
        assertThat(filter("--aggregate", "7").isWanted(event("a", 8, "", 1), NOW))
                .isFalse();
        assertThat(filter("--aggregate", "8", "--aggregate", "book").isWanted(event("a", 0, "book", 1), NOW))
                .isTrue();
        assertThat(filter("--aggregate", "book").isWanted(event("a", 0, "books", 1), NOW))
                .isFalse();
        assertThat(filter("--aggregate", "hex:00FF").isWanted(event("a", 0, "\u0000\u00ff", 1), NOW))
                .isTrue();
        assertThat(filter("--aggregate", "hex:00FF").isWanted(event("a", 0, "hex:00FF", 1), NOW))
                .isTrue();
        assertThat(filter("--aggregate", "hex:00FF").isWanted(event("a", 0, "\u0000\u00fe", 1), NOW))
                .isFalse();
    }

    @Test
    void shouldChooseByTime() {
        final EventRecord event = event("a", 1, "", 1);
        final RecordFilter lastHour = filter("--since", "1h", "--until", "1m");
        assertThat(lastHour.isWanted(event, NOW - HOUR))
                .as("since is inclusive")
                .isTrue();
        assertThat(lastHour.isWanted(event, NOW - HOUR - 1)).isFalse();
        assertThat(lastHour.isWanted(event, NOW - HOUR / 60)).as("until is not").isFalse();
        assertThat(lastHour.isWanted(event, NOW - HOUR / 60 - 1)).isTrue();
        final RecordFilter instants =
                filter("--since", "2001-09-09T01:46:40Z", "--until", "2001-09-09T03:46:40.5+01:00");
        assertThat(instants.isWanted(event, NOW)).isTrue();
        assertThat(instants.isWanted(event, NOW - 1)).isFalse();
        assertThat(instants.isWanted(event, NOW + HOUR + 499_999_999)).isTrue();
        assertThat(instants.isWanted(event, NOW + HOUR + 500_000_000)).isFalse();
        assertThat(filter("--since", "-9999-01-01T00:00:00Z", "--until", "9999-01-01T00:00:00Z")
                        .isWanted(event, NOW))
                .isTrue();
    }

    @Test
    void shouldChooseBySequence() {
        final RecordFilter filter = filter("--from-sequence", "5", "--limit", "3");
        assertThat(filter.isWanted(event("a", 1, "", 5), NOW)).isTrue();
        assertThat(filter.isWanted(event("a", 1, "", 4), NOW)).isFalse();
        assertThat(filter.isWanted(event("a", 1, "", 0), NOW))
                .as("never released")
                .isFalse();
        assertThat(filter.limit()).isEqualTo(3);
    }

    @Test
    void shouldTellAllThatIsWrongAtOnce() {
        final LetterFilterOptions options = options(
                "--subject",
                "a..b",
                "--subject",
                "b.>",
                "--aggregate",
                "hex:0",
                "--since",
                "yesterday",
                "--until",
                "5",
                "--from-sequence",
                "0",
                "--limit",
                "many",
                "--format",
                "xml",
                "--reason",
                "LATE,NONSENSE");
        options.concludeLetters(problems, NOW);
        options.format(problems, Format.text);
        assertThatThrownBy(problems::throwIfAny)
                .isInstanceOfSatisfying(
                        CommandFailure.class,
                        wrong -> assertThat(wrong.status()).isEqualTo(ExitStatus.USAGE))
                .message()
                .contains(
                        "--subject 'a..b'",
                        "--aggregate 'hex:0'",
                        "--since 'yesterday'",
                        "--until '5'",
                        "--from-sequence '0'",
                        "--limit 'many'",
                        "--format 'xml'",
                        "--reason 'NONSENSE'")
                .hasLineCount(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-31T08:00:00Z", "30s"})
    void shouldRefuseTimesThatLeaveNothingBetweenThem(final String time) {
        assertThatThrownBy(() -> filter("--since", time, "--until", time)).hasMessageContaining("nothing is between");
    }

    @Test
    void shouldTakeReasonsAsTheyAreWritten() {
        final LetterFilter filter =
                options("--reason", "late,no-match", "--reason", "REJECTED").concludeLetters(problems, NOW);
        problems.throwIfAny();
        assertThat(filter.reasons().stream().map(Enum::name).toList())
                .isEqualTo(List.of("LATE", "NO_MATCH", "REJECTED"));
        assertThat(options().isGiven()).isFalse();
        assertThat(options("--consumer", "").isGiven()).isTrue();
    }
}
