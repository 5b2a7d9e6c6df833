package io.ringline.bench;

import io.ringline.router.subject.Subscriptions;
import java.lang.ref.Reference;

/** What subscriptions keep in memory, all told; the subscribers' own pattern objects are theirs. */
final class Footprint {
    private static final int COLLECTIONS = 4;

    private Footprint() {}

    /** Of a workload of a size; needs the heap for itself. */
    static double bytesPerPattern(final int size) {
        final SubjectWorkload workload = new SubjectWorkload(size);
        try {
            final long before = used();
            final Subscriptions subscriptions = workload.subscriptions();
            try {
                return (double) (used() - before) / size;
            } finally {
                Reference.reachabilityFence(subscriptions);
            }
        } finally {
            Reference.reachabilityFence(workload);
        }
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        final Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
