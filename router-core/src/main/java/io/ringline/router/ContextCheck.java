package io.ringline.router;

import io.ringline.router.journal.Journal;
import io.ringline.router.journal.ReadableJournal;
import java.util.HashSet;
import java.util.Set;
import org.agrona.BitUtil;
import org.jspecify.annotations.Nullable;

/** Whether a router can start with some settings: each in its range, and names given once. */
final class ContextCheck {
    private ContextCheck() {}

    /**
     * Checks all settings.
     *
     * @param context as it is handed to the start.
     * @throws IllegalArgumentException naming the setting, its value and its range.
     */
    static void conclude(final RouterContext context) {
        if (!BitUtil.isPowerOfTwo(context.ringSize())) {
            throw new IllegalArgumentException("ringSize is " + context.ringSize() + ": it must be a power of two");
        }
        inRange("ringSize", context.ringSize(), 16, 1 << 20);
        if (!BitUtil.isPowerOfTwo(context.heldLargeBytes())) {
            throw new IllegalArgumentException(
                    "heldLargeBytes is " + context.heldLargeBytes() + ": it must be a power of two");
        }
        inRange("heldLargeBytes", context.heldLargeBytes(), 1_024, 1 << 30);
        inRange("slotBytes", context.slotBytes(), 128, 1 << 16);
        inRange("maxPayloadBytes", context.maxPayloadBytes(), 0, 256 << 20);
        inRange("maxSubjectBytes", context.maxSubjectBytes(), 1, 65_535);
        inRange("maxHeadersBytes", context.maxHeadersBytes(), 0, 16 << 20);
        inRange("largeBuffers", context.largeBuffers(), 2, 64);
        inRange("maxSequenceGap", context.maxSequenceGap(), 1, Integer.MAX_VALUE - 1);
        inRange("maxBufferSize", context.maxBufferSize(), 1, 1 << 24);
        inRange("maxHeld", context.maxHeld(), 1, 1 << 24);
        inRange("maxAggregates", context.maxAggregates(), 0, Integer.MAX_VALUE - 1);
        inRange("sequenceTimeoutNs", context.sequenceTimeoutNs(), 1, Long.MAX_VALUE / 2);
        inRange("claimTimeoutNs", context.claimTimeoutNs(), 1, Long.MAX_VALUE / 2);
        if (context.maxConsumers() < context.consumers().size() || context.maxConsumers() > 1 << 16) {
            throw new IllegalArgumentException("maxConsumers is " + context.maxConsumers() + ": give it "
                    + context.consumers().size() + ", as many as there are at start, to 65536");
        }
        concludeConsumers(context);
    }

    /**
     * Checks the settings of a consumer that comes later.
     *
     * @param journal  of the router.
     * @param consumer its settings.
     * @throws IllegalArgumentException naming the setting, its value and its range.
     */
    static void conclude(final @Nullable Journal journal, final ConsumerConfig consumer) {
        concludeReplay(journal, consumer);
        concludeLiveness(consumer);
    }

    private static void concludeConsumers(final RouterContext context) {
        final Set<String> names = new HashSet<>();
        for (final ConsumerConfig consumer : context.consumers()) {
            if (!names.add(consumer.name())) {
                throw new IllegalArgumentException(
                        "two consumers are named '" + consumer.name() + "': give each its own name");
            }
            conclude(context.journal(), consumer);
        }
        for (final QueueGroupConfig group : context.queueGroups()) {
            if (!names.add(group.name())) {
                throw new IllegalArgumentException("a consumer or another queue group is named '" + group.name()
                        + "' too: give the group its own name");
            }
            if (group.members().isEmpty()) {
                throw new IllegalArgumentException(
                        "queue group '" + group.name() + "' has no member: give it at least one");
            }
        }
    }

    private static void concludeReplay(final @Nullable Journal journal, final ConsumerConfig consumer) {
        if (consumer.replays() && !(journal instanceof ReadableJournal)) {
            throw new IllegalArgumentException("consumer '" + consumer.name()
                    + "' has the overflow policy or fallback REPLAY, which reads on from the journal, and the router has "
                    + (journal == null ? "none" : "one that cannot be read")
                    + ": give it a ChronicleJournal (RouterContext.journal), or choose another policy");
        }
    }

    private static void concludeLiveness(final ConsumerConfig consumer) {
        inRange("livenessTimeoutNs", consumer.livenessTimeoutNs(), 1, Long.MAX_VALUE / 2);
        final OverflowPolicy fallback = consumer.overflowFallback();
        if (fallback == OverflowPolicy.BACK_PRESSURE
                || (fallback != null && consumer.overflow() != OverflowPolicy.BACK_PRESSURE)) {
            throw new IllegalArgumentException("consumer '" + consumer.name() + "' has the overflow policy "
                    + consumer.overflow() + " and the fallback " + fallback
                    + ": a fallback is another policy for one under BACK_PRESSURE; leave it out, or choose another");
        }
    }

    private static void inRange(final String name, final long value, final long least, final long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ": give it " + least + " to " + most);
        }
    }
}
