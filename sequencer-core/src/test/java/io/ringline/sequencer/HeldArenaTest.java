package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeldArenaTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "3, 64", "1000, 65", "70000, 1100", "3, 40000000"})
    void blocksLieApartAndHoldWhatTheyMust(final int blocks, final int blockBytes) {
        final HeldArena arena = new HeldArena(blocks, blockBytes);
        for (int i = 0; i < blocks; i++) {
            arena.buffer(i).putByte(arena.offset(i) + blockBytes - 1, (byte) 77);
            arena.buffer(i).putInt(arena.offset(i), i);
        }
        for (int i = 0; i < blocks; i++) {
            assertThat(arena.buffer(i).getInt(arena.offset(i))).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "maxSequenceGap, 0, 1, 1, 1",
        "maxBufferSize, 1, -1, 1, 1",
        "maxHeld, 1, 1, 0, 1",
        "maxHeld, 1, 1, 2000000000, 1",
        "sequenceTimeoutNs, 1, 1, 1, 0"
    })
    void wrongSettingsAreNamed(
            final String name, final int gap, final int buffer, final int held, final long timeoutNs) {
        assertThatThrownBy(() ->
                        new SequencerSettings(Ordering.AGGREGATE, gap, buffer, held, timeoutNs, OnGapTooWide.FORCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name + " is ");
    }
}
