package io.ringline.router.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EventRecordTest {
    private final UnsafeBuffer memory = new UnsafeBuffer(new byte[4_096]);
    private final EventRecord record = new EventRecord().wrap(memory, 16);

    private int write(final String subject, final String key, final byte[] headers, final byte[] payload, int flags) {
        final byte[] s = subject.getBytes(StandardCharsets.UTF_8);
        final byte[] k = key.getBytes(StandardCharsets.UTF_8);
        final int length = record.init(RecordType.EVENT, flags, s.length, k.length, headers.length, payload.length);
        memory.putBytes(record.subjectOffset(), s);
        memory.putBytes(record.storedAggregateOffset(), k);
        memory.putBytes(record.headersOffset(), headers);
        memory.putBytes(record.payloadOffset(), payload);
        return length;
    }

    @Test
    void everyFieldHasItsOwnPlace() {
        final byte[] headers = {1, 2, 3};
        final byte[] payload = {4, 5, 6, 7};
        final int length = write("a.b", "key", headers, payload, RecordFlags.SOURCE_SEQUENCED);
        record.gap(7)
                .aggregateId(-5)
                .aggregateSequence(11)
                .globalSequence(12)
                .sourceSequence(13)
                .ingressNanos(14)
                .crc(15);
        assertThat(length).isEqualTo(64 + 3 + 3 + 3 + 4).isEqualTo(record.length());
        assertThat(record.version()).isEqualTo(EventRecord.VERSION);
        assertThat(record.type()).isEqualTo(RecordType.EVENT);
        assertThat(record.flags()).isEqualTo(RecordFlags.SOURCE_SEQUENCED);
        assertThat(record.gap()).isEqualTo(7);
        assertThat(record.aggregateId()).isEqualTo(-5);
        assertThat(record.aggregateSequence()).isEqualTo(11);
        assertThat(record.globalSequence()).isEqualTo(12);
        assertThat(record.sourceSequence()).isEqualTo(13);
        assertThat(record.ingressNanos()).isEqualTo(14);
        assertThat(record.crc()).isEqualTo(15);
        assertThat(record.subject()).isEqualTo("a.b");
        assertThat(record.aggregate()).isEqualTo("key");
        assertThat(record.headersLength()).isEqualTo(3);
        assertThat(record.payload()).isEqualTo(payload);
    }

    @Test
    void initLeavesNothingOfAnEarlierRecordInTheHeader() {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.putByte(i, (byte) 0xFF);
        }
        write("s", "", new byte[0], new byte[0], 0);
        assertThat(record.crc()).isZero();
        assertThat(record.gap()).isZero();
        assertThat(record.aggregateId()).isZero();
        assertThat(record.aggregateSequence()).isZero();
        assertThat(record.globalSequence()).isZero();
        assertThat(record.sourceSequence()).isZero();
        assertThat(record.ingressNanos()).isZero();
        assertThat(record.payloadLength()).isZero();
    }

    @Test
    void theSubjectCanBeTheAggregate() {
        write("orders.7", "", new byte[0], new byte[0], RecordFlags.AGGREGATE_IS_SUBJECT);
        assertThat(record.aggregate()).isEqualTo("orders.7");
        assertThat(record.aggregateLength()).isEqualTo(8);
    }

    @Test
    void theAggregateCanBeAnId() {
        write("orders.7", "", new byte[0], new byte[0], RecordFlags.AGGREGATE_IS_ID);
        record.aggregateId(-42);
        assertThat(record.aggregate()).isEqualTo("-42");
    }

    @Test
    void sameContentLooksAtWhatThePublisherGaveOnly() {
        write("a.b", "k", new byte[0], new byte[] {1}, 0);
        record.aggregateSequence(3);
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[200]);
        copy.putBytes(8, memory, 16, record.length());
        final EventRecord other = new EventRecord().wrap(copy, 8);
        other.ingressNanos(99).globalSequence(4);
        assertThat(record.sameContent(copy, 8)).isTrue();
        copy.putByte(other.payloadOffset(), (byte) 2);
        assertThat(record.sameContent(copy, 8)).isFalse();
    }

    @Test
    void checkAcceptsOnlyWholeRecords() {
        final int length = write("a.b", "k", new byte[] {0}, new byte[] {1}, 0);
        assertThat(RecordCheck.problem(memory, 16, length)).isNull();
        assertThat(RecordCheck.problem(memory, 16, length - 1)).contains("bad length");
        assertThat(RecordCheck.problem(memory, 16, 63)).contains("torn record");
        memory.putByte(16 + EventRecord.VERSION_OFFSET, (byte) 2);
        assertThat(RecordCheck.problem(memory, 16, length)).contains("version 2");
    }

    @Test
    void checkNeverReadsPastTheEndOfAnyBytes() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final byte[] bytes = new byte[96];
        for (int i = 0; i < 100_000; i++) {
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                bytes[8] = 1;
                bytes[9] = 1;
                bytes[1] = 0;
                bytes[2] = 0;
                bytes[3] = 0;
            }
            final int available = random.nextInt(bytes.length + 1);
            final UnsafeBuffer exact = new UnsafeBuffer(bytes, 0, available);
            final String problem = RecordCheck.problem(exact, 0, available);
            if (problem == null) {
                final EventRecord found = new EventRecord().wrap(exact, 0);
                assertThat(found.payloadOffset() + found.payloadLength())
                        .as("seed %d", seed)
                        .isEqualTo(found.length())
                        .isLessThanOrEqualTo(available);
            }
        }
    }

    @Test
    void crcCoversEveryByteButItself() {
        final int length = write("a.b", "k", new byte[] {9}, new byte[] {1, 2}, 0);
        final CRC32C crc = new CRC32C();
        final byte[] scratch = new byte[length];
        final int before = record.computeCrc(crc, scratch);
        for (int i = 0; i < length; i++) {
            memory.putByte(16 + i, (byte) (memory.getByte(16 + i) ^ 1));
            if (i >= EventRecord.VERSION_OFFSET) {
                assertThat(record.computeCrc(crc, scratch)).as("byte %d", i).isNotEqualTo(before);
            }
            memory.putByte(16 + i, (byte) (memory.getByte(16 + i) ^ 1));
        }
        record.crc(before);
        assertThat(record.computeCrc(crc, scratch)).isEqualTo(before);
    }

    @Test
    void headersComeOutAsTheyWentIn() {
        final HeaderWriter writer =
                new HeaderWriter().add("A", "1").add("A", "").add("Ü", "zwei");
        final HeaderReader reader = new HeaderReader().wrap(writer.buffer(), 0, writer.length());
        assertThat(reader.next()).isTrue();
        assertThat(reader.name() + "=" + reader.value()).isEqualTo("A=1");
        assertThat(reader.next()).isTrue();
        assertThat(reader.name() + "=" + reader.value()).isEqualTo("A=");
        assertThat(reader.next()).isTrue();
        assertThat(reader.name() + "=" + reader.value()).isEqualTo("Ü=zwei");
        assertThat(reader.next()).isFalse();
        assertThatThrownBy(() -> writer.add("", "x")).hasMessageContaining("header name");
    }

    @Test
    void damagedHeadersAreRefused() {
        final HeaderWriter writer = new HeaderWriter().add("name", "value");
        for (int length = 1; length < writer.length(); length++) {
            final HeaderReader reader = new HeaderReader().wrap(writer.buffer(), 0, length);
            assertThatThrownBy(reader::next).hasMessageContaining("damaged headers");
        }
    }

    @Test
    void everyReasonHasItsOwnCode() {
        for (final DeadLetterReason reason : DeadLetterReason.values()) {
            assertThat(DeadLetterReason.of(reason.code())).isSameAs(reason);
        }
        assertThatThrownBy(() -> DeadLetterReason.of(0)).hasMessageContaining("unknown");
        assertThatThrownBy(() -> DeadLetterReason.of(12)).hasMessageContaining("unknown");
    }
}
