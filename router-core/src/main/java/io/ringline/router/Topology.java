package io.ringline.router;

/** Which threads run the stages. The results are the same under all three. */
public enum Topology {
    /** None of the router's own: the caller's loop calls {@code Ringline.doWork()}, and publishes on the same thread. */
    INLINE,
    /** One thread runs all stages. */
    FUSED,
    /** A thread for each stage. */
    STAGED
}
