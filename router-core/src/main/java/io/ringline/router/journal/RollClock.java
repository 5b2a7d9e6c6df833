package io.ringline.router.journal;

import java.util.function.LongSupplier;
import net.openhft.chronicle.core.time.TimeProvider;

/** Never goes back, nor behind the newest file that exists: Chronicle would write to files that are already closed. */
final class RollClock implements TimeProvider {
    private final LongSupplier millis;
    private long latest;

    RollClock(final LongSupplier millis) {
        this.millis = millis;
    }

    void notBefore(final long floorMillis) {
        latest = Math.max(latest, floorMillis);
    }

    @Override
    public long currentTimeMillis() {
        latest = Math.max(latest, millis.getAsLong());
        return latest;
    }
}
