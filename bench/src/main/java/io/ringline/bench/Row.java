package io.ringline.bench;

import org.jspecify.annotations.Nullable;

/**
 * One line of a family's table.
 *
 * @param name     what is measured.
 * @param label    where it ran: threads, placement of the cores, number of forks (base + Ringline).
 * @param figure   Ringline's, nanoseconds.
 * @param error    half of what the iterations spread over, nanoseconds.
 * @param bytes    allocated for one operation.
 * @param base     the peer's figure in the same run, or null.
 * @param ratio    as the bound has it, or null.
 * @param bound    in words, empty where none is promised, {@link #NOT_COMPARED} where the cores moved.
 * @param holds    whether the bound is kept; true where none is promised.
 */
record Row(
        String name,
        String label,
        double figure,
        double error,
        double bytes,
        @Nullable Double base,
        @Nullable Double ratio,
        String bound,
        boolean holds) {
    /** A bound that could not be looked at: the forks did not run alike. */
    static final String NOT_COMPARED = "not compared";
}
