package io.ringline.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.ringline.router.record.Event;
import io.ringline.router.record.HeaderReader;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Publishes events to the subjects they had, with their headers, aggregate and sequence. One thread. */
public final class NatsReplayer implements AutoCloseable {
    private final Connection connection;
    private final HeaderReader reader = new HeaderReader();

    /** No server answers; the message says where. */
    public static final class UnreachableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreachableException(final String server, final Exception cause) {
            super(
                    "no NATS server answers at " + server + " (" + cause.getMessage() + "): is the address right?",
                    cause);
        }
    }

    private NatsReplayer(final Connection connection) {
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @param server its URL.
     * @return connected.
     * @throws UnreachableException where no server answers.
     * @throws InterruptedException where the thread is interrupted.
     */
    public static NatsReplayer connect(final String server) throws UnreachableException, InterruptedException {
        try {
            return new NatsReplayer(Nats.connect(new Options.Builder()
                    .server(server)
                    .connectionName("ringline-replay")
                    .build()));
        } catch (final IOException | IllegalArgumentException failure) {
            throw new UnreachableException(server, failure);
        }
    }

    /**
     * Publishes an event.
     *
     * @param event with a subject.
     */
    public void publish(final Event event) {
        final Headers headers = new Headers();
        reader.wrap(event);
        while (reader.next()) {
            headers.add(reader.name(), reader.value());
        }
        headers.put(IngressHeaders.AGGREGATE, event.aggregate());
        headers.put(IngressHeaders.SEQUENCE, Long.toString(event.aggregateSequence()));
        connection.publish(NatsMessage.builder()
                .subject(event.subject())
                .headers(headers)
                .data(event.payload())
                .build());
    }

    /**
     * Waits until the server has all.
     *
     * @param timeoutMillis longest wait.
     * @throws IOException          where it does not say so in time.
     * @throws InterruptedException where the thread is interrupted.
     */
    public void flush(final long timeoutMillis) throws IOException, InterruptedException {
        try {
            connection.flush(Duration.ofMillis(timeoutMillis));
        } catch (final TimeoutException failure) {
            throw new IOException("the NATS server did not confirm within " + timeoutMillis + " ms", failure);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (final InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
