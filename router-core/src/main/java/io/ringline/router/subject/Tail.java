package io.ringline.router.subject;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rest of a pattern, from some token on, as words: its number of tokens (and whether a {@code >} comes behind them), the
 * two words of each token as {@link Tokens} has them, and the bytes of those that are long. Immutable.
 */
final class Tail {
    private static final long OPEN = 1L << 32;
    private static final int FIRST = 1;

    private Tail() {}

    /** The rest of a pattern. @param from its first token; there must be one, and it may not be {@code >}. */
    static long[] of(final Tokens pattern, final int from) {
        final boolean open = pattern.is(pattern.count() - 1, '>');
        final int tokens = pattern.count() - from - (open ? 1 : 0);
        final long[] table = pattern.table();
        int words = FIRST + 2 * tokens;
        for (int i = 0; i < tokens; i++) {
            words += Tokens.textWords(table[(from + i) * Tokens.STRIDE + Tokens.HIGH]);
        }
        final long[] tail = new long[words];
        tail[0] = open ? tokens | OPEN : tokens;
        int text = FIRST + 2 * tokens;
        for (int i = 0; i < tokens; i++) {
            tail[FIRST + 2 * i] = table[(from + i) * Tokens.STRIDE];
            tail[FIRST + 2 * i + 1] = table[(from + i) * Tokens.STRIDE + Tokens.HIGH];
            text = pattern.putText(from + i, tail, text);
        }
        return tail;
    }

    /** Whether a subject's tokens from one on match. */
    static boolean matches(final long[] tail, final Tokens subject, final int from) {
        final int tokens = (int) tail[0];
        final int left = subject.count() - from;
        if (isOpen(tail) ? left <= tokens : left != tokens) {
            return false;
        }
        final long[] table = subject.table();
        int at = from * Tokens.STRIDE;
        final int end = FIRST + 2 * tokens;
        for (int i = FIRST; i < end; i += 2) {
            final long low = tail[i];
            final long high = tail[i + 1];
            if ((low != table[at] || high != table[at + Tokens.HIGH]) && !isStar(low, high)) {
                return false;
            }
            at += Tokens.STRIDE;
        }
        return end == tail.length || hasText(tail, subject, from);
    }

    private static boolean hasText(final long[] tail, final Tokens subject, final int from) {
        int text = FIRST + 2 * (int) tail[0];
        for (int i = 0; text < tail.length; i++) {
            final int words = Tokens.textWords(tail[FIRST + 2 * i + 1]);
            if (words > 0 && !subject.isText(from + i, tail, text)) {
                return false;
            }
            text += words;
        }
        return true;
    }

    /** A word that the first token must have, or 0 where any will do: it spares most leaves a look at the tail. */
    static long filter(final long[] tail) {
        return isStar(tail[FIRST], tail[FIRST + 1]) ? 0 : tail[FIRST];
    }

    /** Whether it is the rest of the same pattern. */
    static boolean isSame(final long[] tail, final Tokens pattern, final int from) {
        return from < pattern.count() && !pattern.is(from, '>') && Arrays.equals(tail, of(pattern, from));
    }

    static boolean isStar(final long low, final long high) {
        return low == '*' && high == Tokens.ONE_BYTE;
    }

    static long firstLow(final long[] tail) {
        return tail[FIRST];
    }

    static long firstHigh(final long[] tail) {
        return tail[FIRST + 1];
    }

    /** The first token's bytes, where it is long. */
    static long @Nullable [] firstText(final long[] tail) {
        final int words = Tokens.textWords(firstHigh(tail));
        final int text = FIRST + 2 * (int) tail[0];
        return words == 0 ? null : Arrays.copyOfRange(tail, text, text + words);
    }

    /** Whether something comes behind the tokens. */
    static boolean isOpen(final long[] tail) {
        return (tail[0] & OPEN) != 0;
    }

    /** The tail without its first token, or null where that was the last. */
    static long @Nullable [] withoutFirst(final long[] tail) {
        final int tokens = (int) tail[0];
        if (tokens == 1) {
            return null;
        }
        final int words = Tokens.textWords(firstHigh(tail));
        final long[] less = new long[tail.length - 2 - words];
        less[0] = tail[0] - 1;
        System.arraycopy(tail, FIRST + 2, less, FIRST, 2 * tokens - 2);
        final int text = FIRST + 2 * tokens;
        System.arraycopy(tail, text + words, less, text - 2, tail.length - text - words);
        return less;
    }

    /** A tail with a token before it. @param tail or null for none. @param open for none: whether {@code >} comes behind. */
    static long[] withFirst(
            final long low,
            final long high,
            final long @Nullable [] text,
            final long @Nullable [] tail,
            final boolean open) {
        final long[] old = tail != null ? tail : new long[] {open ? OPEN : 0};
        final int words = text == null ? 0 : text.length;
        final int oldText = FIRST + 2 * (int) old[0];
        final long[] more = new long[old.length + 2 + words];
        more[0] = old[0] + 1;
        more[FIRST] = low;
        more[FIRST + 1] = high;
        System.arraycopy(old, FIRST, more, FIRST + 2, oldText - FIRST);
        if (text != null) {
            System.arraycopy(text, 0, more, oldText + 2, words);
        }
        System.arraycopy(old, oldText, more, oldText + 2 + words, old.length - oldText);
        return more;
    }
}
