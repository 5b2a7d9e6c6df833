package io.ringline.bench;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.EventDraft;
import io.ringline.router.OverflowPolicy;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.DeadLetter;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.DeadLetterReader;
import io.ringline.router.journal.JournalSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * What do two consumers notice of a third that stops polling, all three of the same events? {@code FUSED}: the router's thread,
 * and one that publishes at an even pace and polls. How late an event is counts from when it was due, so that a pause is seen by
 * all that were due in it. The one that stops stands between the two others: one of them gets each event before it, one after.
 * In a JVM of its own.
 */
final class DeliveryIsolation {
    /** Well below what the router can do, so that how late events are is not the queue of a router that is full. */
    static final int EVENTS_A_SECOND = 50_000;

    private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1) / EVENTS_A_SECOND;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int AGGREGATES = 1_000;
    private static final int PAYLOAD_BYTES = 64;
    private static final int BATCH = 64;
    private static final int NEARLY_NOTHING = 100;
    private static final int EXTRA_PARTS = 10;
    private static final String STOPPED = "stopped";

    /** Room for a minute of dead letters' texts, so that the collector seldom runs; its pages are touched before. */
    private static final List<String> HEAP =
            List.of("-XX:+UseSerialGC", "-Xms768m", "-Xmx768m", "-Xmn384m", "-XX:+AlwaysPreTouch");

    private final OverflowPolicy policy;
    private final Plan plan;
    private final File journalDir;
    private final File letterDir;
    private final EventDraft draft = new EventDraft();
    private final Ringline router;
    private final Publisher publisher;
    private final SubjectConsumer[] consumers;
    private final IsolationReceiver[] receivers;
    private final IsolationReceiver stopped;
    private final SubjectConsumer stoppedConsumer;
    private final long dueNs;
    private boolean isStopped;
    private long published;

    /**
     * How long it takes, seconds.
     *
     * @param warmUp before anything is measured.
     * @param phase  each: while all are polled, and while one is not.
     */
    record Plan(int warmUp, int phase) {
        int seconds() {
            return warmUp + 2 * phase;
        }
    }

    /**
     * What the two others had, while all were polled (base) and while the third was not; of them the one that lost more.
     *
     * @param baseRate events a second.
     * @param rate     the same, during the stop.
     * @param baseTail p99.9, nanoseconds: the median of its seconds'.
     * @param tail     the same, during the stop.
     * @param spread   half of what the seconds' of the stop spread over.
     */
    record Found(double baseRate, double rate, double baseTail, double tail, double spread) {
        double rateRatio() {
            return rate / baseRate;
        }

        double tailRatio() {
            return baseTail / tail;
        }
    }

    DeliveryIsolation(final OverflowPolicy policy, final Plan plan, final Path folder) {
        this.policy = policy;
        this.plan = plan;
        this.journalDir = folder.resolve("journal").toFile();
        this.letterDir = folder.resolve("dead-letters").toFile();
        this.router = Ringline.start(context());
        this.publisher = router.publisher();
        this.stoppedConsumer = router.consumer(STOPPED);
        this.consumers = new SubjectConsumer[] {router.consumer("before"), router.consumer("after")};
        this.dueNs = System.nanoTime();
        this.receivers = new IsolationReceiver[] {receiver(), receiver()};
        this.stopped = receiver();
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_BYTES]);
        draft.subject(router.subject("event.graph.7.node.added")).payload(payload, 0, PAYLOAD_BYTES);
    }

    static Found measure(final OverflowPolicy policy, final Plan plan) throws IOException, InterruptedException {
        final double[] values = ChildJvm.found(
                HEAP,
                DeliveryIsolation.class,
                policy.name(),
                Integer.toString(plan.warmUp),
                Integer.toString(plan.phase));
        return new Found(values[0], values[1], values[2], values[3], values[4]);
    }

    /**
     * Measures, and prints one line. What it writes is put into the current folder.
     *
     * @param args a constant of {@link OverflowPolicy}, and the {@link Plan}'s seconds.
     */
    public static void main(final String[] args) {
        final Plan plan = new Plan(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        final Found found = new DeliveryIsolation(OverflowPolicy.valueOf(args[0]), plan, Path.of("")).run();
        System.out.printf(
                Locale.ROOT,
                "found %.1f %.1f %.0f %.0f %.0f%n",
                found.baseRate,
                found.rate,
                found.baseTail,
                found.tail,
                found.spread);
    }

    private RouterContext context() {
        final RouterContext context = new RouterContext()
                .topology(Topology.FUSED)
                .idleStrategy(() -> YieldingIdleStrategy.INSTANCE) // two cores, and Chronicle has a thread of its own
                .slotBytes(256)
                .maxHeadersBytes(0)
                .maxSubjectBytes(256)
                .maxPayloadBytes(1_024);
        if (policy == OverflowPolicy.REPLAY) {
            context.journal(ChronicleJournal.open(journalDir, new JournalSettings()));
        }
        if (policy == OverflowPolicy.DEAD_LETTER) {
            context.deadLetters(DeadLetterLog.open(letterDir, new JournalSettings()));
        }
        return context.addConsumer(new ConsumerConfig("before").patterns(">"))
                .addConsumer(new ConsumerConfig(STOPPED).patterns(">").overflow(policy))
                .addConsumer(new ConsumerConfig("after").patterns(">"));
    }

    private IsolationReceiver receiver() {
        return new IsolationReceiver(new IsolationTails(plan.seconds(), EVENTS_A_SECOND), dueNs, PERIOD_NS);
    }

    /** All phases, and the check. @throws IllegalStateException where an event was lost, came twice, or out of order. */
    Found run() {
        final double[] base;
        final double[] stop;
        try {
            publishUntil((long) plan.warmUp * EVENTS_A_SECOND);
            base = rates();
            isStopped = true;
            stop = rates();
            isStopped = false;
            catchUp();
        } finally {
            router.close();
        }
        check();
        Found worst = found(0, base, stop);
        final Found other = found(1, base, stop);
        if (other.tailRatio() < worst.tailRatio()) {
            worst = new Found(worst.baseRate, worst.rate, other.baseTail, other.tail, other.spread);
        }
        return other.rateRatio() < worst.rateRatio()
                ? new Found(other.baseRate, other.rate, worst.baseTail, worst.tail, worst.spread)
                : worst;
    }

    private Found found(final int which, final double[] base, final double[] stop) {
        final IsolationTails tails = receivers[which].tails();
        final int middle = plan.warmUp + plan.phase;
        final double[] before = tails.sorted(plan.warmUp, middle);
        final double[] during = tails.sorted(middle, plan.seconds());
        return new Found(
                base[which],
                stop[which],
                IsolationTails.median(before),
                IsolationTails.median(during),
                (during[during.length - 1] - during[0]) / 2);
    }

    /** Goes through a phase. @return what each of the two others received a second. */
    private double[] rates() {
        final double[] rates = new double[receivers.length];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = -receivers[i].received();
        }
        final long from = System.nanoTime();
        publishUntil(published + (long) plan.phase * EVENTS_A_SECOND);
        final double seconds = (System.nanoTime() - from) / 1e9;
        for (int i = 0; i < rates.length; i++) {
            rates[i] = (rates[i] + receivers[i].received()) / seconds;
        }
        return rates;
    }

    private void publishUntil(final long last) {
        while (published < last) {
            final long now = System.nanoTime();
            int work = 0;
            while (work < BATCH && published < last && now - dueNs >= (published + 1) * PERIOD_NS && publish()) {
                work++;
            }
            YieldingIdleStrategy.INSTANCE.idle(work + poll());
        }
    }

    private boolean publish() {
        final long answer = publisher.tryPublish(draft.aggregateId(published % AGGREGATES));
        if (answer < 0 && answer != Publisher.BACK_PRESSURED) {
            throw new IllegalStateException("publishing was answered with " + answer, router.failure());
        }
        published += answer < 0 ? 0 : 1;
        return answer >= 0;
    }

    private int poll() {
        int done = receivers[0].poll(consumers[0]) + receivers[1].poll(consumers[1]);
        if (!isStopped) {
            done += stopped.poll(stoppedConsumer);
        }
        return done;
    }

    /** Publishes on until the one that was stopped has come to the newest events; then waits until all is through. */
    private void catchUp() {
        final long deadline = System.nanoTime() + PATIENCE_NS;
        do {
            publishUntil(published + EVENTS_A_SECOND / EXTRA_PARTS);
        } while (stoppedConsumer.lag() > NEARLY_NOTHING && System.nanoTime() < deadline);
        while (!isThrough()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not through after a minute: " + router.report(), router.failure());
            }
            YieldingIdleStrategy.INSTANCE.idle(poll());
        }
    }

    private boolean isThrough() {
        return router.isQuiet() && consumers[0].isEmpty() && consumers[1].isEmpty() && stoppedConsumer.isEmpty();
    }

    private void check() {
        receivers[0].check(consumers[0].name(), published, 0);
        receivers[1].check(consumers[1].name(), published, 0);
        final long elsewhere = switch (policy) {
            case DROP_NEWEST -> stoppedConsumer.dropped();
            case DEAD_LETTER -> letters();
            default -> 0;
        };
        stopped.check(STOPPED + ", " + policy, published, elsewhere);
        if (elsewhere + stoppedConsumer.eventsReplayed() == 0) {
            throw new IllegalStateException(policy + ": the channel of the one that was stopped was never full");
        }
    }

    /** How many dead letters there are, each of another event that was not received. */
    private long letters() {
        final DeadLetter letter = new DeadLetter();
        long count = 0;
        try (DeadLetterReader reader = DeadLetterReader.open(letterDir)) {
            while (reader.next(letter)) {
                final long number = letter.record().globalSequence();
                if (!stopped.missed(number)) {
                    throw new IllegalStateException("event " + number + " was received, or has two dead letters");
                }
                count++;
            }
        }
        if (count != stoppedConsumer.deadLettered()) {
            throw new IllegalStateException(
                    stoppedConsumer.deadLettered() + " dead letters were counted, " + count + " are kept");
        }
        return count;
    }
}
