package io.ringline.cli;

import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of patterns, a line at a time: {@code PATTERN}, or {@code NAME=PATTERN[,PATTERN...]} as for {@code route
 * --subscribe}. Blank lines and those that start with {@code #} are skipped. All three marks are legal in a pattern, so a
 * line that starts with {@code =} is the one pattern behind that, whatever it holds: nothing that a server takes cannot be
 * written. A line is taken as it is: a blank at its edge is refused like any other.
 */
final class PatternFile {
    /** Takes what is read. */
    interface Handler {
        /** Takes a pattern. */
        void onPattern(ListedPattern pattern);

        /**
         * Takes what is none.
         *
         * @param line where it stands, from 1.
         * @param text as it was read.
         * @param reason why it is refused.
         */
        void onInvalid(long line, String text, String reason);

        /** Says whether to read on. */
        boolean readOn();
    }

    private final int maxBytes;
    private final Handler handler;
    private int number;

    /** Reads patterns of up to so many bytes. */
    PatternFile(final int maxBytes, final Handler handler) {
        this.maxBytes = maxBytes;
        this.handler = handler;
    }

    /** Reads all of it. */
    void read(final InputStream in) throws IOException {
        new Lines(this::line).onInput(in, handler::readOn);
    }

    private void line(final long line, final byte[] bytes, final int offset, final int length, final boolean tooLong) {
        final byte[] text = Arrays.copyOfRange(bytes, offset, offset + length);
        if (tooLong) {
            handler.onInvalid(line, "", "the line is longer than " + Lines.MAX_BYTES + " bytes");
        } else if (!Lines.isBlank(text, 0, length) && text[0] != '#') {
            entry(line, text);
        }
    }

    private void entry(final long line, final byte[] text) {
        final int equals = indexOf(text, '=', 0);
        if (equals <= 0) {
            pattern(line, null, Arrays.copyOfRange(text, equals + 1, text.length));
            return;
        }
        final String name = new String(text, 0, equals, StandardCharsets.UTF_8);
        if (name.isBlank()) {
            handler.onInvalid(line, new String(text, StandardCharsets.UTF_8), "there is no name before the =");
            return;
        }
        for (int start = equals + 1; start <= text.length; ) {
            final int comma = indexOf(text, ',', start);
            final int end = comma < 0 ? text.length : comma;
            pattern(line, name, Arrays.copyOfRange(text, start, end));
            start = end + 1;
        }
    }

    private void pattern(final long line, final @Nullable String name, final byte[] bytes) {
        final String problem = SubjectRules.problemOfPattern(bytes, maxBytes);
        if (problem == null) {
            handler.onPattern(new ListedPattern(number++, line, name, new Pattern(bytes, maxBytes)));
        } else {
            handler.onInvalid(line, new String(bytes, StandardCharsets.UTF_8), problem);
        }
    }

    private static int indexOf(final byte[] text, final char wanted, final int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
