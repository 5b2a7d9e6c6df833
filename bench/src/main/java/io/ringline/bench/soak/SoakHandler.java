package io.ringline.bench.soak;

import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.RetryMode;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One consumer's handler: notes each call, answers as planned, and looks at once whether the event may come now, after what
 * came before it. The polling thread's, but for what is deferred.
 */
final class SoakHandler implements ConsumerHandler {
    private static final int ONE_FOR_ALL = -1;

    final ConsumerPlan plan;
    final SubjectConsumer consumer;
    /** Read by others once the polling thread has ended. */
    final List<Call> calls = new ArrayList<>();
    /** What waits for a word from another thread. */
    final Queue<Call> deferred = new ConcurrentLinkedQueue<>();

    private final SoakInput input;
    private final Watch watch;
    private final Map<Integer, Call> last = new HashMap<>();
    private final AtomicInteger outstanding = new AtomicInteger();

    /** Thrown by a handler that will not even say what is wrong. */
    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings("OverrideThrowableToString") // the point of it
        public String toString() {
            throw new IllegalStateException("nor can this be said");
        }
    }

    SoakHandler(final ConsumerPlan plan, final SubjectConsumer consumer, final SoakInput input, final Watch watch) {
        this.plan = plan;
        this.consumer = consumer;
        this.input = input;
        this.watch = watch;
    }

    @Override
    @SuppressWarnings("NullAway") // a handler that answers null is one of the failures
    public Outcome onEvent(final Event event) {
        final Call call;
        try {
            call = note(event);
        } catch (final RuntimeException bug) {
            watch.fail(bug);
            return Outcome.ACK;
        }
        return switch (call.answer) {
            case ACK -> Outcome.ACK;
            case RETRY -> Outcome.RETRY;
            case REJECT -> Outcome.REJECT;
            case NULL -> null;
            case THROW -> throw new IllegalStateException("a handler that fails");
            case THROW_UNSPEAKABLE -> throw new Unspeakable();
            case OVERFLOW_STACK -> deeper(call.globalSequence);
            case DEFER -> defer(call);
        };
    }

    /** An item by its id. */
    Item item(final int id) {
        return input.items.get(id);
    }

    @SuppressWarnings("InfiniteRecursion") // the point of it
    private static Outcome deeper(final long depth) {
        if (depth % 8 != 0) { // the real thing takes its time
            throw new StackOverflowError("as if too deep");
        }
        return deeper(depth + 8) == Outcome.ACK ? Outcome.RETRY : Outcome.ACK;
    }

    private Outcome defer(final Call call) {
        if (outstanding.incrementAndGet() > plan.maxOutstanding) {
            watch.fail(plan.name + " has more than " + plan.maxOutstanding + " events outstanding: " + call);
        }
        if (plan.isEarly(call.item.id(), call.attempt)) {
            final Outcome outcome = plan.later(call.item.id(), call.attempt);
            call.later(outcome);
            if (acknowledge(call, outcome)) {
                return Outcome.DEFER;
            }
        }
        deferred.add(call);
        return Outcome.DEFER;
    }

    /** Says what became of a deferred event. Any thread. @return false where there was no room. */
    boolean acknowledge(final Call call, final Outcome outcome) {
        outstanding.decrementAndGet(); // before the consumer knows
        if (consumer.acknowledge(call.globalSequence, outcome)) {
            return true;
        }
        outstanding.incrementAndGet();
        return false;
    }

    private Call note(final Event event) {
        final int id = event.payloadLength() < Item.LEAST_BYTES ? -1 : Item.id(event.buffer(), event.payloadOffset());
        if (id < 0 || id >= input.items.size()) {
            throw new IllegalStateException(plan.name + " was handed what nobody published: '" + event.subject() + "' @"
                    + event.globalSequence() + ", payload says " + id);
        }
        final Item item = input.items.get(id);
        final int line = plan.retryMode == RetryMode.HEAD_OF_LINE
                ? ONE_FOR_ALL
                : item.aggregate().index();
        final Call before = last.get(line);
        final int attempt = before != null && before.globalSequence == event.globalSequence() ? before.attempt + 1 : 1;
        final Call call = new Call(item, event.globalSequence(), attempt, plan.answer(id, attempt, calls.size()));
        if (before != null) {
            checkOrder(before, call);
        }
        final String difference = item.difference(event);
        if (difference != null) {
            watch.fail(plan.name + " was handed " + call + " with " + difference);
        }
        calls.add(call);
        last.put(line, call);
        return call;
    }

    private void checkOrder(final Call before, final Call call) {
        final String problem;
        if (call.globalSequence < before.globalSequence) {
            problem = "comes after a later one";
        } else if (call.globalSequence > before.globalSequence) {
            problem = before.isSettled(plan.maxRetries) ? "" : "comes before that is settled";
        } else if (!before.item.equals(call.item)) {
            problem = "is another event of the same number";
        } else if (!before.isFailure()) {
            problem = "comes again";
        } else {
            problem = before.attempt > plan.maxRetries && !plan.breaks ? "comes too often" : "";
        }
        if (!problem.isEmpty()) {
            watch.fail(plan.name + ": " + call + " " + problem + ": " + before);
        }
    }
}
