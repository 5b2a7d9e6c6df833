package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A pattern to subscribe to, checked once, by {@link SubjectRules}. Two are equal where their bytes are. Immutable.
 *
 * <p>Patterns are compared by the subjects they match, of any number of tokens and any length: {@link #covers} and
 * {@link #overlaps} are exact. nats-server's own {@code SubjectsCollide} and {@code isSubsetMatch}
 * ({@code server/sublist.go}) take a token that only starts like a wildcard, such as {@code *foo}, for one; its matching does
 * not, and neither does this.
 */
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

    /**
     * Whether a subject matches, token by token.
     *
     * @param subject a valid literal subject.
     * @return true where it does.
     */
    public boolean matches(final byte[] subject) {
        return matches(new UnsafeBuffer(subject), 0, subject.length);
    }

    /**
     * Whether a subject matches, token by token. Does not allocate.
     *
     * @param subject memory.
     * @param offset  of a valid literal subject.
     * @param length  in bytes.
     * @return true where it does.
     */
    public boolean matches(final DirectBuffer subject, final int offset, final int length) {
        final int end = offset + length;
        int p = 0;
        int s = offset;
        while (p < bytes.length && s < end) {
            if (isToken(bytes, p, '>')) {
                return true;
            }
            if (isToken(bytes, p, '*')) {
                p++;
                while (s < end && subject.getByte(s) != '.') {
                    s++;
                }
            } else {
                for (; p < bytes.length && bytes[p] != '.'; p++, s++) {
                    if (s == end || bytes[p] != subject.getByte(s)) {
                        return false;
                    }
                }
            }
            if (p == bytes.length || s == end) {
                return p == bytes.length && s == end;
            }
            if (subject.getByte(s) != '.') {
                return false;
            }
            p++;
            s++;
        }
        return false;
    }

    /**
     * Whether this pattern matches every subject that another one matches; equal patterns cover each other. Does not
     * allocate.
     *
     * @param other any pattern.
     * @return true where it does.
     */
    public boolean covers(final Pattern other) {
        final byte[] theirs = other.bytes;
        int ours = 0;
        int their = 0;
        while (ours < bytes.length && their < theirs.length) {
            if (isToken(bytes, ours, '>')) {
                return true;
            }
            if (isToken(theirs, their, '>')) {
                return false; // it may stand for more tokens than all that follows here
            }
            if (!isToken(bytes, ours, '*') && !sameToken(bytes, ours, theirs, their)) {
                return false;
            }
            ours = tokenEnd(bytes, ours) + 1;
            their = tokenEnd(theirs, their) + 1;
        }
        return ours > bytes.length && their > theirs.length;
    }

    /**
     * Whether some literal subject matches both this pattern and another one. Does not allocate.
     *
     * @param other any pattern.
     * @return true where there is one; the same the other way round.
     */
    public boolean overlaps(final Pattern other) {
        final byte[] theirs = other.bytes;
        int ours = 0;
        int their = 0;
        while (ours < bytes.length && their < theirs.length) {
            if (isToken(bytes, ours, '>') || isToken(theirs, their, '>')) {
                return true;
            }
            if (!isToken(bytes, ours, '*') && !isToken(theirs, their, '*') && !sameToken(bytes, ours, theirs, their)) {
                return false;
            }
            ours = tokenEnd(bytes, ours) + 1;
            their = tokenEnd(theirs, their) + 1;
        }
        return ours > bytes.length && their > theirs.length;
    }

    /** Whether the token that starts here is that one byte and nothing more. */
    private static boolean isToken(final byte[] text, final int start, final char wildcard) {
        return text[start] == wildcard && (start + 1 == text.length || text[start + 1] == '.');
    }

    private static boolean sameToken(final byte[] one, final int oneStart, final byte[] two, final int twoStart) {
        return Arrays.equals(one, oneStart, tokenEnd(one, oneStart), two, twoStart, tokenEnd(two, twoStart));
    }

    private static int tokenEnd(final byte[] text, final int start) {
        int end = start;
        while (end < text.length && text[end] != '.') {
            end++;
        }
        return end;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Pattern pattern && Arrays.equals(bytes, pattern.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
