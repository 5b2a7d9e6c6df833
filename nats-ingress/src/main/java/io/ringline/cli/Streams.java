package io.ringline.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * The three streams of a command: the process's own, or a test's.
 *
 * @param in  what {@code --input -} reads.
 * @param out what {@code --output -} writes; raw, so that a closed pipe is seen.
 * @param err for people: messages and summaries.
 */
record Streams(InputStream in, OutputStream out, PrintStream err) {}
