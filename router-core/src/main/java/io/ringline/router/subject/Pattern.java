package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A pattern to subscribe to, checked once. Immutable. */
public final class Pattern {
    private final byte[] bytes;

    /**
     * Checks a pattern of up to {@link SubjectRules#DEFAULT_MAX_BYTES}.
     *
     * @param pattern its bytes; copied.
     * @throws IllegalArgumentException where a rule is broken, with the token and the rule.
     */
    public Pattern(final byte[] pattern) {
        this(pattern, SubjectRules.DEFAULT_MAX_BYTES);
    }

    /**
     * Checks a pattern.
     *
     * @param pattern  its bytes; copied.
     * @param maxBytes longest that is allowed.
     * @throws IllegalArgumentException where a rule is broken, with the token and the rule.
     */
    public Pattern(final byte[] pattern, final int maxBytes) {
        final String problem = SubjectRules.problemOfPattern(pattern, maxBytes);
        if (problem != null) {
            throw new IllegalArgumentException("invalid pattern '" + SubjectRules.show(pattern) + "': " + problem);
        }
        bytes = pattern.clone();
    }

    /** The pattern's bytes. @return a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** How long the pattern is. @return bytes. */
    public int length() {
        return bytes.length;
    }

    byte at(final int index) {
        return bytes[index];
    }

    /**
     * Whether a subject matches, token by token.
     *
     * @param subject a valid literal subject.
     * @return true where it does.
     */
    public boolean matches(final byte[] subject) {
        int p = 0;
        int s = 0;
        while (p < bytes.length && s < subject.length) {
            final int patternEnd = tokenEnd(bytes, p);
            final int subjectEnd = tokenEnd(subject, s);
            final boolean oneByte = patternEnd - p == 1;
            if (oneByte && bytes[p] == '>') {
                return true;
            }
            if (!(oneByte && bytes[p] == '*') && !Arrays.equals(bytes, p, patternEnd, subject, s, subjectEnd)) {
                return false;
            }
            p = patternEnd + 1;
            s = subjectEnd + 1;
        }
        return p > bytes.length && s > subject.length;
    }

    private static int tokenEnd(final byte[] text, final int start) {
        int end = start;
        while (end < text.length && text[end] != '.') {
            end++;
        }
        return end;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
