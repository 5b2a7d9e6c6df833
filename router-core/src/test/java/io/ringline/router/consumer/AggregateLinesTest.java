package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.record.EventRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AggregateLinesTest {
    private final long seed = Long.getLong("ringline.seed", System.nanoTime());

    private static EventRecord event(final int number) {
        return number % 3 == 0 ? ConsumerBench.event(1, "key " + number) : ConsumerBench.event(1, number, 10);
    }

    private static void add(final AggregateLines lines, final Map<Integer, AggregateLine> model, final int number) {
        final EventRecord event = event(number);
        final WaitingEvent waiting = new WaitingEvent();
        waiting.reset(event, event.buffer(), event.offset());
        lines.prepare();
        model.put(number, lines.add(event, waiting));
    }

    @Test
    void aTableThatGrowsHasEachLineAndNoOther() {
        System.out.println("AggregateLinesTest seed " + seed);
        final Random random = new Random(seed);
        final AggregateLines lines = new AggregateLines(1 << 14);
        final Map<Integer, AggregateLine> model = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            add(lines, model, i);
            if (random.nextInt(4) == 0) {
                final List<Integer> known = new ArrayList<>(model.keySet());
                final int number = known.get(random.nextInt(known.size()));
                final AggregateLine line = model.remove(number);
                line.removeHead();
                lines.remove(line);
            }
        }
        for (int i = 0; i < 6_000; i++) {
            assertThat(lines.find(event(i))).as("seed %d, %d", seed, i).isSameAs(model.get(i));
        }
        assertThat(model).hasSizeGreaterThan(3_000);
    }

    @Test
    void linesThatShareAMarkAreFoundAsLongAsTheyAreThere() {
        System.out.println("AggregateLinesTest seed " + seed);
        final Random random = new Random(seed);
        final AggregateLines lines = new AggregateLines(1); // two places: each mark is one of 64
        final Map<Integer, AggregateLine> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final int number = random.nextInt(300);
            if (model.isEmpty() || random.nextBoolean() && !model.containsKey(number) && model.size() < 40) {
                add(lines, model, number);
            } else if (model.containsKey(number)) {
                final AggregateLine line = model.remove(number);
                line.removeHead();
                lines.remove(line);
            }
            final int sought = random.nextInt(300);
            assertThat(lines.find(event(sought)))
                    .as("seed %d, step %d, %d", seed, i, sought)
                    .isSameAs(model.get(sought));
            assertThat(lines.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(lines.marked())
                    .as("seed %d, step %d: no mark stays behind", seed, i)
                    .isLessThanOrEqualTo(model.size());
        }
    }
}
