package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a subject and a pattern may look like: nats-server's own rules, from its {@code server/sublist.go}.
 *
 * <table>
 * <caption>Where each rule comes from</caption>
 * <tr><th>rule</th><th>function there</th></tr>
 * <tr><td>There is at least one token, and none is empty: no dot first, last, or behind a dot.</td>
 *     <td>{@code IsValidSubject}</td></tr>
 * <tr><td>No token holds space, TAB, LF, FF or CR. All other bytes pass: VT, NUL, DEL, what is no UTF-8.</td>
 *     <td>{@code IsValidSubject}</td></tr>
 * <tr><td>{@code >} as a whole token is the last one; it stands for one or more tokens.</td>
 *     <td>{@code IsValidSubject}, {@code matchLevel}</td></tr>
 * <tr><td>{@code *} as a whole token stands for exactly one. Within a longer token both are bytes like others.</td>
 *     <td>{@code Sublist.Insert}, {@code matchLevel}</td></tr>
 * <tr><td>A subject to publish to has neither wildcard as a whole token.</td>
 *     <td>{@code IsValidPublishSubject}, {@code subjectIsLiteral}</td></tr>
 * </table>
 *
 * <p>The server asks less of a publisher: nothing, or of a pedantic one {@code IsValidLiteralSubject}, which lets blanks pass.
 * The one limit of ours is the length.
 */
public final class SubjectRules {
    /** The longest subject or pattern by default, in bytes. */
    public static final int DEFAULT_MAX_BYTES = 4_096;

    private SubjectRules() {}

    /**
     * What is wrong with a subject to publish to.
     *
     * @param subject  its bytes.
     * @param maxBytes longest that is allowed.
     * @return null where nothing is; else the token, counted from 1, and the rule it breaks.
     */
    public static @Nullable String problemOfSubject(final byte[] subject, final int maxBytes) {
        return problem(subject, maxBytes, false);
    }

    /**
     * What is wrong with a pattern to subscribe to.
     *
     * @param pattern  its bytes.
     * @param maxBytes longest that is allowed.
     * @return null where nothing is; else the token, counted from 1, and the rule it breaks.
     */
    public static @Nullable String problemOfPattern(final byte[] pattern, final int maxBytes) {
        return problem(pattern, maxBytes, true);
    }

    private static @Nullable String problem(final byte[] text, final int maxBytes, final boolean pattern) {
        final String what = pattern ? "pattern" : "subject";
        if (text.length == 0) {
            return "the " + what + " is empty: give it at least one token";
        }
        if (text.length > maxBytes) {
            return "the " + what + " has " + text.length + " bytes, the limit is " + maxBytes;
        }
        int token = 1;
        int start = 0;
        for (int i = 0; i <= text.length; i++) {
            if (i < text.length && isBlank(text[i])) {
                return "token " + token + " holds " + nameOf(text[i]) + ", which no subject may";
            }
            if (i < text.length && text[i] != '.') {
                continue;
            }
            final String problem = tokenProblem(text, start, i, token, pattern);
            if (problem != null) {
                return problem;
            }
            start = i + 1;
            token++;
        }
        return null;
    }

    private static @Nullable String tokenProblem(
            final byte[] text, final int start, final int end, final int token, final boolean pattern) {
        if (start == end) {
            return "token " + token + " is empty: tokens are joined by single dots";
        }
        if (end - start > 1 || text[start] != '*' && text[start] != '>') {
            return null;
        }
        if (!pattern) {
            return "token " + token + " is the wildcard " + (char) text[start]
                    + ": a subject is published only as a literal";
        }
        if (text[start] == '>' && end < text.length) {
            return "token " + token + " is >, which may only be the last";
        }
        return null;
    }

    static boolean isBlank(final byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\f' || b == '\r';
    }

    /** A blank in words. */
    static String nameOf(final byte b) {
        return switch (b) {
            case ' ' -> "a space";
            case '\t' -> "a TAB";
            case '\n' -> "a line feed";
            case '\f' -> "a form feed";
            default -> "a carriage return";
        };
    }

    /** Text for messages. */
    static String show(final byte[] text) {
        final String shown = new String(text, StandardCharsets.UTF_8);
        return shown.length() > 80 ? shown.substring(0, 80) + "..." : shown;
    }
}
