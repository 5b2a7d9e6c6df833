/** Tests of the command line, in this process over streams. */
@org.jspecify.annotations.NullMarked
package io.ringline.cli;
