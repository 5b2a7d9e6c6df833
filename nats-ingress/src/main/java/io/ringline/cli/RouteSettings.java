package io.ringline.cli;

import io.ringline.router.ConsumerConfig;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.sequencer.Ordering;
import java.io.File;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ringline route} was asked to do, checked.
 *
 * @param subscriptions     patterns by consumer, in their order.
 * @param input             a file, or null for standard input.
 * @param output            a file, or null for standard output.
 * @param journal           a directory, or null for none.
 * @param deadLetters       a directory, or null to count dead letters only.
 * @param ordering          what order is kept.
 * @param maxGap            how far ahead of its turn an event may be.
 * @param maxBuffer         events held for one aggregate at most.
 * @param sequenceTimeoutNs how long an event behind a gap waits.
 * @param topology          which threads run the stages.
 * @param summary           what is written at the end.
 */
record RouteSettings(
        Map<String, List<String>> subscriptions,
        @Nullable File input,
        @Nullable File output,
        @Nullable File journal,
        @Nullable File deadLetters,
        Ordering ordering,
        int maxGap,
        int maxBuffer,
        long sequenceTimeoutNs,
        Topology topology,
        Summary summary) {
    /** Largest payload, decoded. */
    static final int MAX_PAYLOAD_BYTES = 1 << 20;
    /** Headers of one event, with 6 bytes for each pair. */
    static final int MAX_HEADERS_BYTES = 64 << 10;
    /** Longest subject, and longest aggregate. */
    static final int MAX_SUBJECT_BYTES = 4_096;
    /** Most events that may be held for one aggregate: each has a block of memory set aside for it. */
    static final int MAX_HELD = 1_000_000;

    private static final int USUALLY_HELD = 16_384;

    /** How the run is summed up on standard error. */
    enum Summary {
        /** For people. */
        TEXT,
        /** One JSON object. */
        JSON,
        /** Not at all. */
        NONE
    }

    /** The router's settings, but for its journal and dead letters. */
    RouterContext context() {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .ordering(ordering)
                .maxPayloadBytes(MAX_PAYLOAD_BYTES)
                .maxHeadersBytes(MAX_HEADERS_BYTES)
                .maxSubjectBytes(MAX_SUBJECT_BYTES)
                .maxSequenceGap(maxGap)
                .maxBufferSize(maxBuffer)
                .maxHeld(Math.max(USUALLY_HELD, maxBuffer))
                .sequenceTimeoutNs(sequenceTimeoutNs);
        subscriptions.forEach((name, patterns) ->
                context.addConsumer(new ConsumerConfig(name).patterns(patterns.toArray(new String[0]))));
        return context;
    }
}
