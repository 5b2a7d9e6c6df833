package io.ringline.sequencer;

import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Plays the caller of a {@link Sequencer}: keeps the bytes of held events in an arena, compares those under the same
 * number, and takes what is released from the arena only when it is told to, as a stage far behind would. Fails when bytes
 * have changed by then.
 */
final class SequencerHarness {
    /** An event: {@code id} is unique, {@code content} is what its bytes say. */
    record Token(long id, long content) {}

    private record Pending(long position, int entry, Token expected) {}

    private static final int BLOCK = 16;

    final Sequencer sequencer;
    final int ringSize;
    private final HeldArena arena;
    private final Deque<Pending> behind = new ArrayDeque<>();
    private long alreadyHeldDuplicates;
    private long conflicts;
    private int selfBehind;

    SequencerHarness(final SequencerSettings settings, final int ringSize, final int givenUpLimit) {
        this.ringSize = ringSize;
        this.sequencer = new Sequencer(settings, ringSize, 0, givenUpLimit);
        this.arena = new HeldArena(settings.maxHeld(), BLOCK);
    }

    long alreadyHeldDuplicates() {
        return alreadyHeldDuplicates;
    }

    long conflicts() {
        return conflicts;
    }

    /** Offers until it is not busy, taking from the arena what is released where it must. */
    List<Result<Token>> offer(
            final int aggregate, final long sequence, final long source, final long nowNs, final Token token) {
        int answer = sequencer.offer(aggregate, sequence, source, nowNs);
        while (answer == Sequencer.BUSY) {
            if (behind.stream().allMatch(p -> p.entry() == Sequencer.SELF)) {
                throw new AssertionError("busy, and no entry would ever come back");
            }
            consume(1);
            answer = sequencer.offer(aggregate, sequence, source, nowNs);
        }
        final List<Result<Token>> results = new ArrayList<>();
        switch (answer) {
            case Sequencer.RELEASED -> {
                results.add(new Result<>(token, Fate.RELEASED, sequencer.lastGlobalSequence(), 0));
                return results;
            }
            case Sequencer.HELD -> write(sequencer.heldEntry(), token);
            case Sequencer.ALREADY_HELD ->
                results.add(new Result<>(token, compared(token, read(sequencer.heldEntry())), 0, 0));
            case Sequencer.DUPLICATE -> results.add(new Result<>(token, Fate.DUPLICATE, 0, 0));
            case Sequencer.LATE -> results.add(new Result<>(token, Fate.LATE, 0, 0));
            case Sequencer.GAP_TOO_WIDE -> results.add(new Result<>(token, Fate.GAP_TOO_WIDE, 0, 0));
            case Sequencer.INVALID_SEQUENCE -> results.add(new Result<>(token, Fate.INVALID, 0, 0));
            default -> {}
        }
        results.addAll(released(token, answer == Sequencer.RELEASED_WITH));
        return results;
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
            if (next.entry() != Sequencer.SELF && !read(next.entry()).equals(next.expected())) {
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
        final long from = sequencer.releaseFrom();
        boolean sawSelf = false;
        for (long position = from; position < from + sequencer.releaseCount(); position++) {
            final int entry = sequencer.releaseEntry(position);
            sawSelf |= entry == Sequencer.SELF;
            final Token token = entry == Sequencer.SELF ? self : read(entry);
            if (token == null) {
                throw new AssertionError("SELF where nothing was offered");
            }
            behind.addLast(new Pending(position, entry, token));
            selfBehind += entry == Sequencer.SELF ? 1 : 0;
            results.add(new Result<>(
                    token,
                    fate(position, token),
                    sequencer.releaseGlobalSequence(position),
                    sequencer.releaseGap(position)));
        }
        if (sawSelf != expectSelf) {
            throw new AssertionError("the offered event itself is " + (sawSelf ? "" : "not ") + "in the list");
        }
        return results;
    }

    private Fate fate(final long position, final Token token) {
        final int outcome = sequencer.releaseOutcome(position);
        if (outcome != Sequencer.ALREADY_HELD) {
            return switch (outcome) {
                case Sequencer.RELEASED -> Fate.RELEASED;
                case Sequencer.DUPLICATE -> Fate.DUPLICATE;
                case Sequencer.LATE -> Fate.LATE;
                case Sequencer.GAP_TOO_WIDE -> Fate.GAP_TOO_WIDE;
                default -> throw new AssertionError("outcome " + outcome);
            };
        }
        final Fate fate = compared(token, read(sequencer.releaseOther(position)));
        if (fate == Fate.DUPLICATE) {
            sequencer.markDuplicate(position);
        }
        return fate;
    }

    private Fate compared(final Token token, final Token held) {
        if (token.content() == held.content()) {
            alreadyHeldDuplicates++;
            return Fate.DUPLICATE;
        }
        conflicts++;
        return Fate.CONFLICT;
    }

    private void write(final int entry, final Token token) {
        final UnsafeBuffer buffer = arena.buffer(entry);
        buffer.putLong(arena.offset(entry), token.id());
        buffer.putLong(arena.offset(entry) + Long.BYTES, token.content());
    }

    private Token read(final int entry) {
        final UnsafeBuffer buffer = arena.buffer(entry);
        return new Token(buffer.getLong(arena.offset(entry)), buffer.getLong(arena.offset(entry) + Long.BYTES));
    }
}
