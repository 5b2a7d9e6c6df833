/** The command {@code ringline}. */
@org.jspecify.annotations.NullMarked
package io.ringline.cli;
