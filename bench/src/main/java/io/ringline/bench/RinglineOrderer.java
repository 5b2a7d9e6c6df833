package io.ringline.bench;

import io.ringline.router.subject.SubjectHash;
import io.ringline.sequencer.HeldArena;
import io.ringline.sequencer.LookAhead;
import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import io.ringline.sequencer.ReleaseList;
import io.ringline.sequencer.Sequencer;
import io.ringline.sequencer.SequencerSettings;
import io.ringline.sequencer.SequencerSnapshot;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Ringline's sequencer, driven as its stage drives it, and set to refuse what is too far ahead, as the peers do. */
final class RinglineOrderer implements Orderer {
    private static final int MAX_BUFFER = 1_000;
    private static final int MAX_HELD = 1 << 14;
    private static final int RING = 1_024;

    private final Sequencer sequencer;
    private final ReleaseList releases;
    private final HeldArena arena = new HeldArena(MAX_HELD, PAYLOAD_BYTES);
    private final LookAhead ahead;
    private final boolean byId;
    private final Sink sink;
    private long now;

    RinglineOrderer(final Keys keys, final Ordering ordering, final Sink sink) {
        sequencer = new Sequencer(
                new SequencerSettings(
                        ordering,
                        MAX_GAP,
                        MAX_BUFFER,
                        MAX_HELD,
                        TimeUnit.SECONDS.toNanos(30),
                        OnGapTooWide.DEAD_LETTER),
                RING,
                0);
        this.releases = sequencer.releases();
        this.ahead = sequencer.lookAhead();
        this.byId = keys == Keys.ID;
        this.sink = sink;
    }

    @Override
    public void offer(
            final DirectBuffer event,
            final int keyOffset,
            final long sequence,
            final long source,
            final DirectBuffer payload) {
        final int answer = byId
                ? sequencer.offerId(event.getLong(keyOffset), sequence, source, ++now)
                : sequencer.offerBytes(
                        event,
                        keyOffset,
                        KEY_BYTES,
                        SubjectHash.hash(event, keyOffset, KEY_BYTES),
                        sequence,
                        source,
                        ++now);
        if (answer == Sequencer.RELEASED) {
            sink.onEvent(sequencer.lastGlobalSequence(), payload, 0);
        } else {
            others(answer, payload);
        }
    }

    @Override
    public boolean looksAhead() {
        return ahead.isWorthwhile();
    }

    @Override
    public void expect(final DirectBuffer event, final int keyOffset) {
        if (byId) {
            ahead.expectId(event.getLong(keyOffset));
        } else {
            ahead.expectBytes(SubjectHash.hash(event, keyOffset, KEY_BYTES));
        }
    }

    @Override
    public void fetch() {
        ahead.fetch();
    }

    private void others(final int answer, final DirectBuffer payload) {
        if (answer == Sequencer.HELD) {
            final int entry = sequencer.heldEntry();
            arena.buffer(entry).putBytes(arena.offset(entry), payload, 0, PAYLOAD_BYTES);
        } else if (answer == Sequencer.ALREADY_HELD) {
            sequencer.markDuplicate();
        }
        final long from = sequencer.releaseFrom();
        final long to = from + sequencer.releaseCount();
        for (long position = from; position < to; position++) {
            final int entry = releases.entry(position);
            final int outcome = releases.outcome(position);
            final boolean self = entry == Sequencer.SELF;
            if (outcome == Sequencer.RELEASED) {
                final DirectBuffer bytes = self ? payload : arena.buffer(entry);
                sink.onEvent(releases.globalSequence(position), bytes, self ? 0 : arena.offset(entry));
            } else if (outcome == Sequencer.ALREADY_HELD) {
                sequencer.markDuplicate(position);
            }
        }
        sequencer.reclaim(to);
    }

    /** For snapshots of it, whose events' bytes are {@link #heldBytes}. */
    SequencerSnapshot snapshot() {
        return new SequencerSnapshot(sequencer);
    }

    SequencerSnapshot.HeldBytes heldBytes() {
        return new SequencerSnapshot.HeldBytes() {
            @Override
            public int length(final int entry) {
                return PAYLOAD_BYTES;
            }

            @Override
            public void copy(final int entry, final MutableDirectBuffer to, final int offset) {
                to.putBytes(offset, arena.buffer(entry), arena.offset(entry), PAYLOAD_BYTES);
            }
        };
    }

    @Override
    public int held() {
        return sequencer.heldNow();
    }

    @Override
    public long duplicates() {
        return sequencer.statistics().duplicates();
    }

    @Override
    public long tooWide() {
        return sequencer.statistics().tooWide();
    }
}
