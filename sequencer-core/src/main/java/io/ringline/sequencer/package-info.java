/** Order as a deterministic machine: no threads, no I/O, time as an argument. */
@org.jspecify.annotations.NullMarked
package io.ringline.sequencer;
