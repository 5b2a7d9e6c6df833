package io.ringline.bench.damage;

import io.ringline.router.journal.DeadLetter;
import io.ringline.router.journal.DeadLetterLog;
import io.ringline.router.journal.DeadLetterReader;
import io.ringline.router.journal.JournalException;
import io.ringline.router.journal.JournalSettings;
import io.ringline.router.record.DeadLetterReason;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Dead letters in two files. */
final class DamagedLetters extends DamagedLog {
    private static final int LETTERS = 7;
    private static final int LETTERS_A_FILE = 4;

    private final List<String> letters = new ArrayList<>();
    private final DeadLetter letter = new DeadLetter();

    DamagedLetters() {}

    @Override
    String name() {
        return "dead letters";
    }

    @Override
    int entries() {
        return letters.size();
    }

    @Override
    void write(final File dir) {
        final Random random = new Random(2);
        try (DeadLetterLog log = DeadLetterLog.open(dir, new JournalSettings().clockMillis(clock()))) {
            for (int i = 1; i <= LETTERS; i++) {
                final DeadLetterReason reason = DeadLetterReason.of(i);
                log.append(
                        reason, "consumer " + i, i, i, 2L * i, "first " + i, "last " + i, memory, 0, event(i, random));
                if (i % 2 == 0) {
                    log.flush();
                }
                if (i == LETTERS_A_FILE) {
                    nextHour();
                }
            }
        }
        try (DeadLetterReader reader = DeadLetterReader.open(dir)) {
            while (reader.next(letter)) {
                letters.add(shown());
            }
        }
        check(letters.size() == LETTERS, "the dead letters were not written");
    }

    private String shown() {
        return letter.id() + " " + letter.reason() + " " + letter.consumer() + " " + letter.attempts() + " "
                + letter.firstFailureNanos() + " " + letter.timeNanos() + " " + letter.firstError() + " "
                + letter.error() + " " + Arrays.toString(copy(letter.record()));
    }

    @Override
    Outcome read(final File dir) {
        int read = 0;
        try (DeadLetterReader reader = DeadLetterReader.open(dir)) {
            while (reader.next(letter)) {
                check(read < letters.size(), "more dead letters than were written: " + shown());
                check(shown().equals(letters.get(read)), "a wrong dead letter as number " + read + ": " + shown());
                read++;
            }
            return new Outcome(read, null);
        } catch (final JournalException failure) {
            return new Outcome(read, failure);
        }
    }

    @Override
    void readOtherwise(final File dir, final Outcome outcome, final Random random) {
        try {
            final long last = DeadLetterReader.lastId(dir);
            check(last <= LETTERS, "a last dead letter that was never written: " + last);
        } catch (final JournalException told) {
            check(outcome.failure() != null, "the last dead letter is damaged, reading all says nothing: " + told);
        }
    }
}
