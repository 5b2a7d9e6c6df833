package io.ringline.bench.soak;

import io.ringline.router.OverflowPolicy;
import io.ringline.router.PublisherType;
import io.ringline.router.QueueGroupConfig;
import io.ringline.router.RouterContext;
import io.ringline.router.Topology;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.journal.Journal;
import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one round is about, drawn from its seed. */
final class SoakPlan {
    static final int CHANNEL_BYTES = 1 << 14;
    static final int MAX_PAYLOAD_BYTES = 1_024;
    static final int MAX_SUBJECT_BYTES = 64;

    private static final int MAX_HEADERS_BYTES = 128;
    private static final String[] PATTERNS = {
        "e.>", "e.*.x", "e.a.*", "e.*.*", "e.b.>", "*.c.y", "e.own.>", "e.own.*", "e.*.*.deep", "*.*.z.>", "e.a.x"
    };

    final long seed;
    final Topology topology;
    final boolean multi;
    final int publishers;
    final boolean threadsDie;
    final Ordering ordering;
    final boolean tracks;
    final boolean sourced;
    final boolean messy;
    final boolean dealt;
    final int events;
    final int ringSize;
    final long claimTimeoutNs;
    final boolean letterForNoMatch;
    final boolean journal;
    final boolean letterLog;
    final boolean cut;
    final List<Unit> units = new ArrayList<>();
    final List<ConsumerPlan> consumers = new ArrayList<>();
    /** Consumers that one thread polls, and how. */
    final List<Loop> loops = new ArrayList<>();

    private final int slotBytes;
    private final int largeBuffers;
    private final int maxGap;
    private final int maxBuffer;
    private final int maxHeld;
    private final long timeoutNs;
    private final OnGapTooWide onGapTooWide;
    private final Random random;

    /** Who shares a subscription: a consumer alone, or a queue group's members. */
    record Unit(String name, boolean isGroup, List<String> patterns, List<ConsumerPlan> members) {}

    /** How consumers are polled. */
    enum Style {
        POLL,
        POLLER,
        AGENT
    }

    /** Consumers that one thread polls. */
    record Loop(Style style, List<ConsumerPlan> consumers) {}

    SoakPlan(final long seed) {
        this.seed = seed;
        random = new Random(seed);
        topology = Topology.values()[random.nextInt(Topology.values().length)];
        multi = random.nextInt(3) > 0;
        ordering = Ordering.values()[random.nextInt(8) < 6 ? Ordering.AGGREGATE.ordinal() : random.nextInt(3)];
        publishers = multi && ordering != Ordering.GLOBAL ? 1 + random.nextInt(3) : 1;
        threadsDie = random.nextInt(3) == 0;
        tracks = random.nextInt(12) > 0;
        sourced = ordering != Ordering.GLOBAL && random.nextBoolean();
        messy = (sourced || ordering == Ordering.GLOBAL) && random.nextInt(3) > 0;
        dealt = random.nextBoolean();
        events = 1_000 + random.nextInt(8_000);
        ringSize = 16 << random.nextInt(6);
        claimTimeoutNs = TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(10));
        slotBytes = 128 << random.nextInt(3);
        largeBuffers = 2 + random.nextInt(8);
        maxGap = 1 + random.nextInt(100);
        maxBuffer = 1 + random.nextInt(200);
        maxHeld = random.nextInt(3) > 0 ? 4_096 : 1 + random.nextInt(100);
        timeoutNs = random.nextInt(3) > 0
                ? TimeUnit.SECONDS.toNanos(30)
                : TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(20));
        onGapTooWide = random.nextInt(4) > 0 ? OnGapTooWide.FORCE : OnGapTooWide.DEAD_LETTER;
        letterForNoMatch = random.nextBoolean();
        letterLog = random.nextInt(3) == 0;
        cut = random.nextInt(4) == 0;
        makeUnits();
        makeLoops();
        journal = random.nextInt(4) == 0
                || consumers.stream().anyMatch(consumer -> consumer.mayUse(OverflowPolicy.REPLAY));
    }

    private void makeUnits() {
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            final boolean group = random.nextInt(4) == 0;
            final List<ConsumerPlan> members = new ArrayList<>();
            for (int m = group ? 2 + random.nextInt(2) : 1; m > 0; m--) {
                members.add(new ConsumerPlan("c" + (consumers.size() + members.size()), random));
            }
            final List<String> patterns = new ArrayList<>();
            for (int p = 1 + random.nextInt(3); p > 0; p--) {
                patterns.add(PATTERNS[random.nextInt(PATTERNS.length)]);
            }
            units.add(new Unit(
                    group ? "g" + i : members.get(0).name,
                    group,
                    patterns.stream().distinct().toList(),
                    List.copyOf(members)));
            consumers.addAll(members);
        }
    }

    private void makeLoops() {
        final int most = 1 + random.nextInt(consumers.size());
        for (int from = 0; from < consumers.size(); ) {
            final int to = Math.min(consumers.size(), from + 1 + random.nextInt(most));
            final Style style = to - from > 1 ? Style.POLLER : Style.values()[random.nextInt(3)];
            final List<ConsumerPlan> polled = List.copyOf(consumers.subList(from, to));
            final boolean dies = polled.stream().anyMatch(consumer -> consumer.threadDies);
            polled.forEach(consumer -> consumer.threadDies = dies);
            loops.add(new Loop(style, polled));
            from = to;
        }
    }

    /** Whether items bear a number of their source's. */
    boolean bySource() {
        return ordering == Ordering.GLOBAL;
    }

    /** Whether the router orders what is published, and knows what was published twice. */
    boolean knowsDuplicates() {
        return tracks && ordering != Ordering.NONE;
    }

    RouterContext context(final @Nullable Journal to, final DeadLetterSink letters) {
        final RouterContext context = new RouterContext()
                .topology(topology)
                .publisherType(multi ? PublisherType.MULTI : PublisherType.SINGLE)
                .ordering(ordering)
                .trackSequences(tracks)
                .ringSize(ringSize)
                .slotBytes(slotBytes)
                .maxPayloadBytes(MAX_PAYLOAD_BYTES)
                .maxSubjectBytes(MAX_SUBJECT_BYTES)
                .maxHeadersBytes(MAX_HEADERS_BYTES)
                .largeBuffers(largeBuffers)
                .maxSequenceGap(maxGap)
                .maxBufferSize(maxBuffer)
                .maxHeld(maxHeld)
                .heldLargeBytes(1 << 16)
                .sequenceTimeoutNs(timeoutNs)
                .onGapTooWide(onGapTooWide)
                .claimTimeoutNs(claimTimeoutNs)
                .deadLetterNoMatch(letterForNoMatch)
                .journal(to)
                .deadLetters(letters);
        for (final Unit unit : units) {
            if (unit.isGroup) {
                final QueueGroupConfig group = new QueueGroupConfig(unit.name);
                unit.patterns.forEach(group::patterns);
                unit.members.forEach(member -> group.addMember(member.config()));
                context.addQueueGroup(group);
            } else {
                context.addConsumer(unit.members.get(0).config().patterns(unit.patterns.toArray(new String[0])));
            }
        }
        return context;
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder("seed " + seed + ": " + topology + ", "
                + (multi ? "MULTI, " : "SINGLE, ") + publishers + " publishers"
                + (threadsDie ? " whose threads die" : "") + ", " + ordering + (tracks ? "" : " untracked")
                + (sourced ? ", numbered" : "") + (messy ? ", messy" : "") + (dealt ? ", dealt" : "") + ", " + events
                + " events, ring " + ringSize + ", slots " + slotBytes + ", large " + largeBuffers + ", gap " + maxGap
                + ", buffer " + maxBuffer + ", held " + maxHeld + ", timeout " + timeoutNs + " ns, " + onGapTooWide
                + ", claims " + claimTimeoutNs + " ns" + (letterForNoMatch ? ", letter for no match" : "")
                + (journal ? ", journal" : "") + (letterLog ? ", dead-letter log" : "") + (cut ? ", cut short" : ""));
        for (final Unit unit : units) {
            text.append("\n  ").append(unit.name).append(' ').append(unit.patterns);
            unit.members.forEach(member -> text.append("\n    ").append(member));
        }
        loops.forEach(loop -> text.append("\n  ")
                .append(loop.style)
                .append(loop.consumers.stream().map(consumer -> consumer.name).toList()));
        return text.toString();
    }
}
