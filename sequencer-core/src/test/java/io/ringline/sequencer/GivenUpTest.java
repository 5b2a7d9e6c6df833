package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GivenUpTest {
    private record Range(int key, long first, long last) {}

    @Test
    void knowsTheNewestAndCallsOlderNumbersOfAKeyThatLostSomeGivenUp() {
        final long seed = new Random().nextLong();
        System.out.println("GivenUpTest: seed " + seed);
        final Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            final int limit = 16 << random.nextInt(5);
            final int keys = 1 + random.nextInt(5);
            final GivenUp givenUp = new GivenUp(limit);
            final List<Range> all = new ArrayList<>();
            final long[] next = new long[keys];
            final long[] newest = new long[keys];
            for (int i = 0; i < 600; i++) {
                final int key = random.nextInt(keys);
                final long first = next[key] + 1 + random.nextInt(4);
                final Range range = new Range(key, first, first + random.nextInt(4));
                next[key] = range.last + 1;
                all.add(range);
                newest[key] = givenUp.add(newest[key], range.first, range.last);
                final int asked = random.nextInt(keys);
                check(givenUp, newest[asked], all, limit, asked, random.nextInt((int) next[asked] + 1));
                assertThat(givenUp.forgotten()).isEqualTo(Math.max(0, all.size() - limit));
            }
        }
    }

    private static void check(
            final GivenUp givenUp,
            final long newest,
            final List<Range> all,
            final int limit,
            final int key,
            final long number) {
        final List<Range> kept = all.subList(Math.max(0, all.size() - limit), all.size());
        final boolean known = kept.stream().anyMatch(r -> r.key == key && r.first <= number && number <= r.last);
        final boolean hasForgotten =
                all.stream().limit(all.size() - kept.size()).anyMatch(r -> r.key == key);
        // Between two kept ranges it can be told; below the lowest that is kept it cannot.
        final boolean belowKept = kept.stream().noneMatch(r -> r.key == key && r.first <= number);
        assertThat(givenUp.contains(newest, number))
                .as("key %d number %d of %s", key, number, all)
                .isEqualTo(known || hasForgotten && belowKept);
    }

    @Test
    void aLookUpInAMillionRangesOfOneKeyTakesFewSteps() {
        final GivenUp givenUp = new GivenUp(1 << 20);
        long newest = 0;
        for (long i = 1; i < 1 << 20; i++) {
            newest = givenUp.add(newest, 3 * i, 3 * i);
        }
        // A walk from range to range would take hours for these.
        long wrong = 0;
        for (long i = 1; i < 1 << 20; i++) {
            wrong += givenUp.contains(newest, 3 * i) && !givenUp.contains(newest, 3 * i + 1) ? 0 : 1;
        }
        assertThat(wrong).isZero();
    }
}
