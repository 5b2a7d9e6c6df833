package io.ringline.bench;

import java.util.BitSet;
import java.util.function.IntUnaryOperator;

/**
 * What subjects match, pattern by pattern: whoever is measured is held against it first, or it might be measured doing less
 * work than the others.
 */
final class NaiveMatches {
    /** Comparisons that a check may take, about a second's; more only for the least number of subjects. */
    private static final long MOST_COMPARISONS = 20_000_000;

    private static final int MOST_SUBJECTS = 500;
    private static final int LEAST_SUBJECTS = 100;

    private final SubjectWorkload workload;
    private final int[] patterns;
    private final int[] consumers;

    NaiveMatches(final SubjectWorkload workload) {
        this.workload = workload;
        final long subjects = Math.min(MOST_SUBJECTS, MOST_COMPARISONS / workload.patterns.size());
        patterns = new int[(int) Math.max(LEAST_SUBJECTS, subjects)];
        consumers = new int[patterns.length];
        for (int i = 0; i < patterns.length; i++) {
            final byte[] subject = SubjectText.bytes(workload, subject(i));
            final BitSet found = new BitSet();
            for (int p = 0; p < workload.patterns.size(); p++) {
                if (workload.patterns.get(p).matches(subject)) {
                    patterns[i]++;
                    found.set(p % SubjectWorkload.CONSUMERS);
                }
            }
            consumers[i] = found.cardinality();
        }
    }

    /** Checked subjects lie at even distances among all. */
    private int subject(final int number) {
        return (int) ((long) number * SubjectWorkload.SUBJECTS / patterns.length);
    }

    /**
     * Compares.
     *
     * @param who        for the message.
     * @param byConsumer whether a consumer with two matching patterns counts once.
     * @param count      of a subject's matches.
     * @throws IllegalStateException where it differs, with the subject.
     */
    void check(final String who, final boolean byConsumer, final IntUnaryOperator count) {
        for (int i = 0; i < patterns.length; i++) {
            final int wanted = byConsumer ? consumers[i] : patterns[i];
            final int found = count.applyAsInt(subject(i));
            if (found != wanted) {
                throw new IllegalStateException(who + " finds " + found + " matches, not " + wanted + ": "
                        + SubjectText.text(workload, subject(i)));
            }
        }
    }
}
