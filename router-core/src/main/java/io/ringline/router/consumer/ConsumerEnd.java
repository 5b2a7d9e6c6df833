package io.ringline.router.consumer;

import io.ringline.router.channel.Channel;
import io.ringline.router.record.EventRecord;
import org.jspecify.annotations.Nullable;

/** How a consumer ends, and how a member of a queue group takes over from another that has: see {@link Inheritance}. */
abstract class ConsumerEnd extends ConsumerFigures implements AutoCloseable {
    private static final ConsumerHome NOWHERE = new ConsumerHome() {
        @Override
        public void onClose(final SubjectConsumer consumer) {
            // nobody routes to it
        }

        @Override
        public boolean isDown() {
            return false;
        }
    };

    /** Made with the first one: looking whether there is any touches no line that a consumer which never inherits has not. */
    private volatile @Nullable FlaggedQueue<Inheritance> inheritances;

    private volatile boolean leaving;
    private volatile boolean ended;
    private ConsumerHome home = NOWHERE;
    private @Nullable SubjectConsumer heir; // its thread's, as all of this consumer is from then on
    private final EventRecord left = new EventRecord();
    private boolean headIsInherited; // what is left at the head of something stands there at that of an inheritance
    private boolean nextIsDone;
    private int limit;
    private int inheritedNow;

    ConsumerEnd(final Channel channel, final Parking parking, final @Nullable ReplayReader replay) {
        super(channel, parking, replay);
    }

    abstract Unfinished unfinished();

    abstract int readNext(int most);

    abstract SubjectConsumer self();

    /** Says whose it is. For the router, before anybody has the consumer. @param router its own. */
    public final void belongsTo(final ConsumerHome router) {
        home = router;
    }

    /**
     * Ends this consumer: it is handed nothing any more, and polls answer 0. No event that is accepted after this has
     * returned is matched for it. What it has not finished, deferred events included, goes to the other members of its queue
     * group, in order and before their later events of the same aggregates; without such a group it is given up, counted by
     * {@link #abandoned()}, and remains in the journal if there is one. Dead letters on their way are written; aggregates that
     * are held ({@link OnDeadLetter#HOLD_AGGREGATE}) are held no more.
     *
     * <p>Where another thread polls the consumer, this takes effect at the end of its poll that is under way, or when it polls
     * next, has ended, or has closed the {@link ConsumerPoller} or agent by which it did; within the handler, at the end of the
     * poll. Until then a channel that is full still is. The one that takes over hands out nothing of its own before it has taken
     * all that is left, the rest in the journal included where this one is away under {@code REPLAY}; what the patterns of this
     * member's own matched goes with it. Any thread; waits for nobody's polls; a second call does nothing. To end a consumer
     * without giving anything up, see {@code Ringline.remove}.
     */
    @Override
    public final void close() {
        pulse().stop();
        home.onClose(self());
    }

    /**
     * Whether this consumer has ended, after {@link #close} or {@code Ringline.remove}: its last event is done with, and its name
     * and place are free. True too where it was to end and the router was closed or sealed meanwhile. Any thread.
     *
     * @return true from then on.
     */
    public final boolean hasEnded() {
        return ended || (leaving && home.isDown());
    }

    /** Whether it is to end. Any thread. @return true from when it was closed, or removed from its router. */
    public final boolean isLeaving() {
        return leaving;
    }

    /** It is to end. For the router. */
    public final void leave() {
        leaving = true;
    }

    /** Nothing is on its way to it any more. For the router; the fan-out stage's thread. */
    public final void end() {
        ended = true;
    }

    /** Whether a dead letter of it is being written. Any thread. @return true too where it is not known to the consumer yet that it was. */
    public final boolean isWithWriter() {
        return !handover().isIdle() && !handover().isWritten();
    }

    abstract DeadLetterHandover handover();

    abstract Acknowledgements acknowledgements();

    /**
     * Gives this consumer what another has left. The fan-out stage's thread, before it offers this one an event of an aggregate
     * that was the other's.
     *
     * @param left by another member of the group.
     */
    public final void inherit(final Inheritance left) {
        final FlaggedQueue<Inheritance> before = inheritances;
        final FlaggedQueue<Inheritance> queue = before == null ? new FlaggedQueue<>() : before;
        queue.add(left);
        if (before == null) {
            inheritances = queue;
        }
    }

    /** Whether something that another has left is not taken yet. Any thread. @return true if so. */
    public final boolean inherits() {
        final FlaggedQueue<Inheritance> queue = inheritances;
        return queue != null && queue.any();
    }

    /** Takes what others have left; up to so many calls of the handler in this poll. The polling thread, in a troubled poll. @return how many events were done with. */
    final int takeInherited(final int most) {
        limit = most;
        inheritedNow = 0;
        beginAbsorbing();
        takeAll(self());
        return inheritedNow;
    }

    /** Whether an event that another has left may be handed out now. The polling thread. */
    final boolean mayInherit() {
        return unfinished().calls() < limit && unfinished().mayRead();
    }

    /** Takes one event that another has left. The polling thread. @return false where it must come again. */
    final boolean inherit(final EventRecord event) {
        if (nextIsDone) {
            nextIsDone = false;
            return true;
        }
        final boolean again = unfinished().headIsDone; // this very event, which was left where it is until then
        final boolean taken = unfinished().onRecord(event);
        headIsInherited = !taken; // if any is left anywhere, it is this one
        if (taken && !again) {
            inheritedNow++;
        }
        return taken;
    }

    /** Takes the record at the channel's head out: it is done with. The polling thread, while not reading. */
    final void consumeHead() {
        if (!headIsInherited) { // which comes again, and is taken then
            readNext(1);
        }
    }

    // What follows is for the heir's thread.

    final void inheritedBy(final SubjectConsumer other) {
        if (heir != other) {
            heir = other;
            beInherited();
        }
    }

    /** No event may go the fast way any more. */
    abstract void beInherited();

    /** Hands out what the channel has. Its own flyweight may be shared with consumers that another thread polls by now. */
    final int readChannel(final int most) {
        return heir == null ? read(most) : read(most, left);
    }

    final boolean isInherited() {
        return heir != null;
    }

    /** An event of this consumer's channel, or for it in the journal. */
    final boolean passOn(final EventRecord event) {
        final SubjectConsumer to = heir;
        if (unfinished().headIsDone) {
            unfinished().headIsDone = false;
            return true;
        }
        if (to == null || !to.mayInherit() || !to.inherit(event)) {
            return false;
        }
        countHandedOver();
        return true;
    }

    /** Passes on what this consumer had not taken of what was left to it. @return false where something is left. */
    final boolean passOnInherited(final SubjectConsumer to) {
        if (nextIsDone || (headIsInherited && unfinished().headIsDone)) {
            to.skipNext();
            nextIsDone = false;
            headIsInherited = false;
            unfinished().headIsDone = false;
        }
        return takeAll(to);
    }

    /** Hands on what was left to this consumer. @return false where something is left. */
    private boolean takeAll(final SubjectConsumer to) {
        final FlaggedQueue<Inheritance> queue = inheritances;
        if (queue == null) {
            return true;
        }
        for (Inheritance first = queue.first(); first != null; first = queue.first()) {
            if (!first.take(to)) {
                return false;
            }
            queue.removeFirst();
        }
        return true;
    }

    /** The next event to be taken was done with by one that has left since. */
    final void skipNext() {
        nextIsDone = true;
    }

    /** Passes on what is in the channel, or in the journal. @return how many events were. */
    final int readLeft() {
        final int answer = readNext(Integer.MAX_VALUE);
        return answer < 0 ? ~answer : answer;
    }

    /** Takes in what the handler has answered meanwhile for events that it deferred. */
    final void settleAnswered() {
        acknowledgements().drain(unfinished().onAcknowledgement());
    }

    /** An event is offered to another: answers to it that come from now on are too late. */
    final void disown(final WaitingEvent event) {
        unfinished().deferred.take(event.globalSequence, event.handed);
        unfinished().letters.withdraw(event);
    }

    /** Waits, without waiting, for an event's dead letter. @return false where it is not written yet. */
    final boolean finishLetter(final WaitingEvent event) {
        if (unfinished().letters.takeWritten() == null) {
            return false;
        }
        countGivenUp(event.globalSequence);
        if (event.run == WaitingEvent.AT_HEAD) {
            unfinished().headIsDone = true;
        }
        return true;
    }
}
