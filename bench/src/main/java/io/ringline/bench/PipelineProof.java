package io.ringline.bench;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.RouterStatistics;
import io.ringline.router.Topology;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.subject.Pattern;
import io.ringline.sequencer.OnGapTooWide;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One round of the model proof: random settings, consumers and events, through the naive model and through the router under
 * each topology; all deliveries in order and all totals must be the same. Under {@code INLINE} time passes in between too.
 */
final class PipelineProof {
    private static final String[] TOKENS = {"a", "b", "cc", "d*", "long-token-with-many-letters"};
    private static final String[] WILD = {"*", "a", "b", "cc", "d*", "*"};
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private final long seed;
    private final Random random;
    private final int maxGap;
    private final int maxBuffer;
    private final boolean force;
    private final List<List<Pattern>> consumers = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private long now = 1;

    /** An event to publish, or time to pass where the event is null. */
    private record Step(PipelineModel.@org.jspecify.annotations.Nullable Published event, long passNs) {}

    PipelineProof(final long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.maxGap = 1 + random.nextInt(12);
        this.maxBuffer = 1 + random.nextInt(8);
        this.force = random.nextInt(4) > 0;
        for (int i = 1 + random.nextInt(70); i > 0; i--) {
            final List<Pattern> patterns = new ArrayList<>();
            for (int p = 1 + random.nextInt(3); p > 0; p--) {
                patterns.add(new Pattern(pattern().getBytes(StandardCharsets.UTF_8)));
            }
            consumers.add(patterns);
        }
        makeSteps();
    }

    private String pattern() {
        if (random.nextInt(8) == 0) {
            return ">";
        }
        final StringBuilder text = new StringBuilder(WILD[random.nextInt(WILD.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append('.').append(WILD[random.nextInt(WILD.length)]);
        }
        return text.append(random.nextInt(3) == 0 ? ".>" : "").toString();
    }

    private String subject() {
        final StringBuilder text = new StringBuilder(TOKENS[random.nextInt(TOKENS.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append('.').append(TOKENS[random.nextInt(TOKENS.length)]);
        }
        return text.toString();
    }

    /** A few aggregates, each with its own stream: shuffled, doubled, lost, contradicted, wild, unnumbered, large. */
    private void makeSteps() {
        final long[] position = new long[1 + random.nextInt(6)];
        for (int i = 200 + random.nextInt(1_000); i > 0; i--) {
            final int which = random.nextInt(position.length);
            final String aggregate = which % 2 == 0 ? Integer.toString(which) : "key" + which;
            long sequence = Math.max(1L, ++position[which] + random.nextInt(7) - 3L);
            if (random.nextInt(40) == 0) {
                sequence = 1L + random.nextInt(10_000);
            } else if (random.nextInt(15) == 0) {
                sequence = 0;
            }
            final int size = random.nextInt(30) == 0 ? 600 + random.nextInt(3_000) : random.nextInt(20);
            final String payload = random.nextInt(5) == 0 ? Integer.toString(i) : "x".repeat(size);
            steps.add(new Step(new PipelineModel.Published(subject(), aggregate, sequence, payload), 0));
            if (random.nextInt(25) == 0) {
                steps.add(new Step(null, random.nextInt((int) TIMEOUT_NS)));
            }
        }
    }

    /** Runs the round. Returns how many events it had. */
    long run() {
        for (final Topology topology : Topology.values()) {
            final boolean timed = topology == Topology.INLINE;
            final PipelineModel model = new PipelineModel(consumers, maxGap, maxBuffer, TIMEOUT_NS, force);
            now = 1;
            final List<List<String>> seen = new ArrayList<>();
            try (Ringline router = Ringline.start(context(topology))) {
                play(router, model, timed, seen);
                compare(topology, model, seen, totals(router.statistics()));
            }
        }
        return steps.stream().filter(step -> step.event != null).count();
    }

    private RouterContext context(final Topology topology) {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .clock(() -> now)
                .ringSize(64)
                .maxPayloadBytes(4_096)
                .maxHeld(4_096)
                .maxSequenceGap(maxGap)
                .maxBufferSize(maxBuffer)
                .sequenceTimeoutNs(TIMEOUT_NS)
                .onGapTooWide(force ? OnGapTooWide.FORCE : OnGapTooWide.DEAD_LETTER);
        for (int i = 0; i < consumers.size(); i++) {
            final ConsumerConfig consumer =
                    new ConsumerConfig("c" + i).channelCapacity(50).channelCapacityBytes(1 << 18);
            consumers.get(i).forEach(pattern -> consumer.patterns(pattern.toString()));
            context.addConsumer(consumer);
        }
        return context;
    }

    private void play(
            final Ringline router, final PipelineModel model, final boolean timed, final List<List<String>> seen) {
        final Publisher publisher = router.publisher();
        consumers.forEach(consumer -> seen.add(new ArrayList<>()));
        for (final Step step : steps) {
            if (step.event != null) {
                model.seen(step.event, maxGap);
                model.publish(step.event, now);
                publish(router, publisher, step.event, seen);
            } else if (timed) {
                settle(router, seen);
                now += step.passNs + TimeUnit.MILLISECONDS.toNanos(5);
                model.expire(now);
                settle(router, seen);
            }
        }
        settle(router, seen);
        model.expire(Long.MAX_VALUE);
        router.releaseHeld();
        settle(router, seen);
    }

    private void publish(
            final Ringline router,
            final Publisher publisher,
            final PipelineModel.Published event,
            final List<List<String>> seen) {
        final UnsafeBuffer subject = bytes(event.subject());
        final UnsafeBuffer payload = bytes(event.payload());
        final EventDraft draft = new EventDraft().sequence(event.sequence()).payload(payload, 0, payload.capacity());
        if (random.nextBoolean()) {
            draft.subject(router.subject(event.subject()));
        } else {
            draft.subject(subject, 0, subject.capacity());
        }
        if (Character.isDigit(event.aggregate().charAt(0))) {
            draft.aggregateId(Long.parseLong(event.aggregate()));
        } else {
            final UnsafeBuffer key = bytes(event.aggregate());
            draft.aggregate(key, 0, key.capacity());
        }
        final long start = System.nanoTime();
        long answer = publisher.tryPublish(draft);
        while (answer == Publisher.BACK_PRESSURED && System.nanoTime() - start < LIMIT_NS) {
            turn(router, seen);
            answer = publisher.tryPublish(draft);
        }
        if (answer < 0) {
            throw new AssertionError("seed " + seed + ": refused with " + answer + ": " + event);
        }
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int turn(final Ringline router, final List<List<String>> seen) {
        int work = router.doWork();
        for (final SubjectConsumer consumer : router.consumers()) {
            final List<String> lines = seen.get(consumer.index());
            work += consumer.poll(
                    event -> {
                        lines.add(PipelineModel.line(
                                event.subject(),
                                event.aggregate(),
                                event.aggregateSequence(),
                                event.globalSequence(),
                                event.gap(),
                                new String(event.payload(), StandardCharsets.UTF_8)));
                        return Outcome.ACK;
                    },
                    1_000);
        }
        return work;
    }

    /** Goes on until all that was published is through the stages and read. */
    private void settle(final Ringline router, final List<List<String>> seen) {
        final long start = System.nanoTime();
        boolean done = false;
        while (!done) {
            final boolean quiet = router.isQuiet();
            final int work = turn(router, seen);
            done = quiet && work == 0 && router.consumers().stream().allMatch(SubjectConsumer::isEmpty);
            if (router.failure() != null || System.nanoTime() - start > LIMIT_NS) {
                throw new AssertionError("seed " + seed + ": stuck or sealed", router.failure());
            }
        }
    }

    private static Map<String, Long> totals(final RouterStatistics statistics) {
        final Map<String, Long> totals = new LinkedHashMap<>();
        totals.put("accepted", statistics.accepted());
        totals.put("released", statistics.released());
        totals.put("duplicates", statistics.duplicates());
        totals.put("late", statistics.late());
        totals.put("tooWide", statistics.gapTooWide());
        totals.put("conflicts", statistics.conflicts());
        totals.put("gaps", statistics.gaps());
        totals.put("missing", statistics.missing());
        totals.put("noMatch", statistics.noMatch());
        return totals;
    }

    private void compare(
            final Topology topology,
            final PipelineModel model,
            final List<List<String>> seen,
            final Map<String, Long> totals) {
        for (int i = 0; i < seen.size(); i++) {
            final List<String> wanted = model.deliveries.get(i);
            final List<String> found = seen.get(i);
            for (int line = 0; line < Math.max(wanted.size(), found.size()); line++) {
                final String want = line < wanted.size() ? wanted.get(line) : "nothing";
                final String got = line < found.size() ? found.get(line) : "nothing";
                if (!want.equals(got)) {
                    throw new AssertionError("seed " + seed + " " + topology + ", consumer " + i + ", delivery " + line
                            + ": the model has\n  " + want + "\nthe router\n  " + got);
                }
            }
        }
        if (!model.totals.equals(totals)) {
            throw new AssertionError("seed " + seed + " " + topology + ": totals: the model has\n  " + model.totals
                    + "\nthe router\n  " + totals);
        }
    }
}
