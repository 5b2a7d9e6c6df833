package io.ringline.cli;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Says why a subject does not match a pattern: the first token that is to blame, counted from 1. */
final class Mismatch {
    private static final int MAX_TOKEN_CHARS = 80;

    private Mismatch() {}

    /** The reason in one printable line, for a valid pattern and a valid subject; null where they match. */
    static @Nullable String explain(final byte[] pattern, final byte[] subject) {
        int p = 0;
        int s = 0;
        for (int number = 1; p < pattern.length; number++) {
            final int patternEnd = tokenEnd(pattern, p);
            final boolean rest = isToken(pattern, p, patternEnd, '>');
            if (s > subject.length) {
                return rest
                        ? "token " + number + ": > needs at least one token, the subject has only " + tokens(subject)
                        : counts(pattern, subject);
            }
            if (rest) {
                return null;
            }
            final int subjectEnd = tokenEnd(subject, s);
            if (!isToken(pattern, p, patternEnd, '*')
                    && !Arrays.equals(pattern, p, patternEnd, subject, s, subjectEnd)) {
                return "token " + number + ": " + differ(text(pattern, p, patternEnd), text(subject, s, subjectEnd));
            }
            p = patternEnd + 1;
            s = subjectEnd + 1;
        }
        return s > subject.length ? null : counts(pattern, subject);
    }

    private static String differ(final String pattern, final String subject) {
        String hint = "";
        if (pattern.indexOf('*') >= 0 || pattern.indexOf('>') >= 0) {
            hint = "; a wildcard is always a whole token";
        } else if (Normalizer.normalize(pattern, Normalizer.Form.NFC)
                .equals(Normalizer.normalize(subject, Normalizer.Form.NFC))) {
            hint = "; they look alike, but their bytes differ";
        }
        return "pattern has '" + Json.printable(pattern, MAX_TOKEN_CHARS) + "', subject has '"
                + Json.printable(subject, MAX_TOKEN_CHARS) + "'" + hint;
    }

    private static String counts(final byte[] pattern, final byte[] subject) {
        final int last = pattern.length - 1;
        final boolean open = pattern[last] == '>' && (last == 0 || pattern[last - 1] == '.');
        return "the subject has " + tokens(subject) + ", the pattern needs " + (open ? "at least " : "")
                + count(pattern);
    }

    private static String tokens(final byte[] text) {
        final int count = count(text);
        return count + (count == 1 ? " token" : " tokens");
    }

    private static int count(final byte[] text) {
        int count = 1;
        for (final byte b : text) {
            count += b == '.' ? 1 : 0;
        }
        return count;
    }

    private static String text(final byte[] bytes, final int start, final int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private static boolean isToken(final byte[] text, final int start, final int end, final char wildcard) {
        return end - start == 1 && text[start] == wildcard;
    }

    private static int tokenEnd(final byte[] text, final int start) {
        int end = start;
        while (end < text.length && text[end] != '.') {
            end++;
        }
        return end;
    }
}
