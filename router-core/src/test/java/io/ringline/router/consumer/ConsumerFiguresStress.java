package io.ringline.router.consumer;

import static io.ringline.router.consumer.Outcome.ACK;
import static io.ringline.router.consumer.Outcome.RETRY;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.record.EventRecord;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJZ_Result;

/** What another thread reads of a consumer while that goes on: never less than there is, never safe what is not. */
public final class ConsumerFiguresStress {
    private static final int CHANNEL_BYTES = 4_096;
    private static final int READS = 64; // so that they go on all the while

    private ConsumerFiguresStress() {}

    /** A consumer with events in its channel, each of an aggregate of its own. */
    abstract static class Waiting {
        private static final ConsumerSettings SETTINGS = TestSettings.of("c", new RetryPolicy(3, 0, 0));

        private final Channel channel = new Channel(100, CHANNEL_BYTES, 1_000, new ChannelMemory(0));
        private final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final SubjectConsumer consumer =
                new SubjectConsumer(0, channel, SETTINGS, () -> 1, new HandoverSignal(), TestSettings.NO_NOTICES, null);

        final void offer(final long sequence) {
            final EventRecord event = ConsumerBench.event(sequence, sequence, 8);
            writer.offer(0, event.buffer(), event.offset(), event.length());
        }

        final void retryAll() {
            consumer.poll(event -> RETRY, 10);
        }

        /** Reads it many times. */
        final void readSafe(final JJZ_Result r) {
            r.r1 = r.r2 = consumer.safeGlobalSequence();
            for (int i = 1; i < READS; i++) {
                final long safe = consumer.safeGlobalSequence();
                r.r3 |= safe < r.r2;
                r.r2 = safe;
            }
        }

        final void acknowledgeAll() {
            consumer.poll(event -> ACK, 10);
        }
    }

    /** An event leaves the channel, to be tried again later. */
    @JCStressTest
    @Description(
            "the least and the greatest lag(), and whether isEmpty() ever says so, of a consumer whose one event is parked meanwhile")
    @Outcome(id = "[12], [12], false", expect = ACCEPTABLE, desc = "it waits: seen in one place, or in both on its way")
    @Outcome(expect = FORBIDDEN, desc = "seen in neither: a drain would end without it")
    @State
    public static class Parked extends Waiting {
        /** One event. */
        public Parked() {
            offer(10);
        }

        /** The consumer. */
        @Actor
        public void consumer() {
            retryAll();
        }

        /** Who drains. @param r see the description. */
        @Actor
        public void drain(final JJZ_Result r) {
            r.r1 = Long.MAX_VALUE;
            for (int i = 0; i < READS; i++) {
                final long lag = consumer.lag();
                r.r1 = Math.min(r.r1, lag);
                r.r2 = Math.max(r.r2, lag);
                r.r3 |= consumer.isEmpty();
            }
        }
    }

    /** An event begins to wait, and the one after it is done with. */
    @JCStressTest
    @Description(
            "the first and the last of many safeGlobalSequence(), and whether one was less than the one before: 10 is to be tried again, 11 is acknowledged")
    @Outcome(id = "0, 0, false", expect = ACCEPTABLE, desc = "nothing has been looked at")
    @Outcome(id = "0, 9, false", expect = ACCEPTABLE, desc = "10 has")
    @Outcome(id = "9, 9, false", expect = ACCEPTABLE, desc = "10 had")
    @Outcome(expect = FORBIDDEN, desc = "11 although 10 waits: a restart would lose 10")
    @State
    public static class Passed extends Waiting {
        /** Two events. */
        public Passed() {
            offer(10);
            offer(11);
        }

        /** The consumer. */
        @Actor
        public void consumer() {
            consumer.poll(event -> event.globalSequence() == 10 ? RETRY : ACK, 10);
        }

        /** Who keeps the position. @param r see the description. */
        @Actor
        public void position(final JJZ_Result r) {
            readSafe(r);
        }
    }

    /** The only event that waits is done with. */
    @JCStressTest
    @Description(
            "the first and the last of many safeGlobalSequence(), and whether one was less than the one before, while 10, which waits, is acknowledged")
    @Outcome(id = "9, 9, false", expect = ACCEPTABLE, desc = "it waits")
    @Outcome(id = "9, 10, false", expect = ACCEPTABLE, desc = "done with in between")
    @Outcome(id = "10, 10, false", expect = ACCEPTABLE, desc = "done with")
    @Outcome(expect = FORBIDDEN, desc = "a position that has been safe before is not any more")
    @State
    public static class Finished extends Waiting {
        /** One event waits. */
        public Finished() {
            offer(10);
            retryAll();
        }

        /** The consumer. */
        @Actor
        public void consumer() {
            acknowledgeAll();
        }

        /** Who keeps the position. @param r see the description. */
        @Actor
        public void position(final JJZ_Result r) {
            readSafe(r);
        }
    }
}
