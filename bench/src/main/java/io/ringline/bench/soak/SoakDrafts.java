package io.ringline.bench.soak;

import io.ringline.bench.soak.Item.Naming;
import io.ringline.router.EventDraft;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Drafts of items, some at a time. One thread. */
final class SoakDrafts {
    private static final int PAYLOAD = 2 * SoakPlan.MAX_PAYLOAD_BYTES;

    private final EventDraft[] drafts;
    private final UnsafeBuffer[] payloads;

    SoakDrafts(final int count) {
        drafts = new EventDraft[count];
        payloads = new UnsafeBuffer[count];
        for (int i = 0; i < count; i++) {
            drafts[i] = new EventDraft();
            payloads[i] = new UnsafeBuffer(new byte[PAYLOAD]);
        }
    }

    EventDraft[] all() {
        return drafts;
    }

    /** A draft of an item, whole. */
    EventDraft fill(final int place, final Item item) {
        item.writePayload(payloads[place], 0);
        return header(place, item);
    }

    /** A draft of an item for a claim, whose payload is written later. */
    EventDraft header(final Item item) {
        return header(0, item);
    }

    private EventDraft header(final int place, final Item item) {
        final UnsafeBuffer subject = new UnsafeBuffer(item.subject().getBytes(StandardCharsets.UTF_8));
        final EventDraft draft = drafts[place]
                .reset()
                .subject(subject, 0, subject.capacity())
                .sequence(item.sequence())
                .sourceSequence(item.sourceSequence())
                .payload(payloads[place], 0, item.payloadBytes());
        final Item.Aggregate aggregate = item.aggregate();
        if (aggregate.naming() == Naming.ID) {
            draft.aggregateId(aggregate.index());
        } else if (aggregate.naming() == Naming.BYTES) {
            final UnsafeBuffer key = new UnsafeBuffer(aggregate.key());
            draft.aggregate(key, 0, key.capacity());
        }
        return draft;
    }

    /** A draft whose subject breaks the rules. */
    EventDraft badSubject(final Item item) {
        final UnsafeBuffer subject = new UnsafeBuffer("e..x".getBytes(StandardCharsets.UTF_8));
        return fill(0, item).subject(subject, 0, subject.capacity());
    }

    /** A draft with a payload that is too large. */
    EventDraft tooLarge(final Item item) {
        return header(0, item).payload(payloads[0], 0, SoakPlan.MAX_PAYLOAD_BYTES + 1);
    }

    /** Bytes that are no event. */
    EventDraft malformed(final Item item) {
        item.writePayload(payloads[0], 0);
        return drafts[0].malformed(payloads[0], 0, item.payloadBytes(), "meant to be wrong");
    }
}
