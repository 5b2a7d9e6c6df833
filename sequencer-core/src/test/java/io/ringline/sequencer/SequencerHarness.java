package io.ringline.sequencer;

import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Plays the caller of a {@link Sequencer}: keeps the bytes of held events in an arena, compares those under the same
 * number, and takes what is released from the arena only when it is told to, as a stage far behind would. Fails when bytes
 * have changed by then. Of each three aggregates one has an id, one a short key, one a long one.
 */
final class SequencerHarness {
    /** An event: {@code id} is unique, {@code content} is what its bytes say. */
    record Token(long id, long content) {}

    private record Pending(
            long position, int entry, @Nullable Token expected) {}

    static final int BLOCK = 16;
    static final int GIVEN_UP = 1 << 16;

    final Sequencer sequencer;
    final int ringSize;
    final HeldArena arena;
    private final Deque<Pending> behind = new ArrayDeque<>();
    private int selfBehind;
    /** Called where the sequencer is busy and nothing is left to consume. */
    Runnable whenStuck = () -> {
        throw new AssertionError("busy, and no entry would ever come back");
    };

    SequencerHarness(final SequencerSettings settings, final int ringSize) {
        this(
                new Sequencer(new Reorder(settings, ringSize, GIVEN_UP)),
                ringSize,
                new HeldArena(settings.maxHeld(), BLOCK));
    }

    SequencerHarness(final Sequencer sequencer, final int ringSize, final HeldArena arena) {
        this.ringSize = ringSize;
        this.sequencer = sequencer;
        this.arena = arena;
    }

    static UnsafeBuffer key(final int aggregate) {
        final String text = aggregate % 3 == 1 ? "k" + aggregate : "an aggregate with a long name, " + aggregate;
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    static long hash(final DirectBuffer key, final int offset, final int length) {
        long hash = length;
        for (int i = 0; i < length; i++) {
            hash = hash * 31 + key.getByte(offset + i);
        }
        return hash;
    }

    private static long hash(final UnsafeBuffer key) {
        return hash(key, 0, key.capacity());
    }

    private int offerOnce(final int aggregate, final long sequence, final long source, final long nowNs) {
        if (aggregate % 3 == 0) {
            return sequencer.offerId(aggregate, sequence, source, nowNs);
        }
        final UnsafeBuffer key = key(aggregate);
        return sequencer.offerBytes(key, 0, key.capacity(), hash(key), sequence, source, nowNs);
    }

    /** Offers until it is not busy, taking from the arena what is released where it must. */
    List<Result<Token>> offer(
            final int aggregate, final long sequence, final long source, final long nowNs, final Token token) {
        int answer = offerOnce(aggregate, sequence, source, nowNs);
        while (answer == Sequencer.BUSY) {
            if (behind.isEmpty()) {
                whenStuck.run();
            }
            consume(1);
            answer = offerOnce(aggregate, sequence, source, nowNs);
        }
        final List<Result<Token>> results = new ArrayList<>();
        switch (answer) {
            case Sequencer.RELEASED -> {
                results.add(new Result<>(
                        token, Fate.RELEASED, sequencer.lastGlobalSequence(), 0, false, sequencer.lastSequence()));
                return results;
            }
            case Sequencer.HELD -> write(sequencer.heldEntry(), token);
            case Sequencer.ALREADY_HELD -> results.add(refused(token, compared(token, sequencer.heldEntry())));
            case Sequencer.RELEASED_WITH -> {}
            default -> results.add(refused(token, fateOf(answer)));
        }
        results.addAll(released(token, answer == Sequencer.RELEASED_WITH));
        return results;
    }

    private static Result<Token> refused(final Token token, final Fate fate) {
        return new Result<>(token, fate, 0, 0, false, 0);
    }

    /** A start; null where there is no room for the aggregate. @param aggregate below 0 for the source. */
    @Nullable
    List<Result<Token>> start(final int aggregate, final long first, final long nowNs) {
        final StreamStarts starts = sequencer.starts();
        final int answer;
        if (aggregate < 0) {
            answer = starts.startSource(first, nowNs);
        } else if (aggregate % 3 == 0) {
            answer = starts.startId(aggregate, first, nowNs);
        } else {
            final UnsafeBuffer key = key(aggregate);
            answer = starts.startBytes(key, 0, key.capacity(), hash(key), first, nowNs);
        }
        return answer == Sequencer.TOO_MANY_AGGREGATES ? null : released(null, false);
    }

    boolean describe(final int aggregate, final AggregateState into) {
        if (aggregate % 3 == 0) {
            return sequencer.aggregates().describeId(aggregate, into);
        }
        final UnsafeBuffer key = key(aggregate);
        return sequencer.aggregates().describeBytes(key, 0, key.capacity(), hash(key), into);
    }

    List<Result<Token>> tick(final long nowNs) {
        sequencer.tick(nowNs);
        return released(null, false);
    }

    List<Result<Token>> releaseAll() {
        sequencer.releaseAll();
        return released(null, false);
    }

    List<Result<Token>> forceOldest() {
        sequencer.forceOldest();
        return released(null, false);
    }

    /** Takes up to so many of what is released out of the arena, checks the bytes, and gives the entries back. */
    void consume(final int count) {
        for (int i = 0; i < count && !behind.isEmpty(); i++) {
            final Pending next = behind.removeFirst();
            selfBehind -= next.entry() == Sequencer.SELF ? 1 : 0;
            if (next.entry() >= 0 && !read(next.entry()).equals(next.expected())) {
                throw new AssertionError("overwritten before it was reclaimed: " + next);
            }
            sequencer.reclaim(next.position() + 1);
        }
    }

    int behind() {
        return behind.size();
    }

    /** Released events that still stand in their slots: a ring has no more than its size of them. */
    int selfBehind() {
        return selfBehind;
    }

    private List<Result<Token>> released(final @Nullable Token self, final boolean expectSelf) {
        final List<Result<Token>> results = new ArrayList<>();
        final ReleaseList list = sequencer.releases();
        final long from = sequencer.releaseFrom();
        boolean sawSelf = false;
        for (long position = from; position < from + sequencer.releaseCount(); position++) {
            final int entry = list.entry(position);
            sawSelf |= entry == Sequencer.SELF;
            if (entry == Sequencer.SELF && self == null) {
                throw new AssertionError("SELF where nothing was offered");
            }
            final Token token = entry == Sequencer.SELF ? self : entry < 0 ? null : read(entry);
            behind.addLast(new Pending(position, entry, token));
            selfBehind += entry == Sequencer.SELF ? 1 : 0;
            results.add(result(position, token));
        }
        if (sawSelf != expectSelf) {
            throw new AssertionError("the offered event itself is " + (sawSelf ? "" : "not ") + "in the list");
        }
        return results;
    }

    private Result<Token> result(final long position, final @Nullable Token token) {
        final ReleaseList list = sequencer.releases();
        final int outcome = list.outcome(position);
        if (outcome == Sequencer.RELEASED || outcome == Sequencer.SOURCE_GAP) {
            return new Result<>(
                    token,
                    fateOf(outcome),
                    list.globalSequence(position),
                    list.gap(position),
                    list.isSourceGap(position),
                    list.sequence(position));
        }
        if (outcome != Sequencer.ALREADY_HELD) {
            return refused(token, fateOf(outcome));
        }
        final boolean same = token.content() == read(list.other(position)).content();
        if (same) {
            sequencer.markDuplicate(position);
        } else {
            sequencer.markConflict();
        }
        return refused(token, same ? Fate.DUPLICATE : Fate.CONFLICT);
    }

    private static Fate fateOf(final int outcome) {
        return switch (outcome) {
            case Sequencer.RELEASED -> Fate.RELEASED;
            case Sequencer.SOURCE_GAP -> Fate.SOURCE_GAP;
            case Sequencer.DUPLICATE -> Fate.DUPLICATE;
            case Sequencer.LATE -> Fate.LATE;
            case Sequencer.GAP_TOO_WIDE -> Fate.GAP_TOO_WIDE;
            case Sequencer.INVALID_SEQUENCE -> Fate.INVALID;
            case Sequencer.TOO_MANY_AGGREGATES -> Fate.TOO_MANY_AGGREGATES;
            default -> throw new AssertionError("outcome " + outcome);
        };
    }

    private Fate compared(final Token token, final int entry) {
        if (token.content() == read(entry).content()) {
            sequencer.markDuplicate();
            return Fate.DUPLICATE;
        }
        sequencer.markConflict();
        return Fate.CONFLICT;
    }

    void write(final int entry, final Token token) {
        final UnsafeBuffer buffer = arena.buffer(entry);
        buffer.putLong(arena.offset(entry), token.id());
        buffer.putLong(arena.offset(entry) + Long.BYTES, token.content());
    }

    private Token read(final int entry) {
        final UnsafeBuffer buffer = arena.buffer(entry);
        return new Token(buffer.getLong(arena.offset(entry)), buffer.getLong(arena.offset(entry) + Long.BYTES));
    }
}
