package io.ringline.sequencer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AggregateTableTest {
    private static final int MILLION = 1_000_000;

    private final SequencerStatistics statistics = new SequencerStatistics();
    private AggregateTable table = new AggregateTable(0, 1, statistics, new DirectMemory());

    private int indexOf(final String key, final long hash) {
        final byte[] bytes = ("__" + key + "__").getBytes(ISO_8859_1);
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final int found = table.findBytes(buffer, 2, key.length(), hash);
        return found >= 0 ? found : table.addBytes(buffer, 2, key.length(), hash);
    }

    private int indexOf(final long id) {
        final int found = table.findId(id);
        return found >= 0 ? found : table.addId(id);
    }

    @Test
    void indexesAreDenseInOrderOfFirstSight() {
        assertThat(indexOf(Long.MIN_VALUE)).isZero();
        assertThat(indexOf("LAS", 5)).isEqualTo(1);
        assertThat(indexOf(0)).isEqualTo(2);
        assertThat(indexOf(Long.MIN_VALUE)).isZero();
        assertThat(indexOf("LAS", 5)).isEqualTo(1);
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void keysOfOneHashAreComparedInFull() {
        final List<String> keys = new ArrayList<>(List.of("", "a", "b"));
        final String text = "12345678123456781234567812345678";
        for (int length = 2; length <= text.length(); length++) {
            keys.add(text.substring(0, length));
            keys.add(text.substring(0, length - 1) + 'x');
            keys.add('x' + text.substring(1, length));
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < keys.size(); i++) {
                assertThat(indexOf(keys.get(i), 77)).as(keys.get(i)).isEqualTo(i);
            }
        }
    }

    @Test
    void aKeyWithZeroBytesAtItsEndIsNotTheShorterOne() {
        assertThat(indexOf("a", 1)).isZero();
        assertThat(indexOf("a\0", 1)).isEqualTo(1);
        assertThat(indexOf("a\0\0\0\0\0\0\0\0", 1)).isEqualTo(2);
    }

    @Test
    void anIdNeverEqualsBytes() {
        for (int i = 0; i < 3_000; i++) {
            assertThat(indexOf(i)).isEqualTo(2 * i);
            assertThat(indexOf((char) (i & 0xFF) + "" + (char) (i >>> 8) + "\0\0\0\0\0\0", i))
                    .isEqualTo(2 * i + 1);
        }
    }

    @Test
    void agreesWithAMapThroughGrowth() {
        final long seed = new Random().nextLong();
        System.out.println("AggregateTableTest: seed " + seed);
        final Random random = new Random(seed);
        final Map<Object, Integer> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            final long number =
                    random.nextInt(1_000) == 0 ? random.nextLong() : random.nextInt(1 << random.nextInt(17));
            if (random.nextBoolean()) {
                final Integer known = model.putIfAbsent(number, model.size());
                assertThat(indexOf(number)).isEqualTo(known == null ? model.size() - 1 : known);
            } else {
                final String key = (number % 2 == 0 ? "" : "a prefix of some length, ") + number;
                final Integer known = model.putIfAbsent(key, model.size());
                // Some hashes are the same for many keys.
                final long hash = number % 10 == 0 ? 1 : Arrays.hashCode(key.getBytes(ISO_8859_1));
                assertThat(indexOf(key, hash)).isEqualTo(known == null ? model.size() - 1 : known);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
    }

    @Test
    void keysThatAllHaveOneHashTakeMemoryInProportionAndAreFound() {
        for (int i = 0; i < 5_000; i++) {
            assertThat(indexOf("key " + i, 42)).isEqualTo(i);
        }
        for (int i = 0; i < 5_000; i += 7) {
            assertThat(indexOf("key " + i, 42)).isEqualTo(i);
        }
        assertThat(table.index.bytes()).isLessThan(1 << 20);
    }

    @Test
    void aMillionAggregatesWith16ByteKeysTake96BytesEachAllTold() {
        for (final int cap : new int[] {0, MILLION}) {
            table = new AggregateTable(cap, 1, statistics, new DirectMemory());
            final UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
            for (int i = 0; i < MILLION; i++) {
                key.putLong(0, i);
                key.putLong(8, ~i * 31L);
                table.addBytes(key, 0, 16, i * 0x9E37_79B9_7F4A_7C15L);
            }
            assertThat(table.size()).isEqualTo(MILLION);
            System.out.println("AggregateTableTest: " + table.bytes() / (double) MILLION + " bytes each, cap " + cap);
            assertThat(table.bytes()).isLessThanOrEqualTo(96L * MILLION);
        }
    }

    @Test
    void noSingleAggregateOfAMillionMovesMoreThanOneSegmentAndTheDirectory() {
        long worst = 0;
        for (int i = 0; i < MILLION; i++) {
            final long before = table.index.work();
            table.addId(i);
            worst = Math.max(worst, table.index.work() - before);
        }
        System.out.println("AggregateTableTest: at most " + worst + " entries moved for one aggregate");
        // A split of one segment, and the directory: one entry for some 400 aggregates.
        assertThat(worst).isLessThan(3 * 4_096);
    }

    @Test
    void theOneThatIsIdleForLongestIsEvictedAndItsPlaceUsedAgain() {
        table = new AggregateTable(3, 1, statistics, new DirectMemory());
        assertThat(indexOf("a rather long key, number one", 1)).isZero();
        assertThat(indexOf(2)).isEqualTo(1);
        assertThat(indexOf(3)).isEqualTo(2);
        table.touch(0);
        table.pin(1);
        assertThat(indexOf(4)).as("2 holds something, 1 was touched").isEqualTo(2);
        assertThat(table.findId(3)).isEqualTo(AggregateTable.NONE);
        assertThat(indexOf("a rather long key, number six", 6)).isZero();
        assertThat(table.findBytes(new UnsafeBuffer("a rather long key, number one".getBytes(ISO_8859_1)), 0, 29, 1))
                .isEqualTo(AggregateTable.NONE);
        table.pin(0);
        table.pin(2);
        assertThat(indexOf(7)).isEqualTo(AggregateTable.NONE);
        table.unpin(1);
        assertThat(indexOf(7)).isEqualTo(1);
        assertThat(statistics.evicted()).isEqualTo(3);
        assertThat(table.lines.getInt(1, AggregateTable.GENERATION)).isEqualTo(1);
    }

    @Test
    void evictionAndReturnAgreeWithAMapAndLongKeysReuseTheirMemory() {
        table = new AggregateTable(1_000, 1, statistics, new DirectMemory());
        final Map<Long, Integer> known = new HashMap<>();
        final long[] at = new long[1_000];
        final Random random = new Random(5);
        for (int step = 0; step < 200_000; step++) {
            final long number = random.nextInt(3_000);
            final int index = indexOf("a key that does not fit a line: " + number, number * 31);
            final Integer expected = known.get(number);
            assertThat(expected == null || expected == index).isTrue();
            if (expected == null) {
                known.remove(at[index], index);
                known.put(number, index);
                at[index] = number;
            }
            table.touch(index);
        }
        assertThat(table.size()).isEqualTo(1_000);
        assertThat(table.keys.bytes()).isEqualTo(1 << 18);
    }
}
