package io.ringline.router.consumer;

import org.agrona.DirectBuffer;

/** Takes what the router itself has to tell, as events on reserved subjects. Any thread; never waits. */
@FunctionalInterface
public interface NoticeSink {
    /**
     * Publishes a notice. The bytes are copied.
     *
     * @param subject       memory of the subject.
     * @param subjectOffset its offset.
     * @param subjectLength its length in bytes.
     * @param payload       memory of the payload.
     * @param payloadOffset its offset.
     * @param payloadLength its length in bytes.
     * @return false where there is no room: try again.
     */
    boolean offer(
            DirectBuffer subject,
            int subjectOffset,
            int subjectLength,
            DirectBuffer payload,
            int payloadOffset,
            int payloadLength);
}
