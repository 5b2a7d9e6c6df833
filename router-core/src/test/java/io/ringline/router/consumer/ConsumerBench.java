package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.channel.Channel;
import io.ringline.router.channel.ChannelMemory;
import io.ringline.router.channel.ChannelWriter;
import io.ringline.router.journal.DeadLetterSink;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordFlags;
import io.ringline.router.record.RecordType;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** One consumer with its channel, a dead letters' writer and a clock, all moved by hand. */
final class ConsumerBench {
    static final long DELAY = 1_000;

    /** A dead letter. */
    record Letter(
            DeadLetterReason reason,
            long sequence,
            int attempts,
            long firstFailureNs,
            long timeNs,
            String firstError,
            String error) {}

    long now = 1_000_000;
    final Channel channel;
    final SubjectConsumer consumer;
    final List<Letter> letters = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    boolean noticesHaveRoom = true;
    private final ChannelWriter writer;
    private final EventRecord record = new EventRecord();

    ConsumerBench(final ConsumerSettings settings) {
        this(settings, 1 << 14);
    }

    ConsumerBench(final ConsumerSettings settings, final int channelBytes) {
        channel = new Channel(10_000, channelBytes, 1_000, new ChannelMemory(0));
        writer = new ChannelWriter(List.of(channel));
        consumer = new SubjectConsumer(0, channel, settings, () -> now, new HandoverSignal(), this::notice, null);
    }

    ConsumerBench(final ConsumerSettings settings, final Parking parking) {
        channel = new Channel(10_000, 1 << 14, 1_000, new ChannelMemory(0));
        writer = new ChannelWriter(List.of(channel));
        consumer =
                new SubjectConsumer(0, channel, settings, () -> now, new HandoverSignal(), this::notice, null, parking);
    }

    private boolean notice(
            final DirectBuffer subject,
            final int subjectOffset,
            final int subjectLength,
            final DirectBuffer payload,
            final int payloadOffset,
            final int payloadLength) {
        if (noticesHaveRoom) {
            notices.add(subject.getStringWithoutLengthUtf8(subjectOffset, subjectLength) + " "
                    + payload.getStringWithoutLengthUtf8(payloadOffset, payloadLength));
        }
        return noticesHaveRoom;
    }

    /** An event of an aggregate that is an id, of at least so many payload bytes. */
    static EventRecord event(final long sequence, final long aggregateId, final int payloadBytes) {
        final EventRecord event =
                new EventRecord().wrap(new UnsafeBuffer(new byte[EventRecord.HEADER_BYTES + 1 + payloadBytes]), 0);
        event.init(RecordType.EVENT, RecordFlags.AGGREGATE_IS_ID, 1, 0, 0, payloadBytes, aggregateId, 0, 0);
        return event.globalSequence(sequence);
    }

    /** An event of an aggregate that is a key. */
    static EventRecord event(final long sequence, final String key) {
        final byte[] bytes = key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        final EventRecord event =
                new EventRecord().wrap(new UnsafeBuffer(new byte[EventRecord.HEADER_BYTES + 1 + bytes.length]), 0);
        event.init(RecordType.EVENT, 0, 1, bytes.length, 0, 0);
        event.buffer().putBytes(event.storedAggregateOffset(), bytes);
        return event.globalSequence(sequence);
    }

    boolean tryOffer(final EventRecord event) {
        return writer.offer(0, event.buffer(), event.offset(), event.length());
    }

    void offer(final EventRecord event) {
        assertThat(tryOffer(event)).isTrue();
    }

    void offer(final long sequence, final long aggregateId) {
        offer(event(sequence, aggregateId, 8));
    }

    /** Writes the dead letter that is handed over, if any. */
    boolean writeLetter() {
        final boolean written = consumer.handover().writeTo(new Letters(), consumer.name()) > 0;
        consumer.handover().confirm();
        return written;
    }

    private final class Letters implements DeadLetterSink {
        @Override
        public void append(
                final DeadLetterReason reason,
                final String name,
                final int attempts,
                final long firstFailureNanos,
                final long timeNanos,
                final @Nullable String firstError,
                final @Nullable String error,
                final DirectBuffer memory,
                final int offset,
                final int length) {
            record.wrap((UnsafeBuffer) memory, offset);
            assertThat(record.length()).isEqualTo(length);
            letters.add(new Letter(
                    reason,
                    record.globalSequence(),
                    attempts,
                    firstFailureNanos,
                    timeNanos,
                    String.valueOf(firstError),
                    String.valueOf(error)));
        }

        @Override
        public void flush() {
            // nothing is buffered
        }
    }
}
