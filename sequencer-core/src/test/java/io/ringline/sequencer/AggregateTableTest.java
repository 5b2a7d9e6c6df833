package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AggregateTableTest {
    private final AggregateTable table = new AggregateTable();

    private int bytes(final String key, final long hash) {
        final byte[] padded = ("xx" + key + "yy").getBytes(StandardCharsets.UTF_8);
        return table.indexOfBytes(new UnsafeBuffer(padded), 2, padded.length - 4, hash);
    }

    @Test
    void keysOfOneHashAreToldApart() {
        assertThat(bytes("alpha", 7)).isZero();
        assertThat(bytes("bravo", 7)).isEqualTo(1);
        assertThat(bytes("alphabet-soup", 7)).isEqualTo(2);
        assertThat(bytes("alpha", 7)).isZero();
        assertThat(bytes("alphabet-soup", 7)).isEqualTo(2);
    }

    @Test
    void anIdIsNeverAKeyOfBytes() {
        assertThat(table.indexOfId(0)).isZero();
        assertThat(bytes("", 0)).isEqualTo(1);
        assertThat(table.indexOfId(0)).isZero();
        assertThat(table.indexOfId(-1)).isEqualTo(2);
    }

    @Test
    void agreesWithAMapWhileItGrows() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final Map<Object, Integer> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            final long number = random.nextInt(50_000);
            final boolean id = random.nextBoolean();
            final Object key = id ? (Object) number : "key-" + number;
            final int found = id ? table.indexOfId(number) : bytes("key-" + number, key.hashCode() % 1_000);
            final Integer known = model.putIfAbsent(key, found);
            assertThat(found).as("seed %d step %d", seed, step).isEqualTo(known == null ? model.size() - 1 : known);
        }
        assertThat(table.size()).isEqualTo(model.size());
    }

    @Test
    void theStamperGoesOnAfterTheHighestNumberThatIsBelievable() {
        final Stamper stamper = new Stamper(100);
        assertThat(stamper.stamp(5_000)).isEqualTo(1);
        stamper.seen(5_000, 7);
        assertThat(stamper.stamp(5_000)).isEqualTo(8);
        stamper.seen(5_000, 1_000_000);
        assertThat(stamper.stamp(5_000)).isEqualTo(9);
        stamper.seen(5_000, 3);
        assertThat(stamper.stamp(5_000)).isEqualTo(10);
        assertThat(stamper.stamp(1)).isEqualTo(1);
    }

    @Test
    void givenUpNumbersAreRememberedForEachKeyAndForgettingIsOnTheSafeSide() {
        final GivenUp givenUp = new GivenUp(16);
        givenUp.add(1, 5, 7);
        givenUp.add(1, 20, 20);
        assertThat(givenUp.contains(1, 5)).isTrue();
        assertThat(givenUp.contains(1, 8)).isFalse();
        assertThat(givenUp.contains(1, 20)).isTrue();
        assertThat(givenUp.contains(1, 4)).isFalse();
        assertThat(givenUp.contains(2, 5)).isFalse();
        for (int i = 0; i < 20; i++) {
            givenUp.add(2, 2 * i + 1, 2 * i + 1);
        }
        assertThat(givenUp.contains(2, 39)).isTrue();
        assertThat(givenUp.contains(2, 38)).isFalse();
        assertThat(givenUp.contains(2, 2))
                .as("forgotten: late rather than dropped")
                .isTrue();
    }
}
