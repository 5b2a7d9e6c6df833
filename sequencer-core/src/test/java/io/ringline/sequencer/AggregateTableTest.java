package io.ringline.sequencer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AggregateTableTest {
    private final AggregateTable table = new AggregateTable();

    private int indexOf(final String key, final long hash) {
        final byte[] bytes = ("__" + key + "__").getBytes(ISO_8859_1);
        return table.indexOfBytes(new UnsafeBuffer(bytes), 2, key.length(), hash);
    }

    @Test
    void indexesAreDenseInOrderOfFirstSight() {
        assertThat(table.indexOfId(Long.MIN_VALUE)).isZero();
        assertThat(indexOf("LAS", 5)).isEqualTo(1);
        assertThat(table.indexOfId(0)).isEqualTo(2);
        assertThat(table.indexOfId(Long.MIN_VALUE)).isZero();
        assertThat(indexOf("LAS", 5)).isEqualTo(1);
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void keysOfOneHashAreComparedInFull() {
        final String[] keys = {"", "a", "b", "12345678", "12345679", "123456789", "123456780", "1234567812345678"};
        for (int i = 0; i < keys.length; i++) {
            assertThat(indexOf(keys[i], 77)).as(keys[i]).isEqualTo(i);
        }
        for (int i = 0; i < keys.length; i++) {
            assertThat(indexOf(keys[i], 77)).as(keys[i]).isEqualTo(i);
        }
    }

    @Test
    void anIdNeverEqualsBytes() {
        // Every id from 0 up to here is some key's offset too; and hashes meet in a table of any size.
        for (int i = 0; i < 3_000; i++) {
            assertThat(table.indexOfId(i)).isEqualTo(2 * i);
            assertThat(indexOf(Integer.toString(i), i)).isEqualTo(2 * i + 1);
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
                final Integer expected = model.computeIfAbsent(number, k -> model.size());
                assertThat(table.indexOfId(number)).isEqualTo(expected);
            } else {
                final char[] fill = new char[random.nextInt(3) == 0 ? (int) (number & 63) : 0];
                Arrays.fill(fill, 'x');
                final String key = new String(fill) + number;
                final Integer expected = model.computeIfAbsent(key, k -> model.size());
                assertThat(indexOf(key, key.hashCode() * 0x9E37_79B9L)).isEqualTo(expected);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
    }
}
