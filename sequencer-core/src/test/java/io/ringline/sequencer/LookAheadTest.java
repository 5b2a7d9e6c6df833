package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class LookAheadTest {
    private static final int MANY = 20_000;

    private final Sequencer sequencer = sequencer();
    private final LookAhead ahead = sequencer.lookAhead();

    private static Sequencer sequencer() {
        final SequencerSettings settings =
                new SequencerSettings(Ordering.AGGREGATE, 100, 1_000, 64, 1_000, OnGapTooWide.DEAD_LETTER);
        return new Sequencer(settings, 64, 0);
    }

    @Test
    void isOfNoUseToFew() {
        assertThat(ahead.isWorthwhile()).isFalse();
        for (int id = 0; id < MANY; id++) {
            sequencer.offerId(id, 1, 0, 1);
        }
        assertThat(ahead.isWorthwhile()).isTrue();
    }

    @Test
    void changesNothing() {
        final Sequencer without = sequencer();
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final UnsafeBuffer key = new UnsafeBuffer(new byte[Long.BYTES]);
        for (int round = 0; round < 500; round++) {
            final int[] drawn = random.ints(40, 0, MANY).toArray();
            for (final int one : drawn) { // known ones, unknown ones, and more than are looked at
                ahead.expectId(one);
                ahead.expectBytes(one);
            }
            ahead.fetch();
            for (final int one : drawn) {
                key.putLong(0, one);
                final int byId = sequencer.offerId(one, 0, 0, round);
                final int byKey = sequencer.offerBytes(key, 0, Long.BYTES, one, 0, 0, round);
                assertThat(byId).as("seed %d", seed).isEqualTo(without.offerId(one, 0, 0, round));
                assertThat(byKey)
                        .as("seed %d", seed)
                        .isEqualTo(without.offerBytes(key, 0, Long.BYTES, one, 0, 0, round));
                assertThat(sequencer.lastSequence()).as("seed %d", seed).isEqualTo(without.lastSequence());
            }
        }
        assertThat(sequencer.statistics().totals())
                .as("seed %d", seed)
                .isEqualTo(without.statistics().totals());
    }

    @Test
    void readsTheLinesOfKnownAggregatesUpToItsLimit() {
        for (int id = 0; id < 3; id++) {
            sequencer.offerId(id, 1, 0, 1);
            sequencer.offerId(id, 2, 0, 1);
        }
        final long before = ahead.seen();
        ahead.fetch();
        assertThat(ahead.seen()).as("nothing was expected").isEqualTo(before);
        ahead.expectId(1);
        ahead.fetch();
        final long ofOne = ahead.seen() - before;
        assertThat(ofOne).isNotZero();
        for (int i = 0; i < LookAhead.MAX_EVENTS + 5; i++) {
            ahead.expectId(1);
        }
        ahead.fetch();
        assertThat(ahead.seen() - before).isEqualTo(ofOne * (LookAhead.MAX_EVENTS + 1));
        ahead.fetch();
        assertThat(ahead.seen() - before).as("fetched once").isEqualTo(ofOne * (LookAhead.MAX_EVENTS + 1));
    }
}
