/** The command {@code ringline}: a filter over JSON lines, and tools for the journal and the dead letters. */
@org.jspecify.annotations.NullMarked
package io.ringline.cli;
