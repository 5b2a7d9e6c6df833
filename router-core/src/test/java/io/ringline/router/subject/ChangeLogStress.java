package io.ringline.router.subject;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A reader walks the log of changes from an old snapshot while the writer overwrites it: it may say touched, never not. */
@JCStressTest
@Description(
        "touchedSince() on an old snapshot: since its first change, its last one, and for a subject that none touches")
@Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "the log was whole")
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "the log was overwritten")
@Outcome(expect = FORBIDDEN, desc = "a change was missed")
@State
public class ChangeLogStress {
    private static final Pattern TOUCHING = new Pattern("a.*".getBytes(StandardCharsets.UTF_8));
    private static final Pattern OTHER = new Pattern("b".getBytes(StandardCharsets.UTF_8));
    private static final UnsafeBuffer SUBJECT = new UnsafeBuffer("a.b".getBytes(StandardCharsets.UTF_8));
    private static final UnsafeBuffer UNTOUCHED = new UnsafeBuffer("z".getBytes(StandardCharsets.UTF_8));

    private final Subscriptions subscriptions = new Subscriptions();
    private final SubjectTrie old;

    /** As many changes as are kept, of which the first and the last touch the subject. */
    public ChangeLogStress() {
        subscriptions.add(TOUCHING, 0);
        for (int i = 2; i < ChangeLog.CAPACITY; i++) {
            changeOther(i);
        }
        subscriptions.add(TOUCHING, 1);
        old = subscriptions.snapshot();
    }

    private void changeOther(final int i) {
        if ((i & 1) == 0) {
            subscriptions.add(OTHER, 0);
        } else {
            subscriptions.remove(OTHER, 0);
        }
    }

    /** Overwrites the whole log, the oldest change first. */
    @Actor
    public void writer() {
        for (int i = 0; i < ChangeLog.CAPACITY; i++) {
            changeOther(i);
        }
    }

    /** Walks it. @param r see the description. */
    @Actor
    public void reader(final ZZZ_Result r) {
        final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch(8);
        r.r1 = old.touchedSince(0, SUBJECT, 0, SUBJECT.capacity(), scratch);
        r.r2 = old.touchedSince(old.version() - 1, SUBJECT, 0, SUBJECT.capacity(), scratch);
        r.r3 = old.touchedSince(0, UNTOUCHED, 0, UNTOUCHED.capacity(), scratch);
    }
}
