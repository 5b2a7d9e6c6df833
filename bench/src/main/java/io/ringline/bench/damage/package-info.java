/** The proof {@code damage}: whatever happens to the bytes of a journal or of dead letters, no reader takes them for others. */
@org.jspecify.annotations.NullMarked
package io.ringline.bench.damage;
