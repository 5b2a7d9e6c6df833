package io.ringline.router;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All publishers' open claims, so that one whose thread has died can be found. A publisher that nobody has any more is
 * forgotten, unless it has something open. Any thread.
 */
final class ClaimRegistry {
    private final Set<OpenClaim> claims = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    /** The place where a publisher notes what it has open; not looked at before {@link #add}. */
    OpenClaim claimOf(final Object publisher) {
        return new OpenClaim(publisher, gone);
    }

    void add(final OpenClaim claim) {
        claims.add(claim);
        for (Reference<?> reference = gone.poll(); reference != null; reference = gone.poll()) {
            if (reference instanceof final OpenClaim old && (!old.isOpen() || old.isAbandoned())) {
                claims.remove(old);
            }
        }
    }

    /** Forgets a claim that was abandoned and whose publisher nobody has any more. */
    void remove(final OpenClaim claim) {
        claims.remove(claim);
    }

    Set<OpenClaim> claims() {
        return claims;
    }
}
