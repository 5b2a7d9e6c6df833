package io.ringline.bench.soak;

import io.ringline.router.IdleStrategyFactory;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.router.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Publishes its share of a round in all the ways there are, and notes what was accepted. Where threads die it ends now and
 * then with something open, and another thread takes its place.
 */
final class SoakPublisher implements Runnable {
    private static final int MOST_AT_ONCE = 8;
    private static final long WAIT_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private final SoakPlan plan;
    private final SoakInput input;
    private final List<Integer> queue;
    private final Ringline router;
    private final Watch watch;
    private final Random random;
    private final IdleStrategy idle = IdleStrategyFactory.BACKOFF.create();
    private final SoakDrafts drafts = new SoakDrafts(MOST_AT_ONCE);
    private final boolean turnsStages;
    private @Nullable Publisher publisher;
    private int position;
    private int dieAt = Integer.MAX_VALUE;
    private int leftOpen;
    private volatile boolean done;

    /** What was accepted, in order; and how many slots passed through the ring as nothing. Read once the thread has ended. */
    final List<Integer> accepted = new ArrayList<>();

    long aborted;
    long abandoned;
    long malformed;

    SoakPublisher(
            final SoakPlan plan, final SoakInput input, final int index, final Ringline router, final Watch watch) {
        this.plan = plan;
        this.input = input;
        this.queue = input.queues.get(index);
        this.router = router;
        this.watch = watch;
        this.random = new Random(plan.seed * 31 + 100 + index);
        this.turnsStages = plan.topology == Topology.INLINE && !plan.multi;
    }

    boolean isDone() {
        return done;
    }

    @Override
    public void run() {
        try {
            final Publisher now = takeOver();
            dieAt = plan.threadsDie ? position + 200 + random.nextInt(2_000) : Integer.MAX_VALUE;
            while (position < queue.size() && position < dieAt) {
                step(now);
            }
            if (position < queue.size()) {
                leaveSomethingOpen(now);
            } else {
                done = true;
            }
        } catch (final Throwable failure) {
            watch.fail(failure);
        }
    }

    /** Goes on where the thread before has died. */
    private Publisher takeOver() {
        final Publisher before = publisher;
        if (before == null || plan.multi && random.nextBoolean()) {
            final Publisher fresh = router.publisher();
            publisher = fresh;
            return fresh;
        }
        final int passed = before.takeOver();
        if (passed > leftOpen || !plan.multi && passed != leftOpen) {
            watch.fail("takeOver() passed " + passed + " slots, and " + leftOpen + " were open");
        }
        return before;
    }

    private void leaveSomethingOpen(final Publisher to) {
        if (random.nextBoolean()) {
            leftOpen = to.tryClaim(drafts.fill(0, input.ghost(random))) < 0 ? 0 : 1;
        } else {
            final int slots = to.tryOpenBatch(1 + random.nextInt(MOST_AT_ONCE));
            int used = 0;
            for (int i = random.nextInt(3); i > 0 && used < slots; i--) {
                used += to.tryPublish(drafts.fill(0, input.ghost(random))) < 0 ? 0 : 1;
            }
            if (used < slots && random.nextBoolean()) {
                used += to.tryClaim(drafts.fill(0, input.ghost(random))) < 0 ? 0 : 1;
            }
            leftOpen = plan.multi ? Math.max(0, slots) : used;
        }
        abandoned += leftOpen;
    }

    private void step(final Publisher to) {
        watch.check("room in the ring");
        final int before = accepted.size();
        switch (random.nextInt(10)) {
            case 0 -> publishWaiting(to);
            case 1, 2 -> claimAndCommit(to);
            case 3 -> claimAndAbort(to);
            case 4, 5 -> publishBatch(to);
            case 6 -> writeBatch(to);
            case 7 -> publishOdd(to);
            default -> note(to.tryPublish(drafts.fill(0, next())), 1);
        }
        final int more = accepted.size() - before;
        position += more;
        watch.onPublished(more);
        if (more == 0) {
            idle(to);
            return;
        }
        idle.reset();
        if (turnsStages && random.nextInt(4) == 0) {
            router.doWork();
        }
    }

    private Item next() {
        return item(0);
    }

    private Item item(final int ahead) {
        return input.items.get(queue.get(position + ahead));
    }

    /** Notes as many of the next items as accepted where the answer is no refusal. */
    private boolean note(final long answer, final int count) {
        if (answer < 0) {
            mustBeFull(answer);
            return false;
        }
        for (int i = 0; i < count; i++) {
            accepted.add(queue.get(position + i));
        }
        return true;
    }

    private void mustBeFull(final long answer) {
        if (answer != Publisher.BACK_PRESSURED) {
            throw new AssertionError("a publisher was answered " + answer + ", router failure: " + router.failure());
        }
    }

    private void publishWaiting(final Publisher to) {
        note(to.publish(drafts.fill(0, next()), WAIT_NS), 1);
    }

    private void claimAndCommit(final Publisher to) {
        final Item item = next();
        final long claim = to.tryClaim(drafts.header(item));
        if (claim >= 0) {
            item.writePayload(to.payloadBuffer(), to.payloadOffset());
            if (random.nextInt(500) == 0) {
                LockSupport.parkNanos(2 * plan.claimTimeoutNs); // a thread that lives may take its time
            }
            to.commit(claim);
        }
        note(claim, 1);
    }

    private void claimAndAbort(final Publisher to) {
        final long claim = to.tryClaim(drafts.header(input.ghost(random)));
        if (claim >= 0) {
            to.abort(claim);
            aborted++;
        } else {
            mustBeFull(claim);
        }
    }

    private int upTo() {
        return 1 + random.nextInt(Math.min(MOST_AT_ONCE, queue.size() - position));
    }

    private void publishBatch(final Publisher to) {
        final int count = upTo();
        for (int i = 0; i < count; i++) {
            drafts.fill(i, item(i));
        }
        final long taken = to.tryPublishBatch(drafts.all(), 0, count);
        note(taken, (int) taken);
    }

    private void writeBatch(final Publisher to) {
        final int slots = to.tryOpenBatch(upTo());
        if (slots < 0) {
            mustBeFull(slots);
            return;
        }
        int taken = 0;
        boolean full = false;
        for (int used = 0; used < slots && !full; used++) {
            final int way = random.nextInt(4);
            final Item item = way == 0 ? input.ghost(random) : item(taken);
            final long answer = way == 1 ? to.tryPublish(drafts.fill(0, item)) : to.tryClaim(drafts.header(item));
            full = answer < 0;
            if (full) {
                mustBeFull(answer); // no large buffer is free
            } else if (way == 0) {
                to.abort(answer);
                aborted++;
            } else {
                if (way > 1) {
                    item.writePayload(to.payloadBuffer(), to.payloadOffset());
                    to.commit(answer);
                }
                taken++;
            }
        }
        to.closeBatch();
        note(0, taken);
    }

    /** What must be refused, or is no event. */
    private void publishOdd(final Publisher to) {
        final Item ghost = input.ghost(random);
        switch (random.nextInt(4)) {
            case 0 -> mustRefuse(to.tryPublish(drafts.fill(0, ghost).sequence(-1)), Publisher.INVALID_SEQUENCE);
            case 1 -> mustRefuse(to.tryPublish(drafts.badSubject(ghost)), Publisher.INVALID_SUBJECT);
            case 2 -> mustRefuse(to.tryPublish(drafts.tooLarge(ghost)), Publisher.PAYLOAD_TOO_LARGE);
            default -> {
                final long answer = to.tryPublish(drafts.malformed(ghost));
                if (answer >= 0) {
                    malformed++;
                } else {
                    mustBeFull(answer);
                }
            }
        }
    }

    private void mustRefuse(final long answer, final long code) {
        if (answer != code) {
            throw new AssertionError("a publisher was answered " + answer + " instead of " + code);
        }
    }

    private void idle(final Publisher to) {
        if (turnsStages) {
            idle.idle(router.doWork());
        } else if (random.nextInt(20) == 0) {
            awaitRoom(to);
        } else {
            idle.idle(0);
        }
    }

    private void awaitRoom(final Publisher to) {
        final AtomicBoolean told = new AtomicBoolean();
        if (to.whenRoom(1 + random.nextInt(plan.ringSize / 2), () -> told.set(true))) {
            watch.await("word that there is room", told::get, () -> 0);
        }
    }
}
