package io.ringline.router;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets the router put a tick into a ring that has a single publisher on another thread. Neither side ever waits: the one
 * that comes second is told so and tries again. An uncontended entry is one atomic operation in a line that the publisher
 * owns; far less than what a multi-publisher ring costs each event.
 */
final class ClaimGate {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ClaimGate.class, "state", int.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // Neighbours on the heap must not share this field's line.
    @SuppressWarnings("unused")
    private long p0, p1, p2, p3, p4, p5, p6, p7;

    @SuppressWarnings("UnusedVariable") // read and written through STATE
    private int state;

    @SuppressWarnings("unused")
    private long q0, q1, q2, q3, q4, q5, q6, q7;

    boolean tryEnter() {
        return STATE.compareAndSet(this, 0, 1);
    }

    void exit() {
        STATE.setRelease(this, 0);
    }
}
