package io.ringline.cli;

/** What a command's exit status says; the same for all commands. */
final class ExitStatus {
    /** All is well. */
    static final int OK = 0;
    /** The command did its work and found something wrong: malformed lines, damage, no match, no such dead letter. */
    static final int FOUND = 1;
    /** Wrong usage: an option, its value, or a file named by one. */
    static final int USAGE = 2;
    /** A journal, dead letters or an output cannot be opened, read or written. */
    static final int CANNOT_WRITE = 3;
    /** A bug in this program. */
    static final int BUG = 70;

    private ExitStatus() {}
}
