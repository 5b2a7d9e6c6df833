package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ParkingMemoryTest {
    private final long seed = Long.getLong("ringline.seed", System.nanoTime());

    private static EventRecord ofLength(final int sequence, final int bytes) {
        return ConsumerBench.event(sequence, sequence, bytes - EventRecord.HEADER_BYTES - 1);
    }

    @Test
    void placesOfShortEventsMakeRoomForALongOne() {
        final Parking parking = new Parking(64, 4_096);
        parking.prepare();
        final List<WaitingEvent> parked = new ArrayList<>();
        for (int i = 1; i <= 32; i++) {
            parked.add(Objects.requireNonNull(parking.copy(ofLength(i, 128))));
        }
        assertThat(parking.copy(ofLength(33, 128))).isNull();
        for (final WaitingEvent event : parked.subList(1, 32)) {
            parking.remove(event);
        }
        assertThat(parking.parked()).isEqualTo(1);
        assertThat(parking.copy(ofLength(34, 2_048))).isNotNull();
        assertThat(parking.copy(ofLength(35, 4_097))).isNull();
    }

    @Test
    void whatIsParkedStaysAsItIs() {
        System.out.println("ParkingMemoryTest seed " + seed);
        final Random random = new Random(seed);
        final Parking parking = new Parking(50, 1 << 14);
        parking.prepare();
        final List<WaitingEvent> parked = new ArrayList<>();
        final EventRecord record = new EventRecord();
        int refused = 0;
        for (int i = 1; i <= 20_000; i++) {
            if (random.nextInt(100) < (i / 1_000 % 2 == 0 ? 40 : 60)) {
                final WaitingEvent event = parking.copy(ofLength(i, 100 + random.nextInt(900)));
                refused += event == null ? 1 : 0;
                if (event != null) {
                    assertThat(event.globalSequence).isEqualTo(i);
                    parked.add(event);
                }
            } else if (!parked.isEmpty()) {
                final WaitingEvent event = parked.remove(random.nextInt(parked.size()));
                record.wrap(event.memory, event.offset);
                assertThat(record.globalSequence()).as("seed %d", seed).isEqualTo(event.globalSequence);
                assertThat(record.aggregateId()).isEqualTo(event.globalSequence);
                assertThat(record.length()).isEqualTo(event.length);
                parking.remove(event);
            }
            assertThat(parking.parked()).isEqualTo(parked.size());
        }
        assertThat(refused).isPositive();
    }

    @Test
    void theShortestRecordIsTouchedAndNothingBehindIt() {
        final Parking parking = new Parking(1, EventRecord.HEADER_BYTES);
        parking.prepare();
        final EventRecord event = new EventRecord().wrap(new UnsafeBuffer(new byte[EventRecord.HEADER_BYTES]), 0);
        event.init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_ID, 0, 0, 0, 0, 7, 0, -1);
        parking.touch(parking.copy(event));
        parking.touch(null);
        assertThat(parking.touched()).isZero();
    }
}
