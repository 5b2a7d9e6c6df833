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

/**
 * A reader asks an old snapshot, and then the latest, what changes touch, while the writer notes more of them: it may say touched,
 * never not.
 */
@JCStressTest
@Description(
        "touchedSince(): the old snapshot since its first change, since its last one; the latest since the old one")
@Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "no change was missed")
@Outcome(expect = FORBIDDEN, desc = "a change was missed")
@State
public class ChangeFilterStress {
    private static final Pattern TOUCHING = new Pattern("a.*".getBytes(StandardCharsets.UTF_8));
    private static final Pattern OTHER = new Pattern("b.c".getBytes(StandardCharsets.UTF_8));
    private static final UnsafeBuffer SUBJECT = new UnsafeBuffer("a.b".getBytes(StandardCharsets.UTF_8));

    private final Subscriptions subscriptions = new Subscriptions();
    private final SubjectTrie old;

    /** Two changes that touch the subject, and one between them that does not. */
    public ChangeFilterStress() {
        subscriptions.add(TOUCHING, 0);
        subscriptions.add(OTHER, 0);
        subscriptions.add(TOUCHING, 1);
        old = subscriptions.snapshot();
    }

    /** Changes both. */
    @Actor
    public void writer() {
        subscriptions.remove(TOUCHING, 0);
        subscriptions.remove(OTHER, 0);
        subscriptions.add(TOUCHING, 2);
    }

    /** Asks. @param r see the description. */
    @Actor
    public void reader(final ZZZ_Result r) {
        final SubjectTrie.Scratch scratch = new SubjectTrie.Scratch(8);
        old.match(SUBJECT, 0, SUBJECT.capacity(), new long[1], scratch);
        final long front = scratch.changesFront();
        final long back = scratch.changesBack();
        r.r1 = old.touchedSince(0, front, back);
        r.r2 = old.touchedSince(old.version() - 1, front, back);
        final SubjectTrie latest = subscriptions.snapshot();
        r.r3 = latest == old || latest.touchedSince(old.version(), front, back);
    }
}
