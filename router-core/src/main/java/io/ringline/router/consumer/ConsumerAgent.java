package io.ringline.router.consumer;

import org.agrona.concurrent.Agent;

/** A consumer on a thread of its own, see {@link SubjectConsumer#agent}. Closing it closes nothing else. */
final class ConsumerAgent implements Agent {
    private final SubjectConsumer consumer;
    private final ConsumerHandler handler;
    private final int limit;

    ConsumerAgent(final SubjectConsumer consumer, final ConsumerHandler handler, final int limit) {
        this.consumer = consumer;
        this.handler = handler;
        this.limit = limit;
    }

    @Override
    public int doWork() {
        return consumer.poll(handler, limit);
    }

    @Override
    public void onClose() {
        consumer.pulse().letGo(); // another thread may poll it, or close it
    }

    @Override
    public String roleName() {
        return consumer.name();
    }
}
