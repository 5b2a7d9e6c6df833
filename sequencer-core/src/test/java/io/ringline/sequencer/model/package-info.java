/** The sequencer again, naively: maps of sorted maps, to be obviously right rather than fast. For tests of any module. */
@org.jspecify.annotations.NullMarked
package io.ringline.sequencer.model;
