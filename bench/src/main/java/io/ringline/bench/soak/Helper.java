package io.ringline.bench.soak;

import io.ringline.bench.soak.Item.Aggregate;
import io.ringline.bench.soak.Item.Naming;
import io.ringline.router.consumer.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What goes on beside: acknowledges deferred events, out of order, and some things that were never deferred; releases held
 * aggregates; gives dead pollers a successor. One thread.
 */
final class Helper {
    private static final int LEFT_ALONE = 4;

    private final List<SoakHandler> handlers;
    private final SoakInput input;
    private final Random random;
    private final List<List<Call>> waiting = new ArrayList<>();
    private final long[] unfit;

    Helper(final List<SoakHandler> handlers, final SoakInput input, final Random random) {
        this.handlers = handlers;
        this.input = input;
        this.random = random;
        this.unfit = new long[handlers.size()];
        handlers.forEach(each -> waiting.add(new ArrayList<>()));
    }

    /** One turn. @return how much was done. */
    int turn() {
        int done = 0;
        for (int i = 0; i < handlers.size(); i++) {
            done += acknowledge(i);
            if (handlers.get(i).plan.releases && random.nextInt(4) == 0) {
                release(handlers.get(i));
            }
        }
        return done;
    }

    /** How many acknowledgements of one consumer fitted no event. */
    long unfit(final int handler) {
        return unfit[handler];
    }

    private int acknowledge(final int index) {
        final SoakHandler handler = handlers.get(index);
        final List<Call> calls = waiting.get(index);
        for (Call call = handler.deferred.poll(); call != null; call = handler.deferred.poll()) {
            calls.add(call);
        }
        int done = 0;
        while (!calls.isEmpty() && random.nextInt(LEFT_ALONE) > 0) {
            final Call call = calls.remove(random.nextInt(calls.size()));
            final Outcome outcome = handler.plan.later(call.item.id(), call.attempt);
            call.later(outcome);
            if (!handler.acknowledge(call, outcome)) {
                calls.add(call);
                break;
            }
            done++;
            if (outcome == Outcome.ACK && random.nextInt(8) == 0) {
                misfit(index, call.globalSequence);
            }
        }
        if (random.nextInt(200) == 0) {
            misfit(index, Long.MAX_VALUE - random.nextInt(10));
        }
        return done;
    }

    private void misfit(final int index, final long globalSequence) {
        if (handlers.get(index).consumer.acknowledge(globalSequence, 1, Outcome.RETRY)) {
            unfit[index]++;
        }
    }

    private void release(final SoakHandler handler) {
        final Aggregate aggregate = input.aggregates.get(random.nextInt(input.aggregates.size()));
        if (aggregate.naming() == Naming.ID) {
            handler.consumer.releaseAggregate(aggregate.index());
        } else {
            final UnsafeBuffer key = new UnsafeBuffer(aggregate.key());
            handler.consumer.releaseAggregate(key, 0, key.capacity());
        }
    }
}
