package io.ringline.router;

import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.journal.Journal;
import io.ringline.router.record.EventRecord;
import io.ringline.router.subject.AggregateRules;
import io.ringline.sequencer.FirstSequence;
import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a router: set, then hand to {@link Ringline#start}, which checks them all. Not thread-safe; changes after
 * the start have no effect.
 */
public final class RouterContext {
    private final List<ConsumerConfig> consumers = new ArrayList<>();
    private final List<QueueGroupConfig> queueGroups = new ArrayList<>();
    private Topology topology = Topology.FUSED;
    private PublisherType publisherType = PublisherType.SINGLE;
    private Ordering ordering = Ordering.AGGREGATE;
    private boolean trackSequences = true;
    private int ringSize = 4_096;
    private int slotBytes = 512;
    private int maxPayloadBytes = 1 << 20;
    private int maxSubjectBytes = 4_096;
    private int maxHeadersBytes = 65_536;
    private int largeBuffers = 8;
    private int maxSequenceGap = 100;
    private int maxBufferSize = 1_000;
    private int maxHeld = 16_384;
    private int heldLargeBytes = 16 << 20;
    private long sequenceTimeoutNs = 30_000_000_000L;
    private OnGapTooWide onGapTooWide = OnGapTooWide.FORCE;
    private int maxAggregates;
    private int maxConsumers;
    private FirstSequence firstSequence = FirstSequence.ONE;
    private boolean deadLetterNoMatch = false;
    private long claimTimeoutNs = 1_000_000_000L;
    private EpochNanoClock clock = new OffsetEpochNanoClock();
    private IdleStrategyFactory idleStrategy = IdleStrategyFactory.BACKOFF;
    private AggregateRules aggregateRules = AggregateRules.NONE;
    private @Nullable Journal journal;
    private @Nullable DeadLetterSink deadLetters;

    /** All defaults, and no consumer. */
    public RouterContext() {
        // the fields' initial values are the defaults
    }

    /** Adds a consumer. @param consumer its settings. @return this. */
    public RouterContext addConsumer(final ConsumerConfig consumer) {
        consumers.add(consumer);
        return this;
    }

    /** Adds a queue group and its members. @param group its settings. @return this. */
    public RouterContext addQueueGroup(final QueueGroupConfig group) {
        queueGroups.add(group);
        consumers.addAll(group.members());
        return this;
    }

    /** Which threads run the stages. @param value default FUSED. @return this. */
    public RouterContext topology(final Topology value) {
        topology = value;
        return this;
    }

    /** How many publishers there are. @param value default SINGLE. @return this. */
    public RouterContext publisherType(final PublisherType value) {
        publisherType = value;
        return this;
    }

    /**
     * How many consumers there can be at a time, those included that come later ({@code Ringline.add}). A slot of the ring has a
     * bit for each.
     *
     * @param value at least as many as there are at start, to 65,536; 0 (default): as many as fill up the last word of 64.
     * @return this.
     */
    public RouterContext maxConsumers(final int value) {
        maxConsumers = value;
        return this;
    }

    /** What order is kept. @param value default AGGREGATE. @return this. */
    public RouterContext ordering(final Ordering value) {
        ordering = value;
        return this;
    }

    /** Whether aggregates are numbered and kept in order at all; without, ordering is NONE. @param value default true. @return this. */
    public RouterContext trackSequences(final boolean value) {
        trackSequences = value;
        return this;
    }

    /** Slots in the ring. @param value a power of two, 16 to 1,048,576; default 4,096. @return this. */
    public RouterContext ringSize(final int value) {
        ringSize = value;
        return this;
    }

    /** Largest record that stands in a slot itself; larger ones use a large buffer. @param value bytes, 128 to 65,536; default 512. @return this. */
    public RouterContext slotBytes(final int value) {
        slotBytes = value;
        return this;
    }

    /** Largest payload. @param value bytes, from 0; default 1 MiB, NATS's own. @return this. */
    public RouterContext maxPayloadBytes(final int value) {
        maxPayloadBytes = value;
        return this;
    }

    /** Longest subject, and longest aggregate key. @param value bytes, 1 to 65,535; default 4,096. @return this. */
    public RouterContext maxSubjectBytes(final int value) {
        maxSubjectBytes = value;
        return this;
    }

    /** Headers of one event, all told. @param value bytes, from 0; default 65,536. @return this. */
    public RouterContext maxHeadersBytes(final int value) {
        maxHeadersBytes = value;
        return this;
    }

    /** Buffers for records larger than a slot. @param value 2 to 64; default 8. @return this. */
    public RouterContext largeBuffers(final int value) {
        largeBuffers = value;
        return this;
    }

    /** How far ahead of its turn an event may be. @param value numbers, from 1; default 100. @return this. */
    public RouterContext maxSequenceGap(final int value) {
        maxSequenceGap = value;
        return this;
    }

    /** Events held for one aggregate at most. @param value from 1; default 1,000. @return this. */
    public RouterContext maxBufferSize(final int value) {
        maxBufferSize = value;
        return this;
    }

    /** Events held for all aggregates together at most. @param value from 1; default 16,384. @return this. */
    public RouterContext maxHeld(final int value) {
        maxHeld = value;
        return this;
    }

    /**
     * Memory for held records that are larger than a slot. Where it is full, such a record keeps one of the
     * {@code largeBuffers}, and where half of these are kept the oldest gap is given up for room.
     *
     * @param value bytes, a power of two, 1,024 to 1 GiB; default 16 MiB.
     * @return this.
     */
    public RouterContext heldLargeBytes(final int value) {
        heldLargeBytes = value;
        return this;
    }

    /** How long the first event behind a gap waits. @param value nanoseconds, from 1; default 30 s. @return this. */
    public RouterContext sequenceTimeoutNs(final long value) {
        sequenceTimeoutNs = value;
        return this;
    }

    /** What an event beyond maxSequenceGap does. @param value default FORCE. @return this. */
    public RouterContext onGapTooWide(final OnGapTooWide value) {
        onGapTooWide = value;
        return this;
    }

    /**
     * How many aggregates are remembered at most. One more makes the router forget the one that has been idle for longest
     * among those that hold nothing; when that one comes again it is as if it had never been seen, and its duplicates are not
     * known as such. Use it with {@link FirstSequence#FIRST_SEEN}, and well above the number in use at a time. Where all hold
     * something the event becomes a dead letter.
     *
     * @param value from 1; 0 (default) for no cap.
     * @return this.
     */
    public RouterContext maxAggregates(final int value) {
        maxAggregates = value;
        return this;
    }

    /** What an aggregate, or in GLOBAL the source, starts with. @param value default ONE. @return this. */
    public RouterContext firstSequence(final FirstSequence value) {
        firstSequence = value;
        return this;
    }

    /** Whether events that no pattern matches become dead letters. @param value default false. @return this. */
    public RouterContext deadLetterNoMatch(final boolean value) {
        deadLetterNoMatch = value;
        return this;
    }

    /**
     * How long the ring may stand before a claim under {@link PublisherType#MULTI}. Then one whose thread is dead, or whose
     * publisher nobody has any more, is passed over as abandoned; one whose thread lives is counted and logged.
     *
     * @param value nanoseconds, from 1; default 1 s.
     * @return this.
     */
    public RouterContext claimTimeoutNs(final long value) {
        claimTimeoutNs = value;
        return this;
    }

    /** Where time comes from. @param value nanoseconds since the epoch. @return this. */
    public RouterContext clock(final EpochNanoClock value) {
        clock = value;
        return this;
    }

    /** How threads wait: the router's own and publishers that block. @param value default: spin, yield, park up to 100 us. @return this. */
    public RouterContext idleStrategy(final IdleStrategyFactory value) {
        idleStrategy = value;
        return this;
    }

    /** Which subject token is the aggregate where a publisher names none. @param value default none: the subject itself. @return this. */
    public RouterContext aggregateRules(final AggregateRules value) {
        aggregateRules = value;
        return this;
    }

    /** Where released events are journaled before they are delivered; closed with the router. @param value null (default) for nowhere. @return this. */
    public RouterContext journal(final @Nullable Journal value) {
        journal = value;
        return this;
    }

    /** Where dead letters are kept. @param value null (default) to count them only. @return this. */
    public RouterContext deadLetters(final @Nullable DeadLetterSink value) {
        deadLetters = value;
        return this;
    }

    Topology topology() {
        return topology;
    }

    PublisherType publisherType() {
        return publisherType;
    }

    Ordering ordering() {
        return ordering;
    }

    boolean trackSequences() {
        return trackSequences;
    }

    int ringSize() {
        return ringSize;
    }

    int slotBytes() {
        return slotBytes;
    }

    /** The largest payload that is let in. @return bytes. */
    public int maxPayloadBytes() {
        return maxPayloadBytes;
    }

    int maxSubjectBytes() {
        return maxSubjectBytes;
    }

    int maxHeadersBytes() {
        return maxHeadersBytes;
    }

    int largeBuffers() {
        return largeBuffers;
    }

    int maxSequenceGap() {
        return maxSequenceGap;
    }

    int maxBufferSize() {
        return maxBufferSize;
    }

    int maxHeld() {
        return maxHeld;
    }

    int heldLargeBytes() {
        return heldLargeBytes;
    }

    long sequenceTimeoutNs() {
        return sequenceTimeoutNs;
    }

    OnGapTooWide onGapTooWide() {
        return onGapTooWide;
    }

    /** How many consumers there can be at a time. */
    int maxConsumers() {
        return maxConsumers == 0 ? Math.max(1, (consumers.size() + 63) >>> 6) << 6 : maxConsumers;
    }

    int maxAggregates() {
        return maxAggregates;
    }

    FirstSequence firstSequence() {
        return firstSequence;
    }

    boolean deadLetterNoMatch() {
        return deadLetterNoMatch;
    }

    long claimTimeoutNs() {
        return claimTimeoutNs;
    }

    EpochNanoClock clock() {
        return clock;
    }

    IdleStrategyFactory idleStrategy() {
        return idleStrategy;
    }

    AggregateRules aggregateRules() {
        return aggregateRules;
    }

    @Nullable
    Journal journal() {
        return journal;
    }

    @Nullable
    DeadLetterSink deadLetters() {
        return deadLetters;
    }

    List<ConsumerConfig> consumers() {
        return consumers;
    }

    List<QueueGroupConfig> queueGroups() {
        return queueGroups;
    }

    /** The longest record that these settings let in. @return bytes. */
    int maxRecordBytes() {
        final int ofOthers = EventRecord.HEADER_BYTES + 2 * maxSubjectBytes + maxHeadersBytes + maxPayloadBytes;
        return Math.max(ofOthers, ControlSlot.MAX_NOTICE_BYTES); // the router's own events
    }
}
