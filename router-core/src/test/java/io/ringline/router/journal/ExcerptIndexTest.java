package io.ringline.router.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.record.EventRecord;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExcerptIndexTest {
    private static final int EVENTS = 20_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private final Records records = new Records();
    private final EventRecord into = new EventRecord();
    private long millis = 1_700_000_000_000L;

    @Test
    void itFindsTheLastPlaceAtOrBeforeANumber() {
        final ExcerptIndex index = new ExcerptIndex(100, 64);
        assertThat(index.before(5)).isNull();
        index.onExcerpt("a", 3, 1_000, 40);
        index.onExcerpt("a", 10, 1_040, 80); // too near the first
        index.onExcerpt("a", 20, 1_120, 40);
        index.onExcerpt("b", 30, 500, 40); // another file
        assertThat(index.before(2)).isNull();
        assertThat(index.before(3)).isEqualTo(new ExcerptIndex.Place("a", 1_000));
        assertThat(index.before(19)).isEqualTo(new ExcerptIndex.Place("a", 1_000));
        assertThat(index.before(29)).isEqualTo(new ExcerptIndex.Place("a", 1_120));
        assertThat(index.before(1_000)).isEqualTo(new ExcerptIndex.Place("b", 500));
    }

    @Test
    void itForgetsEverySecondPlaceRatherThanGrowWithoutEnd() {
        final int most = 128;
        final ExcerptIndex index = new ExcerptIndex(1, most);
        final int excerpts = 20_000;
        for (int i = 1; i <= excerpts; i++) {
            index.onExcerpt("a", i, i, 1);
        }
        long widest = 0;
        long last = 0;
        int places = 0;
        for (int i = 1; i <= excerpts; i++) {
            final ExcerptIndex.Place place = Objects.requireNonNull(index.before(i));
            assertThat(place.framePosition()).isBetween(1L, (long) i);
            widest = Math.max(widest, i - place.framePosition());
            places += place.framePosition() == last ? 0 : 1;
            last = place.framePosition();
        }
        assertThat(places).isBetween(most / 4, most);
        assertThat(widest).isLessThan(4 * excerpts / most);
    }

    private ChronicleJournal journal() {
        final ChronicleJournal journal =
                ChronicleJournal.open(temp.toFile(), new JournalSettings().clockMillis(() -> millis));
        for (int i = 1; i <= EVENTS; i++) { // 8 MB
            records.append(journal, i, 300);
            millis += i % 6_000 == 0 ? 3_600_000 : 0;
        }
        journal.flush();
        return journal;
    }

    private void readFrom(final JournalReader reader, final long wanted) {
        while (reader.next(into) && into.globalSequence() < wanted) {
            // those before it in its excerpt
        }
        for (long i = wanted; i <= Math.min(EVENTS, wanted + 3_000); i++) {
            assertThat(records.isEvent(into, i)).as("event %d", i).isTrue();
            assertThat(reader.next(into)).isEqualTo(i < EVENTS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100, 5_999, 6_000, 6_001, 12_345, 19_999, 20_000})
    void aReaderOfTheWritersOwnComesToAnEventWithoutReadingWhatIsBefore(final int wanted) {
        try (ChronicleJournal journal = journal();
                JournalReader reader = journal.readFrom(wanted)) {
            assertThat(reader.skipTo(wanted, 1 << 20)).isTrue();
            assertThat(reader.bytesRead()).as("heads, and the excerpt's own").isLessThan(1 << 20);
            readFrom(reader, wanted);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6_001, 15_000})
    void withoutAnIndexItGoesFromHeadToHeadALittleAtATime(final int wanted) {
        journal().close();
        try (ChronicleJournal journal =
                        ChronicleJournal.open(temp.toFile(), new JournalSettings().clockMillis(() -> millis));
                JournalReader reader = journal.readFrom(wanted)) {
            int calls = 1;
            while (!reader.skipTo(wanted, 1)) {
                assertThat(++calls).isLessThan(1_000);
            }
            assertThat(reader.bytesRead()).isLessThan(1 << 20);
            readFrom(reader, wanted);
        }
    }
}
