package io.ringline.router.stage;

import io.ringline.router.record.Event;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of subjects that no consumer matches, at most once in ten seconds: the counter has the whole number. */
final class NoMatchLog {
    private static final Logger LOG = LoggerFactory.getLogger(NoMatchLog.class);
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private boolean any;
    private long lastNanos;
    private long unlogged;

    void onNoMatch(final Event event) {
        final long now = event.ingressNanos();
        if (any && now - lastNanos < INTERVAL_NS) {
            unlogged++;
            return;
        }
        if (LOG.isInfoEnabled()) {
            LOG.info("no consumer matches subject {} ({} more since the last such line)", event.subject(), unlogged);
        }
        any = true;
        lastNanos = now;
        unlogged = 0;
    }
}
