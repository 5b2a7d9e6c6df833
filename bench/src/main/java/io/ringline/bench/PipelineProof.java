package io.ringline.bench;

import io.ringline.bench.PipelineInput.Published;
import io.ringline.bench.PipelineInput.Step;
import io.ringline.router.ConsumerConfig;
import io.ringline.router.EventDraft;
import io.ringline.router.Publisher;
import io.ringline.router.PublisherType;
import io.ringline.router.Ringline;
import io.ringline.router.RouterContext;
import io.ringline.router.RouterStatistics;
import io.ringline.router.Topology;
import io.ringline.router.consumer.BreakerPolicy;
import io.ringline.router.consumer.ConsumerHandler;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.consumer.RetryMode;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import io.ringline.router.subject.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One run of the model proof: the same input through the naive model and through a router of one topology. Every call of
 * every handler, every dead letter and all totals must be the same. Under {@code INLINE} time passes in between too.
 */
final class PipelineProof {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(60);

    private final PipelineInput input;
    private final Topology topology;
    private final PipelineModel model;
    private final Map<String, List<String>> calls = new TreeMap<>();
    private final Letters letters = new Letters();
    private final Map<String, Subject> handles = new HashMap<>();
    private final List<ConsumerHandler> handlers = new ArrayList<>();
    private volatile long now = 1;

    /** Notes dead letters; written by the pipeline's thread, read when all is quiet. */
    private static final class Letters implements io.ringline.router.journal.DeadLetterSink {
        private final Map<String, List<String>> lines = new TreeMap<>();

        @Override
        public synchronized void append(
                final DeadLetterReason reason,
                final String consumer,
                final int attempts,
                final long firstFailureNanos,
                final long timeNanos,
                final @Nullable String firstError,
                final @Nullable String error,
                final DirectBuffer record,
                final int offset,
                final int length) {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, record, offset, length);
            final EventRecord event = new EventRecord();
            event.wrap(copy, 0);
            PipelineModel.add(
                    lines,
                    consumer,
                    PipelineModel.letter(
                            reason, attempts, event.subject(), event.aggregateSequence(), text(event.payload())));
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        private synchronized Map<String, List<String>> lines() {
            return new TreeMap<>(lines);
        }
    }

    /** Counts the tries of the event that it is given, and answers as the model's does. */
    private final class Handler implements ConsumerHandler {
        private final int consumer;
        private long last;
        private int attempt;

        private Handler(final int consumer) {
            this.consumer = consumer;
        }

        @Override
        public Outcome onEvent(final Event event) {
            final long globalSequence = event.globalSequence();
            attempt = globalSequence == last ? attempt + 1 : 1;
            last = globalSequence;
            final String aggregate = (event.aggregateIsId() ? "#" : "") + event.aggregate();
            PipelineModel.add(
                    calls,
                    "c" + consumer,
                    PipelineModel.call(
                            event.subject(),
                            aggregate,
                            event.aggregateSequence(),
                            globalSequence,
                            event.gap(),
                            text(event.payload()),
                            attempt));
            final Outcome answer = HandlerAnswers.of(input.seed, consumer, globalSequence, attempt);
            if (answer == Outcome.RETRY && HandlerAnswers.throwsInstead(input.seed, consumer, globalSequence)) {
                throw new IllegalStateException("a handler that fails");
            }
            return answer;
        }
    }

    PipelineProof(final PipelineInput input, final Topology topology) {
        this.input = input;
        this.topology = topology;
        this.model = new PipelineModel(input);
    }

    /** Runs a round: its input under every topology. @return how many events it had. */
    static long round(final long seed) {
        final PipelineInput input = new PipelineInput(seed);
        for (final Topology topology : Topology.values()) {
            new PipelineProof(input, topology).run();
        }
        return input.steps.stream().filter(step -> step.event() != null).count();
    }

    private void run() {
        try (Ringline router = Ringline.start(context())) {
            play(router);
            compare("calls of", model.calls, calls);
            compare("dead letters of", model.letters, letters.lines());
            final Map<String, Long> totals = totals(router);
            if (!model.totals.equals(totals)) {
                throw failed("totals: the model has\n  " + model.totals + "\nthe router\n  " + totals);
            }
        }
    }

    private RouterContext context() {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .publisherType(input.multi ? PublisherType.MULTI : PublisherType.SINGLE)
                .ordering(input.ordering)
                .trackSequences(input.tracks)
                .clock(() -> now)
                .ringSize(input.ringSize)
                .slotBytes(input.slotBytes)
                .maxPayloadBytes(4_096)
                .maxHeld(input.maxHeld)
                .maxSequenceGap(input.maxGap)
                .maxBufferSize(input.maxBuffer)
                .sequenceTimeoutNs(input.timeoutNs)
                .onGapTooWide(input.onGapTooWide)
                .deadLetterNoMatch(input.letterForNoMatch)
                .deadLetters(letters);
        for (int i = 0; i < input.consumers.size(); i++) {
            final ConsumerConfig consumer = new ConsumerConfig("c" + i)
                    .channelCapacity(input.channelCapacity)
                    .channelCapacityBytes(1 << 18)
                    .maxRetries(input.maxRetries)
                    .retryMode(RetryMode.HEAD_OF_LINE) // the model's calls are in one order
                    .breaker(BreakerPolicy.disabled())
                    .retryBackoffNs(0, 0);
            input.consumers.get(i).forEach(pattern -> consumer.patterns(pattern.toString()));
            context.addConsumer(consumer);
            handlers.add(new Handler(i));
        }
        return context;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread moves the clock, others read it
    private void play(final Ringline router) {
        final Publisher publisher = router.publisher();
        for (final Step step : input.steps) {
            if (step.event() != null) {
                model.publish(step.event(), now);
                publish(router, publisher, draft(router, step.event(), step.byHandle()));
            } else if (topology == Topology.INLINE) {
                settle(router);
                now = now + step.passNs();
                model.expire(now);
                settle(router);
            }
        }
        settle(router);
        model.expire(Long.MAX_VALUE);
        router.releaseHeld();
        settle(router);
    }

    private EventDraft draft(final Ringline router, final Published event, final boolean byHandle) {
        final UnsafeBuffer payload = bytes(event.payload());
        if (event.malformed()) {
            return new EventDraft().malformed(payload, 0, payload.capacity(), "meant to be wrong");
        }
        final EventDraft draft = new EventDraft().sequence(event.sequence()).payload(payload, 0, payload.capacity());
        if (byHandle) {
            draft.subject(handles.computeIfAbsent(event.subject(), router::subject));
        } else {
            final UnsafeBuffer subject = bytes(event.subject());
            draft.subject(subject, 0, subject.capacity());
        }
        final String aggregate = event.aggregate();
        if (aggregate != null && aggregate.startsWith("#")) {
            draft.aggregateId(Long.parseLong(aggregate.substring(1)));
        } else if (aggregate != null) {
            final UnsafeBuffer key = bytes(aggregate);
            draft.aggregate(key, 0, key.capacity());
        }
        return draft;
    }

    private void publish(final Ringline router, final Publisher publisher, final EventDraft draft) {
        final long start = System.nanoTime();
        long answer = publisher.tryPublish(draft);
        while (answer == Publisher.BACK_PRESSURED && System.nanoTime() - start < LIMIT_NS) {
            turn(router);
            answer = publisher.tryPublish(draft);
        }
        if (answer < 0) {
            throw failed("an event was refused with " + answer);
        }
    }

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(final byte[] payload) {
        return new String(payload, StandardCharsets.UTF_8);
    }

    private int turn(final Ringline router) {
        int work = router.doWork();
        for (final SubjectConsumer consumer : router.consumers()) {
            work += consumer.poll(handlers.get(consumer.index()), 1_000);
        }
        return work;
    }

    /** Goes on until all that was published is through the stages and read. */
    private void settle(final Ringline router) {
        final long start = System.nanoTime();
        boolean done = false;
        while (!done) {
            final boolean quiet = router.isQuiet();
            final int work = turn(router);
            done = quiet && work == 0 && router.consumers().stream().allMatch(SubjectConsumer::isEmpty);
            if (router.failure() != null || System.nanoTime() - start > LIMIT_NS) {
                throw new AssertionError("seed " + input.seed + " " + topology + ": stuck or sealed", router.failure());
            }
        }
    }

    private static Map<String, Long> totals(final Ringline router) {
        final RouterStatistics statistics = router.statistics();
        final Map<String, Long> totals = new TreeMap<>();
        totals.put("accepted", statistics.accepted());
        totals.put("malformed", statistics.malformed());
        totals.put("released", statistics.released());
        totals.put("reordered", statistics.reordered());
        totals.put("heldNow", statistics.heldNow());
        totals.put("heldMax", statistics.heldMax());
        totals.put("duplicates", statistics.duplicates());
        totals.put("late", statistics.late());
        totals.put("tooWide", statistics.gapTooWide());
        totals.put("conflicts", statistics.conflicts());
        totals.put("gaps", statistics.gaps());
        totals.put("missing", statistics.missing());
        totals.put("forcedByTimeout", statistics.forcedByTimeout());
        totals.put("forcedByPressure", statistics.forcedByPressure());
        totals.put("forcedByGap", statistics.forcedByGap());
        totals.put("noMatch", statistics.noMatch());
        statistics.deadLetters().forEach((reason, count) -> totals.put("letters " + reason, count));
        for (final SubjectConsumer consumer : router.consumers()) {
            totals.put(consumer.name() + " delivered", consumer.delivered());
            totals.put(consumer.name() + " retried", consumer.retried());
            totals.put(consumer.name() + " deadLettered", consumer.deadLettered());
            totals.put(consumer.name() + " dropped", consumer.dropped());
        }
        totals.values().removeIf(count -> count == 0);
        return totals;
    }

    private void compare(
            final String what, final Map<String, List<String>> wanted, final Map<String, List<String>> found) {
        if (!wanted.keySet().equals(found.keySet())) {
            throw failed(what + " " + wanted.keySet() + " in the model, " + found.keySet() + " in the router");
        }
        wanted.forEach((name, lines) -> compareLines(what + " '" + name + "'", lines, found.get(name)));
    }

    private void compareLines(final String what, final List<String> wanted, final @Nullable List<String> found) {
        final int foundSize = found == null ? 0 : found.size();
        for (int line = 0; line < Math.max(wanted.size(), foundSize); line++) {
            final String want = line < wanted.size() ? wanted.get(line) : "nothing";
            final String got = found != null && line < foundSize ? found.get(line) : "nothing";
            if (!want.equals(got)) {
                throw failed(what + ", line " + line + ": the model has\n  " + want + "\nthe router\n  " + got);
            }
        }
    }

    private AssertionError failed(final String what) {
        return new AssertionError("seed " + input.seed + " " + topology + ", " + what);
    }
}
