package io.ringline.router.subject;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A shape of subjects: literal tokens, and parameters that each stand for one whole token, as in
 * {@code event.graph.{id}.subgraph.{sid}.created}. Formats values into a subject and takes a subject apart again; neither
 * allocates. Immutable; any thread may use it, each with {@link TemplateValues} of its own.
 *
 * <p>A parameter's name has letters of ASCII, digits, {@code -} and {@code _}, and is there once. A literal token holds no
 * brace and is no wildcard; for all else {@link SubjectRules} apply.
 */
public final class SubjectTemplate {
    /** A value is empty, or was never set. */
    public static final int EMPTY_VALUE = -1;
    /** A value holds a dot, {@code *}, {@code >} or one of the five blanks, so the subject might have another shape. */
    public static final int FORBIDDEN_BYTE = -2;
    /** The subject does not fit into the buffer. */
    public static final int BUFFER_TOO_SMALL = -3;

    private static final int VALID = 0;
    /** A bit for each byte that no value may hold; all of them are below 64. */
    private static final long FORBIDDEN =
            1L << '.' | 1L << '*' | 1L << '>' | 1L << ' ' | 1L << '\t' | 1L << '\n' | 1L << '\f' | 1L << '\r';

    private final String text;
    private final List<String> parameters;
    private final Pattern pattern;
    /** What stands before, between and behind the parameters, dots included: one piece after the other. */
    private final UnsafeBuffer literals;
    /** Where each piece ends; one more than there are parameters. */
    private final int[] literalEnds;

    /**
     * Reads a template.
     *
     * @param text tokens joined by dots; up to {@link SubjectRules#DEFAULT_MAX_BYTES} where each parameter counts as one.
     * @throws IllegalArgumentException where a rule is broken, with the token and the rule.
     */
    public SubjectTemplate(final String text) {
        final List<String> names = new ArrayList<>();
        final List<String> pieces = new ArrayList<>();
        final StringBuilder piece = new StringBuilder();
        int number = 1;
        for (int start = 0; start <= text.length(); number++) {
            final int dot = text.indexOf('.', start);
            final int end = dot < 0 ? text.length() : dot;
            final String token = text.substring(start, end);
            final String problem = problemOfToken(token, names);
            if (problem != null) {
                throw invalid(text, "token " + number + " " + problem);
            }
            if (token.startsWith("{")) {
                names.add(token.substring(1, token.length() - 1));
                pieces.add(piece.toString());
                piece.setLength(0);
            } else {
                piece.append(token);
            }
            if (dot >= 0) {
                piece.append('.');
            }
            start = end + 1;
        }
        pieces.add(piece.toString());
        this.text = text;
        this.parameters = List.copyOf(names);
        this.pattern = pattern(text, String.join("*", pieces));
        this.literals = new UnsafeBuffer(utf8(String.join("", pieces)));
        this.literalEnds = ends(pieces);
    }

    private static int[] ends(final List<String> pieces) {
        final int[] ends = new int[pieces.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += utf8(pieces.get(i)).length;
            ends[i] = end;
        }
        return ends;
    }

    private static @Nullable String problemOfToken(final String token, final List<String> names) {
        if (token.equals("*") || token.equals(">")) {
            return "is the wildcard " + token + ": where a subject may differ, a template has a parameter such as {id}";
        }
        if (token.indexOf('{') < 0 && token.indexOf('}') < 0) {
            return null;
        }
        final String name = token.length() < 2 ? "" : token.substring(1, token.length() - 1);
        if (!token.equals("{" + name + "}") || name.indexOf('{') >= 0 || name.indexOf('}') >= 0) {
            return "is '" + token + "': a brace only goes around a whole token, as in {id}";
        }
        if (name.isEmpty()) {
            return "is a parameter without a name";
        }
        if (!name.chars().allMatch(SubjectTemplate::isOfName)) {
            return "is the parameter {" + name + "}: a name has letters of ASCII, digits, - and _ only";
        }
        return names.contains(name) ? "is the parameter {" + name + "} again: give each its own name" : null;
    }

    private static boolean isOfName(final int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    private static Pattern pattern(final String text, final String shape) {
        final byte[] bytes = utf8(shape);
        final String problem = isEncodable(shape)
                ? SubjectRules.problemOfPattern(bytes, SubjectRules.DEFAULT_MAX_BYTES)
                : "it holds half a surrogate pair, which UTF-8 has no bytes for";
        if (problem != null) {
            throw invalid(text, problem);
        }
        return new Pattern(bytes);
    }

    private static IllegalArgumentException invalid(final String text, final String problem) {
        return new IllegalArgumentException("invalid template '" + SubjectRules.show(utf8(text)) + "': " + problem);
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isEncodable(final String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** The names of the parameters. @return in their order, unmodifiable. */
    public List<String> parameters() {
        return parameters;
    }

    /**
     * The index of a parameter, to be looked up once.
     *
     * @param parameter its name, without braces.
     * @return from 0.
     * @throws IllegalArgumentException where there is none of that name.
     */
    public int indexOf(final String parameter) {
        final int index = parameters.indexOf(parameter);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "template " + text + " has no parameter {" + parameter + "}; it has " + parameters);
        }
        return index;
    }

    /** What matches the subjects of this shape: {@code *} for each parameter. @return always the same. */
    public Pattern pattern() {
        return pattern;
    }

    /** Values for this template. @return all empty, with exactly its capacity. */
    public TemplateValues newValues() {
        return new TemplateValues(parameters.size());
    }

    /**
     * Writes a subject. Where a value is refused, or the buffer is too small, nothing is written. Does not allocate, but where
     * the buffer is one that grows.
     *
     * @param values one for each parameter; none of them within the part of the buffer that is written to.
     * @param to     memory.
     * @param offset where the subject goes.
     * @return its length in bytes, or {@link #EMPTY_VALUE}, {@link #FORBIDDEN_BYTE} or {@link #BUFFER_TOO_SMALL}.
     * @throws IllegalArgumentException where the values have less capacity than there are parameters.
     */
    public int format(final TemplateValues values, final MutableDirectBuffer to, final int offset) {
        checkCapacity(values);
        final int count = literalEnds.length - 1;
        long length = literals.capacity();
        for (int i = 0; i < count; i++) {
            final int problem = problemOf(values.buffer(i), values.offset(i), values.length(i));
            if (problem != VALID) {
                return problem;
            }
            length += values.length(i);
        }
        final int room = (to.isExpandable() ? Integer.MAX_VALUE : to.capacity()) - offset;
        if (length > room) {
            return BUFFER_TOO_SMALL;
        }
        int at = offset;
        for (int i = 0; i < count; i++) {
            at = putLiteral(i, to, at);
            to.putBytes(at, values.buffer(i), values.offset(i), values.length(i));
            at += values.length(i);
        }
        return putLiteral(count, to, at) - offset;
    }

    private int putLiteral(final int piece, final MutableDirectBuffer to, final int offset) {
        final int length = literalLength(piece);
        to.putBytes(offset, literals, literalEnds[piece] - length, length);
        return offset + length;
    }

    private void checkCapacity(final TemplateValues values) {
        if (values.capacity() < literalEnds.length - 1) {
            throw new IllegalArgumentException("template " + text + " has " + parameters.size()
                    + " parameters, but there is room for " + values.capacity() + " values");
        }
    }

    private static int problemOf(final DirectBuffer value, final int offset, final int length) {
        if (length <= 0) {
            return EMPTY_VALUE;
        }
        for (int i = 0; i < length; i++) {
            if (isForbidden(value.getByte(offset + i))) {
                return FORBIDDEN_BYTE;
            }
        }
        return VALID;
    }

    private static boolean isForbidden(final byte b) {
        return (b & 0xC0) == 0 && (FORBIDDEN >>> b & 1) != 0;
    }

    /**
     * Writes a subject as text, for where nanoseconds do not matter.
     *
     * @param values one for each parameter, in their order.
     * @return the subject.
     * @throws IllegalArgumentException where there are more or fewer values than parameters, or one is refused, with the
     *                                  parameter and why.
     */
    public String format(final String... values) {
        if (values.length != parameters.size()) {
            throw new IllegalArgumentException("template " + text + " needs " + parameters.size() + " values, for "
                    + parameters + ", not " + values.length);
        }
        final TemplateValues bytes = newValues();
        int length = literals.capacity();
        for (int i = 0; i < values.length; i++) {
            final byte[] value = utf8(values[i]);
            final String problem = problemOfValue(values[i], value);
            if (problem != null) {
                throw new IllegalArgumentException("template " + text + ": the value '" + SubjectRules.show(value)
                        + "' of {" + parameters.get(i) + "} " + problem);
            }
            bytes.set(i, new UnsafeBuffer(value), 0, value.length);
            length += value.length;
        }
        final UnsafeBuffer subject = new UnsafeBuffer(new byte[length]);
        return subject.getStringWithoutLengthUtf8(0, format(bytes, subject, 0));
    }

    private static @Nullable String problemOfValue(final String text, final byte[] value) {
        if (value.length == 0) {
            return "is empty";
        }
        for (final byte b : value) {
            if (isForbidden(b)) {
                final String what = SubjectRules.isBlank(b) ? SubjectRules.nameOf(b) : "'" + (char) b + "'";
                return "holds " + what + ", which no value may: a parameter is one whole token, and never a wildcard";
            }
        }
        return isEncodable(text) ? null : "holds half a surrogate pair, which UTF-8 has no bytes for";
    }

    /**
     * Takes a subject apart. It has this shape exactly where it matches {@link #pattern}. Does not allocate.
     *
     * @param subject memory; the values found refer to it.
     * @param offset  of a valid literal subject.
     * @param length  in bytes.
     * @param into    set to the value of each parameter, by index; the value of any other index stays as it is.
     * @return false where the subject has another shape; what {@code into} then holds is of no use.
     * @throws IllegalArgumentException where the values have less capacity than there are parameters.
     */
    public boolean parse(final DirectBuffer subject, final int offset, final int length, final TemplateValues into) {
        checkCapacity(into);
        final int end = offset + length;
        final int count = literalEnds.length - 1;
        int at = offset;
        for (int i = 0; i < count; i++) {
            if (!startsWithLiteral(i, subject, at, end)) {
                return false;
            }
            at += literalLength(i);
            final int start = at;
            while (at < end && subject.getByte(at) != '.') {
                at++;
            }
            if (at == start) {
                return false;
            }
            into.set(i, subject, start, at - start);
        }
        return end - at == literalLength(count) && startsWithLiteral(count, subject, at, end);
    }

    private int literalLength(final int piece) {
        return literalEnds[piece] - (piece == 0 ? 0 : literalEnds[piece - 1]);
    }

    private boolean startsWithLiteral(final int piece, final DirectBuffer subject, final int offset, final int end) {
        final int length = literalLength(piece);
        if (end - offset < length) {
            return false;
        }
        final int from = literalEnds[piece] - length;
        for (int i = 0; i < length; i++) {
            if (literals.getByte(from + i) != subject.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** The template as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
