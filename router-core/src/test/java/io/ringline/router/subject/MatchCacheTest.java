package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MatchCacheTest {
    private static final long HASH = 0x1234_5678_9ABC_DEF1L;

    private final long[] result = new long[2];

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void put(final MatchCache cache, final long hash, final String subject, final long... words) {
        cache.put(hash, bytes(subject), 0, subject.length(), 1, words);
    }

    private boolean get(final MatchCache cache, final long hash, final String subject) {
        return get(cache, hash, bytes(subject), 0, subject.length());
    }

    private boolean get(
            final MatchCache cache, final long hash, final UnsafeBuffer subject, final int offset, final int length) {
        final int entry = cache.find(hash, subject, offset, length);
        if (entry >= 0) {
            cache.result(entry, result);
        }
        return entry >= 0;
    }

    private static long hash(final String subject) {
        return SubjectHash.hash(bytes(subject), 0, subject.length());
    }

    @Test
    void remembersWhatWasPutAtAnyOffset() {
        final MatchCache cache = new MatchCache(16, 2);
        assertThat(get(cache, HASH, "a.b")).isFalse();
        cache.put(HASH, bytes("--a.b--"), 2, 3, 1, new long[] {7, -1});
        assertThat(get(cache, HASH, bytes("+++++a.b"), 5, 3)).isTrue();
        assertThat(result).containsExactly(7, -1);
    }

    @Test
    void equalHashesAreToldApart() {
        final MatchCache cache = new MatchCache(16, 2);
        put(cache, HASH, "subject.one.x", 1, 10);
        put(cache, HASH, "subject.two.x", 2, 20);
        put(cache, HASH, "subject.two.y", 3, 30);
        assertThat(get(cache, HASH, "subject.one.x")).isTrue();
        assertThat(result).containsExactly(1, 10);
        assertThat(get(cache, HASH, "subject.two.x")).isTrue();
        assertThat(result).containsExactly(2, 20);
        assertThat(get(cache, HASH, "subject.two.y")).isTrue();
        assertThat(result).containsExactly(3, 30);
        assertThat(get(cache, HASH, "subject.one.y"))
                .as("same hash, same length")
                .isFalse();
        assertThat(get(cache, HASH, "subject.one")).as("same hash, a prefix").isFalse();
        assertThat(get(cache, HASH, "subject.one.xx")).as("same hash, longer").isFalse();
        assertThat(get(cache, HASH ^ 1, "subject.one.x")).as("another hash").isFalse();
    }

    @Test
    void aFullSetMakesRoomByItsOldest() {
        final MatchCache cache = new MatchCache(4, 2);
        for (int i = 0; i < 1_000; i++) {
            put(cache, HASH + i, "s" + i, i, ~i);
            for (int j = Math.max(0, i - 3); j <= i; j++) {
                assertThat(get(cache, HASH + j, "s" + j)).isTrue();
                assertThat(result).containsExactly(j, ~j);
            }
            if (i > 3) {
                assertThat(get(cache, HASH + i - 4, "s" + (i - 4))).isFalse();
            }
        }
    }

    @Test
    void aFloodOfNewSubjectsEvictsAndStaysRight() {
        final int entries = 1_024;
        final int subjects = 100_000;
        final MatchCache cache = new MatchCache(entries, 2);
        for (int i = 0; i < subjects; i++) {
            final String subject = "flood." + i;
            assertThat(get(cache, hash(subject), subject)).isFalse();
            put(cache, hash(subject), subject, i, -i);
            assertThat(get(cache, hash(subject), subject)).isTrue();
            assertThat(result).containsExactly(i, -i);
        }
        int kept = 0;
        for (int i = 0; i < subjects; i++) {
            final String subject = "flood." + i;
            if (get(cache, hash(subject), subject)) {
                kept++;
                assertThat(result).containsExactly(i, -i);
            }
        }
        assertThat(kept).as("spread over all its sets").isBetween(entries * 9 / 10, entries);
    }

    @Test
    void aFloodDoesNotDriveOutWhatIsAskedForAgainAndAgain() {
        final MatchCache cache = new MatchCache(4, 2);
        put(cache, HASH, "hot", 1, 2);
        assertThat(get(cache, HASH, "hot")).isTrue();
        for (int i = 1; i < 1_000; i++) {
            put(cache, HASH + i, "flood" + i, i, i);
            if (i % 3 == 0) { // at least once while each other entry has its turn
                assertThat(get(cache, HASH, "hot")).as("after %d", i).isTrue();
            }
        }
        for (int i = 1_000; i < 1_010; i++) {
            put(cache, HASH + i, "flood" + i, i, i);
        }
        assertThat(get(cache, HASH, "hot")).as("no longer asked for").isFalse();
    }

    @Test
    void anEntryIsUpdatedForItsSubjectAndItsGenerationStays() {
        final MatchCache cache = new MatchCache(4, 2);
        put(cache, HASH, "a", 1, 2);
        final int entry = cache.find(HASH, bytes("a"), 0, 1);
        final int generation = cache.generation(entry);
        assertThat(cache.version(entry)).isEqualTo(1);
        cache.confirm(entry, 5);
        assertThat(cache.version(entry)).isEqualTo(5);
        cache.update(entry, 7, new long[] {3, 4});
        assertThat(cache.version(entry)).isEqualTo(7);
        assertThat(get(cache, HASH, "a")).isTrue();
        assertThat(result).containsExactly(3, 4);
        assertThat(cache.generation(entry)).isEqualTo(generation);
        for (int i = 1; i <= 4; i++) {
            put(cache, HASH + i, "b" + i, 0, 0);
            put(cache, HASH + i + 10, "c" + i, 0, 0);
        }
        assertThat(cache.generation(entry)).as("another subject's by now").isGreaterThan(generation);
    }

    @Test
    void longSubjectsAreNotKept() {
        final MatchCache cache = new MatchCache(4, 2);
        final String longest = "x".repeat(MatchCache.MAX_KEY_BYTES);
        put(cache, HASH, longest, 1, 2);
        put(cache, HASH, longest + "x", 3, 4);
        put(cache, HASH, "x".repeat(4_000), 5, 6);
        assertThat(get(cache, HASH, longest + "x")).isFalse();
        assertThat(get(cache, HASH, "x".repeat(4_000))).isFalse();
        assertThat(get(cache, HASH, longest)).isTrue();
        assertThat(result).containsExactly(1, 2);
    }
}
