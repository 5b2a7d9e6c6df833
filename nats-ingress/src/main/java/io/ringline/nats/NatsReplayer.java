package io.ringline.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import io.ringline.router.record.Event;
import io.ringline.router.record.HeaderReader;
import io.ringline.router.record.RecordFlags;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Publishes recorded events to a NATS server, on the subjects and with the headers that they had. Not thread-safe. */
public final class NatsReplayer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Connection connection;
    private final String url;
    private final HeaderReader header = new HeaderReader();

    /** No server answers; the message says where. */
    public static final class UnreachableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreachableException(final String server, final Exception cause) {
            super(
                    "no NATS server answers at " + server + " (" + cause.getMessage() + "): is the address right?",
                    cause);
        }
    }

    private NatsReplayer(final Connection connection, final String url) {
        this.connection = connection;
        this.url = url;
    }

    /**
     * Connects; never tries again, as replaying is a person's command.
     *
     * @param url of the server, {@code nats://host:port}.
     * @return a connected replayer.
     * @throws IOException where there is no such server (then an {@link UnreachableException}), or it takes over 10 s.
     */
    public static NatsReplayer connect(final String url) throws IOException {
        try {
            final Options options = new Options.Builder()
                    .server(url)
                    .connectionName("ringline dlq replay")
                    .connectionTimeout(TIMEOUT)
                    .noReconnect()
                    .build();
            return new NatsReplayer(Nats.connect(options), url);
        } catch (final IOException | IllegalArgumentException failure) {
            throw new UnreachableException(url, failure);
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while connecting to " + url, stop);
        }
    }

    /**
     * Publishes an event. The aggregate and, if asked for, its publisher's sequence go along as the headers
     * {@code Ringline-Aggregate} and {@code Ringline-Sequence}; where the subject is the aggregate it is not repeated.
     * {@code Ringline-Start-At} does not: it was obeyed when the event first came, and would start the aggregate over.
     *
     * @param event     of type EVENT.
     * @param sequenced whether a sequence that the publisher gave is sent along.
     * @throws IllegalArgumentException where NATS cannot carry it: a header that is not ASCII, a payload beyond the
     *                                  server's limit.
     * @throws IllegalStateException    where the connection is gone.
     */
    public void publish(final Event event, final boolean sequenced) {
        final Headers headers = new Headers();
        header.wrap(event);
        while (header.next()) {
            final String name = header.name();
            if (!IngressHeaders.isOurs(name)) {
                headers.add(name, header.value());
            }
        }
        if ((event.flags() & RecordFlags.AGGREGATE_IS_SUBJECT) == 0) {
            headers.add(IngressHeaders.AGGREGATE, event.aggregate());
        }
        if (sequenced && (event.flags() & RecordFlags.SOURCE_SEQUENCED) != 0) {
            headers.add(IngressHeaders.SEQUENCE, Long.toString(event.aggregateSequence()));
        }
        connection.publish(NatsMessage.builder()
                .subject(event.subject())
                .headers(headers)
                .data(event.payload())
                .build());
    }

    /**
     * Waits until the server has all that was published.
     *
     * @throws IOException where it does not say so within 10 s.
     */
    public void flush() throws IOException {
        try {
            connection.flush(TIMEOUT);
        } catch (final TimeoutException | IllegalStateException lost) {
            throw new IOException(
                    "the server at " + url + " did not confirm what was replayed: " + lost.getMessage(), lost);
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + url, stop);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (final InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
