package io.ringline.bench;

import org.jspecify.annotations.Nullable;

/**
 * One line of a family's table.
 *
 * @param name     what is measured.
 * @param label    where it ran: threads, placement of the cores, number of forks.
 * @param figure   Ringline's, nanoseconds.
 * @param error    half the spread between forks, nanoseconds; 0 for a single fork.
 * @param bytes    allocated for one operation.
 * @param base     the peer's figure in the same run, or null.
 * @param ratio    as the bound has it, or null.
 * @param bound    in words, empty where none is promised.
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
        boolean holds) {}
