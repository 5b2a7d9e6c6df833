package io.ringline.router.consumer;

/** The router that a consumer belongs to, as the consumer sees it. Any thread. */
public interface ConsumerHome {
    /**
     * Has the consumer get nothing from some event on; of a member of a queue group, has another one take over.
     *
     * @param consumer which was closed.
     */
    void onClose(SubjectConsumer consumer);

    /** Whether the router stands still for good: closed, or sealed. @return true where nothing more will come to be. */
    boolean isDown();
}
