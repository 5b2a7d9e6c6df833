package io.ringline.cli;

/** How a command writes a list; named as on the command line. */
enum Format {
    /** For people. */
    text,
    /** For programs: an object a line. */
    json
}
