package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BuddyAllocatorTest {
    @Test
    void allOfItCanBeTakenAndComesBackWhole() {
        final BuddyAllocator allocator = new BuddyAllocator(1 << 16, 1 << 10);
        assertThat(allocator.allocate((1 << 16) + 1)).isEqualTo(BuddyAllocator.NONE);
        assertThat(allocator.allocate(1 << 16)).isZero();
        assertThat(allocator.allocate(1)).isEqualTo(BuddyAllocator.NONE);
        allocator.free(0);
        for (int i = 0; i < 64; i++) {
            assertThat(allocator.allocate(1)).isEqualTo(i << 10);
        }
        assertThat(allocator.allocate(1)).isEqualTo(BuddyAllocator.NONE);
        for (int i = 63; i >= 0; i--) {
            allocator.free(i << 10);
        }
        assertThat(allocator.allocate(1 << 16)).isZero();
    }

    @Test
    void runsNeverOverlapAndRoomIsNeverLost() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final BuddyAllocator allocator = new BuddyAllocator(1 << 20, 1 << 10);
        final TreeMap<Integer, Integer> taken = new TreeMap<>();
        int refused = 0;
        for (int step = 0; step < 200_000; step++) {
            if (random.nextInt(3) > 0 || taken.isEmpty()) {
                final int bytes = 1 + random.nextInt(1 << 10 + random.nextInt(8));
                final int offset = allocator.allocate(bytes);
                if (offset == BuddyAllocator.NONE) {
                    refused++;
                    continue;
                }
                final Map.Entry<Integer, Integer> before = taken.floorEntry(offset);
                final Map.Entry<Integer, Integer> after = taken.ceilingEntry(offset);
                assertThat(before == null || before.getKey() + before.getValue() <= offset)
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(after == null || offset + bytes <= after.getKey())
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(offset + bytes).as("seed %d", seed).isLessThanOrEqualTo(1 << 20);
                taken.put(offset, bytes);
            } else {
                final Integer some = taken.ceilingKey(random.nextInt(1 << 20));
                final int offset = some == null ? taken.firstKey() : some;
                taken.remove(offset);
                allocator.free(offset);
            }
        }
        taken.keySet().forEach(allocator::free);
        assertThat(allocator.allocate(1 << 20)).as("seed %d", seed).isZero();
        assertThat(refused).as("seed %d: a full memory was met", seed).isPositive();
    }

    @Test
    void sizesAreChecked() {
        assertThatThrownBy(() -> new BuddyAllocator(1_000, 8)).hasMessageContaining("powers of two");
        assertThatThrownBy(() -> new BuddyAllocator(1_024, 2_048)).hasMessageContaining("powers of two");
    }
}
