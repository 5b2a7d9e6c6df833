/** Benchmarks: one class for each question, each beside a peer or a hand-written base in the same run. */
@org.jspecify.annotations.NullMarked
package io.ringline.bench;
