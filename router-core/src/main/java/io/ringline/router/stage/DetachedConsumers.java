package io.ringline.router.stage;

import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.consumer.ReplayGate;
import io.ringline.router.consumer.SubjectConsumer;
import java.util.ArrayList;
import java.util.List;

/**
 * The consumers that have left the live path because their channel was full, see {@link ReplayGate}. Their channels are
 * shut, so that an event for them takes the way of one that finds its channel full and all others take theirs as ever. The
 * fan-out stage's thread.
 */
final class DetachedConsumers {
    private final ChannelWriter channels;
    private final List<SubjectConsumer> consumers = new ArrayList<>();

    /** Nobody has left. @param channels of all consumers. */
    DetachedConsumers(final ChannelWriter channels) {
        this.channels = channels;
    }

    /** Whether anybody has left. */
    boolean any() {
        return !consumers.isEmpty();
    }

    /** Whether a consumer has left. */
    boolean has(final SubjectConsumer consumer) {
        return consumers.contains(consumer);
    }

    /** A consumer has ended. */
    void forget(final SubjectConsumer consumer) {
        consumers.remove(consumer);
    }

    /** A consumer's channel was full. @return whether it had not left before. */
    boolean leave(final SubjectConsumer consumer, final long globalSequence) {
        final ReplayGate gate = consumer.replayGate();
        if (gate == null) {
            throw new IllegalStateException("consumer '" + consumer.name() + "' cannot replay: this is a bug");
        }
        if (consumers.contains(consumer)) {
            return false;
        }
        channels.shut(consumer.index());
        gate.detach(globalSequence);
        consumers.add(consumer);
        return true;
    }

    /**
     * Lets those back in that ask. Between two events only.
     *
     * @param fannedOut the last event that all consumers are done with.
     */
    void admit(final long fannedOut) {
        for (int i = consumers.size() - 1; i >= 0; i--) {
            final SubjectConsumer consumer = consumers.get(i);
            final ReplayGate gate = consumer.replayGate();
            if (gate != null && gate.isRequested()) {
                channels.open(consumer.index());
                gate.admit(fannedOut + 1);
                consumers.remove(i);
            }
        }
    }
}
