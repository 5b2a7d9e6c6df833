package io.ringline.router.journal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** An index of excerpts that grows, or forgets every second place, while it is asked: each answer is a place that was noted. */
public final class ExcerptIndexStress {
    private static final int FIRST_PLACES = 64;

    private ExcerptIndexStress() {}

    /** Numbers are ten times what stands as their position. */
    abstract static class Noted {
        private final ExcerptIndex index;

        /** One place less than the index has room for at first. */
        Noted(final int most) {
            index = new ExcerptIndex(1, most);
            for (int place = 1; place < FIRST_PLACES; place++) {
                note(place);
            }
        }

        private void note(final int place) {
            index.onExcerpt("file", 10L * place, place, 1);
        }

        final void noteTwo() {
            note(FIRST_PLACES);
            note(FIRST_PLACES + 1);
        }

        final long before(final long number) {
            final ExcerptIndex.Place place = index.before(number);
            return place == null || !"file".equals(place.file()) ? -1 : place.framePosition();
        }
    }

    /** The index grows. */
    @JCStressTest
    @Description("the last place, and that of number 320, while two more are noted")
    @Outcome(id = "6[345], 32", expect = ACCEPTABLE, desc = "as before or after either of the two")
    @Outcome(expect = FORBIDDEN, desc = "no place, one of another number, or half of one")
    @State
    public static class Grows extends Noted {
        /** Up to 128 places. */
        public Grows() {
            super(2 * FIRST_PLACES);
        }

        /** The journal's writer. */
        @Actor
        public void writer() {
            noteTwo();
        }

        /** Who begins to read the journal. @param r see the description. */
        @Actor
        public void reader(final JJ_Result r) {
            r.r1 = before(Long.MAX_VALUE);
            r.r2 = before(320);
        }
    }

    /** The index is full: it forgets every second place. */
    @JCStressTest
    @Description("the last place, and that of number 320 or the one before it, while two more are noted")
    @Outcome(id = "6[345], 3[12]", expect = ACCEPTABLE, desc = "as before or after either of the two")
    @Outcome(expect = FORBIDDEN, desc = "no place, one far from the number, or half of one")
    @State
    public static class Forgets extends Noted {
        /** Up to 64 places. */
        public Forgets() {
            super(FIRST_PLACES);
        }

        /** The journal's writer. */
        @Actor
        public void writer() {
            noteTwo();
        }

        /** Who begins to read the journal. @param r see the description. */
        @Actor
        public void reader(final JJ_Result r) {
            r.r1 = before(Long.MAX_VALUE);
            r.r2 = before(320);
        }
    }
}
