package io.ringline.router.subject;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the fuzz targets share. A target is one static method, which Jazzer calls by its name with bytes of any kind. */
final class Fuzz {
    private Fuzz() {}

    /** Input as lines: as no subject can hold a line feed, nothing is lost, and inputs can be written by hand. */
    static List<byte[]> lines(final byte[] input) {
        final List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= input.length; i++) {
            if (i == input.length || input[i] == '\n') {
                lines.add(Arrays.copyOfRange(input, start, i));
                start = i + 1;
            }
        }
        return lines;
    }

    /** Fails where something does not hold, and shows what it is about: bytes, arrays and others. */
    static void check(final boolean holds, final String what, final Object... about) {
        if (!holds) {
            final Object[] shown = Arrays.stream(about)
                    .map(part -> part instanceof byte[] text ? show(text) : part)
                    .toArray();
            throw new AssertionError(what + ": " + Arrays.deepToString(shown));
        }
    }

    private static String show(final byte[] text) {
        final StringBuilder shown = new StringBuilder();
        for (final byte b : text) {
            shown.append(b > ' ' && b != '\\' ? String.valueOf((char) b) : String.format("\\x%02x", b & 0xFF));
        }
        return shown.toString();
    }
}
