package io.ringline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.sequencer.Ordering;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What Ringline's sequencer and its peers must all do, or it would not be fair to compare them. */
class OrdererContractTest {
    private static final int AGGREGATES = 7;

    private final UnsafeBuffer keys = new UnsafeBuffer(new byte[AGGREGATES * Orderer.KEY_BYTES]);
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[Orderer.PAYLOAD_BYTES]);
    private final List<String> released = new ArrayList<>();
    private Orderer orderer;
    private long source;

    OrdererContractTest() {
        final Random random = new Random(1);
        for (int at = 0; at < keys.capacity(); at += Long.BYTES) {
            keys.putLong(at, random.nextLong());
        }
    }

    static Stream<Arguments> all() {
        return Stream.of(Orderer.Kind.values())
                .flatMap(kind -> Stream.of(Orderer.Keys.values()).map(keys -> Arguments.of(kind, keys)));
    }

    private void start(final Orderer.Kind kind, final Orderer.Keys by, final Ordering ordering) {
        orderer = kind.make(by, ordering, (global, bytes, offset) -> {
            assertThat(global).isEqualTo(released.size() + 1);
            assertThat(bytes.getLong(offset + Orderer.PAYLOAD_BYTES - Long.BYTES))
                    .isEqualTo(~bytes.getLong(offset));
            released.add(bytes.getInt(offset) + "#" + bytes.getInt(offset + Integer.BYTES));
        });
    }

    private void offer(final int aggregate, final int sequence, final long sourceSequence) {
        payload.putInt(0, aggregate);
        payload.putInt(Integer.BYTES, sequence);
        payload.putLong(Orderer.PAYLOAD_BYTES - Long.BYTES, ~payload.getLong(0));
        orderer.offer(keys, aggregate * Orderer.KEY_BYTES, sequence, sourceSequence, payload);
    }

    private void inTurn(final int aggregate, final int... sequences) {
        for (final int sequence : sequences) {
            offer(aggregate, sequence, ++source);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void keepsEachAggregatesOrder(final Orderer.Kind kind, final Orderer.Keys by) {
        start(kind, by, Ordering.AGGREGATE);
        inTurn(0, 1);
        inTurn(1, 2);
        inTurn(0, 3);
        inTurn(2, 1);
        assertThat(orderer.held()).isEqualTo(2);
        inTurn(1, 1);
        inTurn(0, 2, 4);
        assertThat(released).containsExactly("0#1", "2#1", "1#1", "1#2", "0#2", "0#3", "0#4");
        assertThat(orderer.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void releasesANumberOnce(final Orderer.Kind kind, final Orderer.Keys by) {
        start(kind, by, Ordering.AGGREGATE);
        inTurn(3, 1, 1, 3, 3, 4, 3, 2, 4, 5);
        assertThat(released).containsExactly("3#1", "3#2", "3#3", "3#4", "3#5");
        assertThat(orderer.duplicates()).isEqualTo(4);
        assertThat(orderer.held()).isZero();
    }

    @ParameterizedTest
    @MethodSource("all")
    void holdsWhatIsAHundredAheadAndRefusesOneMore(final Orderer.Kind kind, final Orderer.Keys by) {
        start(kind, by, Ordering.AGGREGATE);
        inTurn(4, 102);
        assertThat(orderer.tooWide()).isEqualTo(1);
        inTurn(4, 101);
        assertThat(orderer.held()).isEqualTo(1);
        for (int sequence = 1; sequence <= 100; sequence++) {
            inTurn(4, sequence);
        }
        assertThat(released).hasSize(101).endsWith("4#100", "4#101");
        assertThat(orderer.tooWide()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("all")
    void keepsTheSourcesOrderInGlobal(final Orderer.Kind kind, final Orderer.Keys by) {
        start(kind, by, Ordering.GLOBAL);
        offer(0, 1, 3);
        offer(1, 2, 2); // must wait twice: for its source's turn, and for its aggregate's
        offer(0, 2, 4);
        offer(1, 1, 1);
        offer(1, 1, 1);
        assertThat(released).containsExactly("1#1", "1#2", "0#1", "0#2");
        assertThat(orderer.duplicates()).isEqualTo(1);
        offer(1, 4, 5);
        offer(1, 3, 6);
        assertThat(released).endsWith("1#3", "1#4");
        assertThat(orderer.held()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anyOrderWithinReachComesOutInOrder(final Orderer.Kind kind) {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("OrdererContractTest " + kind + ": -Dringline.seed=" + seed);
        final Random random = new Random(seed);
        start(kind, Orderer.Keys.BYTES, Ordering.AGGREGATE);
        final List<List<String>> expected = new ArrayList<>();
        for (int aggregate = 0; aggregate < AGGREGATES; aggregate++) {
            expected.add(new ArrayList<>());
        }
        for (int block = 0; block < 200; block++) {
            final List<int[]> events = new ArrayList<>();
            for (int aggregate = 0; aggregate < AGGREGATES; aggregate++) {
                for (int i = 1; i <= 30; i++) {
                    events.add(new int[] {aggregate, block * 30 + i});
                    expected.get(aggregate).add(aggregate + "#" + (block * 30 + i));
                }
            }
            Collections.shuffle(events, random);
            events.forEach(event -> inTurn(event[0], event[1]));
        }
        for (int aggregate = 0; aggregate < AGGREGATES; aggregate++) {
            final String prefix = aggregate + "#";
            assertThat(released.stream().filter(name -> name.startsWith(prefix)))
                    .as("seed " + seed)
                    .containsExactlyElementsOf(expected.get(aggregate));
        }
        assertThat(orderer.held()).isZero();
    }
}
