package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MatchCacheTest {
    private static final long HASH = 0x1234_5678_9ABC_DEF1L;

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static int put(final MatchCache cache, final long hash, final String subject) {
        return cache.put(hash, bytes(subject), 0, subject.length());
    }

    private static int find(final MatchCache cache, final long hash, final String subject) {
        return cache.find(hash, bytes(subject), 0, subject.length());
    }

    private static long hash(final String subject) {
        return SubjectHash.hash(bytes(subject), 0, subject.length());
    }

    @Test
    void findsWhatWasPutAtAnyOffset() {
        final MatchCache cache = new MatchCache(16);
        assertThat(find(cache, HASH, "a.b")).isNegative();
        final int entry = cache.put(HASH, bytes("--a.b--"), 2, 3);
        assertThat(cache.find(HASH, bytes("+++++a.b"), 5, 3)).isEqualTo(entry);
    }

    @Test
    void aKeyOfAnyLengthIsComparedToItsLastByte() {
        for (int length = 1; length <= MatchCache.MAX_KEY_BYTES; length++) {
            final MatchCache cache = new MatchCache(4);
            final byte[] key = new byte[length];
            for (int i = 0; i < length; i++) {
                key[i] = (byte) (i + 1);
            }
            final int entry = cache.put(HASH, new UnsafeBuffer(key), 0, length);
            assertThat(cache.find(HASH, new UnsafeBuffer(key.clone()), 0, length))
                    .as("length %d", length)
                    .isEqualTo(entry);
            for (int i = 0; i < length; i++) {
                final byte[] other = key.clone();
                other[i] ^= (byte) 0x80;
                assertThat(cache.find(HASH, new UnsafeBuffer(other), 0, length))
                        .as("length %d, another byte at %d", length, i)
                        .isNegative();
            }
        }
    }

    @Test
    void equalHashesAreToldApart() {
        final MatchCache cache = new MatchCache(16);
        final int one = put(cache, HASH, "subject.one.x");
        final int two = put(cache, HASH, "subject.two.x");
        final int three = put(cache, HASH, "subject.two.y");
        assertThat(find(cache, HASH, "subject.one.x")).isEqualTo(one);
        assertThat(find(cache, HASH, "subject.two.x")).isEqualTo(two).isNotEqualTo(one);
        assertThat(find(cache, HASH, "subject.two.y")).isEqualTo(three).isNotIn(one, two);
        assertThat(find(cache, HASH, "subject.one.y"))
                .as("same hash, same length")
                .isNegative();
        assertThat(find(cache, HASH, "subject.one")).as("same hash, a prefix").isNegative();
        assertThat(find(cache, HASH, "subject.one.xx")).as("same hash, longer").isNegative();
    }

    @Test
    void aFullSetMakesRoomByItsOldest() {
        final MatchCache cache = new MatchCache(4);
        for (int i = 0; i < 1_000; i++) {
            put(cache, HASH + i, "s" + i);
            for (int j = Math.max(0, i - 3); j <= i; j++) {
                assertThat(find(cache, HASH + j, "s" + j)).isNotNegative();
            }
            if (i > 3) {
                assertThat(find(cache, HASH + i - 4, "s" + (i - 4))).isNegative();
            }
        }
    }

    @Test
    void aFloodOfNewSubjectsEvictsAndStaysRight() {
        final int entries = 1_024;
        final int subjects = 100_000;
        final MatchCache cache = new MatchCache(entries);
        final int[] subjectOf = new int[entries];
        for (int i = 0; i < subjects; i++) {
            final String subject = "flood." + i;
            assertThat(find(cache, hash(subject), subject)).isNegative();
            final int entry = put(cache, hash(subject), subject);
            subjectOf[entry] = i;
            assertThat(find(cache, hash(subject), subject)).isEqualTo(entry);
        }
        int kept = 0;
        for (int i = 0; i < subjects; i++) {
            final String subject = "flood." + i;
            final int entry = find(cache, hash(subject), subject);
            if (entry >= 0) {
                kept++;
                assertThat(subjectOf[entry]).isEqualTo(i);
            }
        }
        assertThat(kept).as("spread over all its sets").isBetween(entries * 9 / 10, entries);
    }

    @Test
    void aFloodDoesNotDriveOutWhatIsAskedForAgainAndAgain() {
        final MatchCache cache = new MatchCache(4);
        put(cache, HASH, "hot");
        assertThat(find(cache, HASH, "hot")).isNotNegative();
        for (int i = 1; i < 1_000; i++) {
            put(cache, HASH + i, "flood" + i);
            if (i % 3 == 0) { // at least once while each other entry has its turn
                assertThat(find(cache, HASH, "hot")).as("after %d", i).isNotNegative();
            }
        }
        for (int i = 1_000; i < 1_010; i++) {
            put(cache, HASH + i, "flood" + i);
        }
        assertThat(find(cache, HASH, "hot")).as("no longer asked for").isNegative();
    }

    @Test
    void anEntrysGenerationTellsItsSubjectsApart() {
        final MatchCache cache = new MatchCache(4);
        final int entry = put(cache, HASH, "a");
        final int generation = cache.generation(entry);
        assertThat(find(cache, HASH, "a")).isEqualTo(entry);
        assertThat(cache.generation(entry)).as("asked for, no more").isEqualTo(generation);
        for (int i = 1; i <= 4; i++) {
            put(cache, HASH + i, "b" + i);
            put(cache, HASH + i + 10, "c" + i);
        }
        assertThat(cache.generation(entry)).as("another subject's by now").isGreaterThan(generation);
    }

    @Test
    void longSubjectsAreNotKept() {
        final MatchCache cache = new MatchCache(4);
        final String longest = "x".repeat(MatchCache.MAX_KEY_BYTES);
        final int entry = put(cache, HASH, longest);
        assertThat(put(cache, HASH, longest + "x")).isEqualTo(MatchCache.NOT_FOUND);
        assertThat(put(cache, HASH, "x".repeat(4_000))).isEqualTo(MatchCache.NOT_FOUND);
        assertThat(find(cache, HASH, longest + "x")).isNegative();
        assertThat(find(cache, HASH, "x".repeat(4_000))).isNegative();
        assertThat(find(cache, HASH, longest)).isEqualTo(entry);
    }
}
