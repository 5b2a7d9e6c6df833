package io.ringline.sequencer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a list that fails short: leaves out runs of it, long ones first, as long as what is left fails too. */
final class Shrinker {
    private static final int MAX_TRIES = 20_000;

    private Shrinker() {}

    static <T> List<T> shrink(final List<T> failing, final Predicate<List<T>> fails) {
        List<T> best = failing;
        int tries = 0;
        int run = Math.max(1, best.size() / 2);
        boolean shorter = true;
        while (run > 1 || shorter) {
            run = shorter ? run : run / 2;
            shorter = false;
            for (int from = 0; from < best.size() && tries < MAX_TRIES; tries++) {
                final List<T> candidate = new ArrayList<>(best.subList(0, from));
                candidate.addAll(best.subList(Math.min(best.size(), from + run), best.size()));
                if (fails.test(candidate)) {
                    best = candidate;
                    shorter = true;
                } else {
                    from += run;
                }
            }
        }
        return best;
    }
}
