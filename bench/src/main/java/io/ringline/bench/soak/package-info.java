/** The proof {@code soak}: a router under everything at once, with real threads, beside a model that only counts. */
@org.jspecify.annotations.NullMarked
package io.ringline.bench.soak;
