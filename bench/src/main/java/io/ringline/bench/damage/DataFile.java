package io.ringline.bench.damage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A data file as it was written, as far as there is data in it and a little beyond, and its copy, which is to be damaged. */
final class DataFile {
    private static final int UNUSED_BYTES = 2_048;
    private static final int MOST_BYTES = 1 << 20; // of a sparse file of 80 MB
    private static final int WORD_BYTES = 4;
    private static final int NOT_COMPLETE = 0x8000_0000;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    private static final byte[] MAGIC = "RLFL".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final byte[] bytes;
    private final boolean[] ours;
    private final boolean[] words;
    private final int end;

    private DataFile(final Path path, final byte[] bytes, final boolean[] ours, final boolean[] words, final int end) {
        this.path = path;
        this.bytes = bytes;
        this.ours = ours;
        this.words = words;
        this.end = end;
    }

    /** Copies what there is of a file. */
    static DataFile copy(final Path from, final Path to) throws IOException {
        final byte[] all;
        try (var in = Files.newInputStream(from)) {
            all = in.readNBytes(MOST_BYTES);
        }
        final ByteBuffer numbers = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        final boolean[] ours = new boolean[all.length];
        final boolean[] words = new boolean[all.length];
        int end = 0;
        int at = 0;
        while (true) {
            Arrays.fill(words, at, at + WORD_BYTES, true);
            final int word = numbers.getInt(at);
            if (word == 0 || (word & NOT_COMPLETE) != 0) {
                break;
            }
            final int start = at + WORD_BYTES;
            final int next = (start + (word & LENGTH_MASK) + WORD_BYTES - 1) & -WORD_BYTES;
            if (Arrays.equals(all, start, start + MAGIC.length, MAGIC, 0, MAGIC.length)) {
                Arrays.fill(ours, at, next, true);
                end = next;
            }
            at = next;
        }
        DamagedLog.check(end > 0 && end + UNUSED_BYTES < all.length, "no small file: " + from);
        final byte[] bytes = Arrays.copyOf(all, end + UNUSED_BYTES);
        Files.write(to, bytes);
        return new DataFile(to, bytes, ours, words, end);
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    /** Where its copy is. */
    Path path() {
        return path;
    }

    /** What it holds; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the last excerpt ends. */
    int end() {
        return end;
    }

    /** Whether a byte is one of an excerpt of ours, or of the word before one. */
    boolean isOurs(final int at) {
        return ours[at];
    }

    /** Whether a byte is one of a word of Chronicle's that says how far the next one is. */
    boolean isWord(final int at) {
        return words[at];
    }
}
