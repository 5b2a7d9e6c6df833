package io.ringline.router.subject;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * How a snapshot gets from the thread that subscribes to one that matches. Run by {@code scripts/prove jcstress}.
 *
 * <p>Consumer 0 has {@code a.*.c} from the start, 1 has {@code a.b.d}; 64 and 65, whose bits are in a word of their own, are
 * what the writer changes: {@code a.b.c} for 64, then {@code a.>} for 65 and back. None of the other bits may ever be seen.
 */
public final class SnapshotStress {
    private static final int OTHERS_BITS = -1;
    private static final int THREW = -2;

    private SnapshotStress() {}

    /** Subscriptions to begin with, and the questions. */
    abstract static class Subscribed {
        private static final Pattern LATE = pattern("a.b.c");
        private static final Pattern PASSING = pattern("a.>");
        private static final byte[] SUBJECT = "a.b.c".getBytes(StandardCharsets.UTF_8);
        private static final int FROM_START = 1;

        final Subscriptions subscriptions = new Subscriptions();

        Subscribed() {
            subscriptions.add(pattern("a.*.c"), 0);
            subscriptions.add(pattern("a.b.d"), 1);
        }

        private static Pattern pattern(final String text) {
            return new Pattern(text.getBytes(StandardCharsets.UTF_8));
        }

        void addLate() {
            subscriptions.add(LATE, 64);
        }

        void addPassing() {
            subscriptions.add(PASSING, 65);
        }

        void removePassing() {
            subscriptions.remove(PASSING, 65);
        }

        /** Bits of the consumers 64 and 65, or what is wrong. */
        static int match(final SubjectTrie trie) {
            final long[] result = new long[2];
            try {
                trie.match(new UnsafeBuffer(SUBJECT), 0, SUBJECT.length, result, new SubjectTrie.Scratch(8));
            } catch (final RuntimeException | StackOverflowError partlyBuilt) {
                return THREW;
            }
            return result[0] == FROM_START && result[1] >>> 2 == 0 ? (int) result[1] : OTHERS_BITS;
        }

        static int touched(final SubjectTrie trie, final long since) {
            final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch(8);
            trie.match(new UnsafeBuffer(SUBJECT), 0, SUBJECT.length, new long[2], scratch);
            return trie.touchedSince(since, scratch.changesFront(), scratch.changesBack()) ? 1 : 0;
        }
    }

    /** Who was told of a subscription finds it: the weakest way to be told that orders anything at all. */
    @JCStressTest
    @Description("add() returned and was announced by release and acquire; the snapshot taken then has it")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "not announced, not there")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "there before it was announced")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "announced and there")
    @Outcome(expect = FORBIDDEN, desc = "announced but not there, or partly built")
    @State
    public static class Announced extends Subscribed {
        private static final VarHandle FLAG;

        static {
            try {
                FLAG = MethodHandles.lookup().findVarHandle(Announced.class, "flag", int.class);
            } catch (final ReflectiveOperationException impossible) {
                throw new ExceptionInInitializerError(impossible);
            }
        }

        private int flag;

        /** Subscribes, then says so. */
        @Actor
        public void writer() {
            addLate();
            FLAG.setRelease(this, 1);
        }

        /** Hears of it, then matches. @param r flag and match. */
        @Actor
        public void reader(final II_Result r) {
            r.r1 = (int) FLAG.getAcquire(this);
            r.r2 = match(subscriptions.snapshot());
        }
    }

    /** A snapshot is what it was after one of the changes, whole, whichever it is. */
    @JCStressTest
    @Description("snapshot() amidst changes: version since the start, matches, and whether touched since the start")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "before")
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "before, and a change that it does not have is noted already")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "after the first change")
    @Outcome(id = "2, 3, 1", expect = ACCEPTABLE, desc = "after the second")
    @Outcome(id = "3, 1, 1", expect = ACCEPTABLE, desc = "after the third")
    @Outcome(expect = FORBIDDEN, desc = "none of them, or partly built")
    @State
    public static class Whole extends Subscribed {
        private final long start = subscriptions.snapshot().version();

        /** Three changes. */
        @Actor
        public void writer() {
            addLate();
            addPassing();
            removePassing();
        }

        /** Looks at what there is. @param r see the description. */
        @Actor
        public void reader(final III_Result r) {
            final SubjectTrie trie = subscriptions.snapshot();
            r.r1 = (int) (trie.version() - start);
            r.r2 = match(trie);
            r.r3 = touched(trie, start);
        }
    }

    /** Immutable means: even a snapshot that comes by a data race is whole. */
    @JCStressTest
    @Description("A snapshot handed over through a plain field: version since the start, and matches")
    @Outcome(id = "-3, -3", expect = ACCEPTABLE, desc = "not handed over yet")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "whole")
    @Outcome(expect = FORBIDDEN, desc = "partly built")
    @State
    public static class Raced extends Subscribed {
        private static final int NOTHING = -3;
        private final long start = subscriptions.snapshot().version();
        private @Nullable SubjectTrie plain;

        /** Subscribes, hands the snapshot over, and goes on. */
        @Actor
        public void writer() {
            addLate();
            plain = subscriptions.snapshot();
            addPassing();
        }

        /** Takes it if it is there. @param r see the description. */
        @Actor
        public void reader(final II_Result r) {
            final SubjectTrie trie = plain;
            r.r1 = trie == null ? NOTHING : (int) (trie.version() - start);
            r.r2 = trie == null ? NOTHING : match(trie);
        }
    }
}
