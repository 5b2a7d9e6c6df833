package io.ringline.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection whose changes of state are logged once each and counted. */
public final class NatsLink {
    private static final Logger LOG = LoggerFactory.getLogger(NatsLink.class);

    private final AtomicLong stateChanges = new AtomicLong();
    private final AtomicLong slowConsumers = new AtomicLong();

    /** Not connected yet. */
    public NatsLink() {
        // counters start at 0
    }

    /**
     * Connects; goes on trying by itself when the connection breaks later.
     *
     * @param server its URL.
     * @return connected.
     * @throws NatsReplayer.UnreachableException where no server answers.
     * @throws InterruptedException              where the thread is interrupted.
     */
    public Connection connect(final String server) throws NatsReplayer.UnreachableException, InterruptedException {
        try {
            return Nats.connect(new Options.Builder()
                    .server(server)
                    .connectionName("ringline")
                    .maxReconnects(-1)
                    .connectionListener(this::onState)
                    .errorListener(new Errors())
                    .build());
        } catch (final IOException | IllegalArgumentException failure) {
            throw new NatsReplayer.UnreachableException(server, failure);
        }
    }

    private void onState(final Connection connection, final ConnectionListener.Events state) {
        stateChanges.incrementAndGet();
        LOG.info("NATS connection: {}", state);
        if (state == ConnectionListener.Events.DISCONNECTED) {
            LOG.warn("the NATS connection broke; trying again");
        }
    }

    /** Changes of state so far. Any thread. @return from 0. */
    public long stateChanges() {
        return stateChanges.get();
    }

    /** How often jnats found us too slow. Any thread. @return from 0. */
    public long slowConsumers() {
        return slowConsumers.get();
    }

    private final class Errors implements ErrorListener {
        @Override
        public void errorOccurred(final Connection connection, final String error) {
            LOG.warn("NATS server: {}", error);
        }

        @Override
        public void exceptionOccurred(final Connection connection, final Exception failure) {
            LOG.warn("NATS connection: {}", failure.toString());
        }

        @Override
        public void slowConsumerDetected(final Connection connection, final Consumer consumer) {
            slowConsumers.incrementAndGet();
            LOG.warn("too slow for the NATS server: {} messages dropped so far", consumer.getDroppedCount());
        }
    }
}
