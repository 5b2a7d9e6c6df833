package io.ringline.router.channel;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringline.router.TestRecords;
import io.ringline.router.record.EventRecord;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A channel's memory, written by the fan-out stage and given back by the consumer. */
public final class ChannelStress {
    private static final int CAPACITY_BYTES = 4_096;
    private static final int MAX_RECORD_BYTES = 1_016;
    private static final int WRONG = 9;
    private static final int ROUNDS = 25;

    private ChannelStress() {}

    /** A channel, its two ends, and records of two sizes: four of the larger nearly fill it. */
    abstract static class Connected {
        private static final int OTHER_BYTES = EventRecord.HEADER_BYTES + "s".length();
        private static final EventRecord[] LARGE = records(1_016 - Channel.HEADER_BYTES - OTHER_BYTES);
        private static final EventRecord[] SMALLER = records(992 - Channel.HEADER_BYTES - OTHER_BYTES);
        private static final EventRecord[] SMALL = records(8);

        final Channel channel = new Channel(100, CAPACITY_BYTES, MAX_RECORD_BYTES, new ChannelMemory(0));
        final ChannelWriter writer = new ChannelWriter(List.of(channel));
        final TestReader reader = new TestReader(channel, this::onRecord);
        int seen;

        private static EventRecord[] records(final int payloadBytes) {
            final EventRecord[] records = new EventRecord[6];
            for (int number = 0; number < records.length; number++) {
                records[number] = TestRecords.event("s", number, payloadBytes);
            }
            return records;
        }

        boolean offerSmall(final int number) {
            return offer(SMALL[number]);
        }

        boolean offerLarge(final int number) {
            return offer(LARGE[number]);
        }

        boolean offerSmaller(final int number) {
            return offer(SMALLER[number]);
        }

        private boolean offer(final EventRecord record) {
            return writer.offer(0, record.buffer(), record.offset(), record.length());
        }

        /** Notes its number, one digit for each record; or that it is not what was offered, at its start or its end. */
        private boolean onRecord(final EventRecord record) {
            final int number = (int) record.globalSequence();
            final int last = record.payloadLength() - 1;
            final boolean whole = last >= 0
                    && record.buffer().getByte(record.payloadOffset() + last) == (byte) (number * 31 + last)
                    && record.globalSequence() == number;
            seen = seen * 10 + (whole ? number : WRONG);
            return true;
        }
    }

    /** Two records while the consumer reads. */
    @JCStressTest
    @Description("the numbers of the records that were read")
    @Outcome(id = "(0|1|12)", expect = ACCEPTABLE, desc = "those that were there, whole and in order")
    @Outcome(expect = FORBIDDEN, desc = "one that is not what was offered, or not in its turn")
    @State
    public static class Offered extends Connected {
        /** The fan-out stage. */
        @Actor
        public void stage() {
            offerSmall(1);
            offerSmall(2);
        }

        /** The consumer. @param r see the description. */
        @Actor
        public void consumer(final I_Result r) {
            reader.poll(10);
            r.r1 = seen;
        }
    }

    /** A record that does not fit the ring's end, where at its start one of a lap ago stands. */
    @JCStressTest
    @Description("the numbers of the records that were read in two polls")
    @Outcome(id = "(0|5)", expect = ACCEPTABLE, desc = "the fifth, or nothing yet")
    @Outcome(expect = FORBIDDEN, desc = "one of a lap ago, or half of the fifth")
    @State
    public static class Wrapped extends Connected {
        /** Four records that have been read. */
        public Wrapped() {
            for (int number = 1; number <= 4; number++) {
                offerLarge(number);
            }
            reader.poll(10);
            seen = 0;
        }

        /** The fan-out stage. */
        @Actor
        public void stage() {
            offerLarge(5);
        }

        /** The consumer. @param r see the description. */
        @Actor
        public void consumer(final I_Result r) {
            reader.poll(10);
            reader.poll(10);
            r.r1 = seen;
        }
    }

    /** A record finds room where the one stands that is being read. */
    @JCStressTest
    @Description("the number of the record that was read, and whether another was offered into its place")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "there was no room yet")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "offered after it was read")
    @Outcome(expect = FORBIDDEN, desc = "overwritten while it was read")
    @State
    public static class GivenBack extends Connected {
        /** Full. */
        public GivenBack() {
            for (int number = 1; number <= 4; number++) {
                offerLarge(number);
            }
        }

        /** The fan-out stage. @param r see the description. */
        @Actor
        public void stage(final II_Result r) {
            r.r2 = offerSmaller(5) || offerSmaller(5) ? 1 : 0;
        }

        /** The consumer. @param r see the description. */
        @Actor
        public void consumer(final II_Result r) {
            reader.poll(1);
            r.r1 = seen;
        }
    }

    /** Somebody asks whether a channel is empty that never is. */
    @JCStressTest
    @Description("whether isEmpty() ever says so, while another record is offered and then one read, some times")
    @Outcome(id = "false", expect = ACCEPTABLE, desc = "it never was")
    @Outcome(expect = FORBIDDEN, desc = "a drain would end too early")
    @State
    public static class NeverEmpty extends Connected {
        /** One record. */
        public NeverEmpty() {
            offerSmall(1);
        }

        /** The fan-out stage, then the consumer. */
        @Actor
        public void both() {
            for (int i = 0; i < ROUNDS; i++) {
                offerSmall(2);
                reader.poll(1);
            }
        }

        /** Anybody. @param r see the description. */
        @Actor
        public void ask(final Z_Result r) {
            for (int i = 0; i < 4 * ROUNDS; i++) { // so that it asks all the while
                r.r1 |= channel.isEmpty();
            }
        }
    }
}
