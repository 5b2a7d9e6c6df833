package io.ringline.bench.damage;

import io.ringline.router.journal.JournalException;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.LongSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A small log whose every entry is known, and all ways to read it. Not thread-safe. */
abstract class DamagedLog {
    private static final long FIRST_HOUR_MS = 1_700_000_000_000L;
    private static final long HOUR_MS = 3_600_000;

    final UnsafeBuffer memory = new UnsafeBuffer(new byte[4_096]);
    private final EventRecord record = new EventRecord();
    private long hours;

    /** What a person calls it. */
    abstract String name();

    /** Writes it, into two files, and knows from then on what it holds. */
    abstract void write(File dir);

    /** How many entries it has. */
    abstract int entries();

    /**
     * Reads from the first entry to the end, and compares each.
     *
     * @return how many were read, and what stopped that.
     * @throws AssertionError where one is wrong.
     */
    abstract Outcome read(File dir);

    /**
     * Reads in all other ways, and compares.
     *
     * @param outcome of reading from the first.
     * @param random  for where to start, and whether to take the costly ways.
     * @throws AssertionError where one is wrong.
     */
    abstract void readOtherwise(File dir, Outcome outcome, Random random);

    /**
     * What reading came to.
     *
     * @param read    entries, each of them right.
     * @param failure what stopped it; null where it came to the end.
     */
    record Outcome(int read, @Nullable JournalException failure) {}

    /** A clock that stands still, but for {@link #nextHour}. */
    final LongSupplier clock() {
        return () -> FIRST_HOUR_MS + hours * HOUR_MS;
    }

    /** What is written from now on goes into another file. */
    final void nextHour() {
        hours++;
    }

    /** Puts an event into the memory. @return its length, bytes. */
    final int event(final long sequence, final Random random) {
        final byte[] subject = ("event.damage." + sequence).getBytes(StandardCharsets.UTF_8);
        final byte[] payload = new byte[random.nextInt(120)];
        random.nextBytes(payload);
        final int length = record.wrap(memory, 0)
                .init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_ID, subject.length, 0, 0, payload.length);
        record.aggregateId(7)
                .aggregateSequence(sequence)
                .globalSequence(sequence)
                .ingressNanos(sequence * 1_000);
        memory.putBytes(record.subjectOffset(), subject);
        memory.putBytes(record.payloadOffset(), payload);
        return length;
    }

    /** Puts a gap into the memory. @return its length, bytes. */
    final int gap(final long nextSequence) {
        final int length = record.wrap(memory, 0).init(RecordType.GAP, RecordFlags.AGGREGATE_IS_ID, 0, 0, 0, 0);
        record.aggregateId(7)
                .aggregateSequence(nextSequence)
                .globalSequence(nextSequence)
                .gap(3);
        return length;
    }

    static byte[] copy(final EventRecord of) {
        final byte[] bytes = new byte[of.length()];
        of.buffer().getBytes(of.offset(), bytes);
        return bytes;
    }

    static void check(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
