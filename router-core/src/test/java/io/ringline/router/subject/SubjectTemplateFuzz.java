package io.ringline.router.subject;

import static io.ringline.router.subject.Fuzz.check;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Templates and the relations of patterns, each against what it means in subjects that match. Lines of input: a template, two
 * patterns, and any number of lines that are values for the template, and subjects where they can be.
 */
public final class SubjectTemplateFuzz {
    private static final int MAX_LINES = 40;
    private static final int FORBIDDEN = SubjectTemplate.FORBIDDEN_BYTE;

    private SubjectTemplateFuzz() {}

    /** Called by Jazzer. @param input see the class. */
    public static void fuzzerTestOneInput(final byte[] input) {
        final List<byte[]> lines = Fuzz.lines(input);
        if (lines.size() < 3) {
            return;
        }
        final List<byte[]> others = lines.subList(3, Math.min(lines.size(), MAX_LINES));
        final List<byte[]> subjects = others.stream()
                .filter(line -> SubjectRules.problemOfSubject(line, SubjectRules.DEFAULT_MAX_BYTES) == null)
                .toList();
        final String text = new String(lines.get(0), StandardCharsets.UTF_8);
        final SubjectTemplate template;
        try {
            template = new SubjectTemplate(text);
            formatted(template, others);
            subjects.forEach(subject -> parsed(template, subject));
        } catch (final IllegalArgumentException refusal) {
            check(refusal.getMessage().startsWith("invalid template '"), "refused", text, refusal);
        }
        if (isPattern(lines.get(1)) && isPattern(lines.get(2))) {
            final Pattern one = new Pattern(lines.get(1));
            final Pattern two = new Pattern(lines.get(2));
            related(one, two);
            related(two, one);
            subjects.forEach(subject -> both(one, two, subject));
        }
    }

    private static boolean isPattern(final byte[] line) {
        return SubjectRules.problemOfPattern(line, SubjectRules.DEFAULT_MAX_BYTES) == null;
    }

    private static void formatted(final SubjectTemplate template, final List<byte[]> lines) {
        final int count = template.parameters().size();
        if (lines.size() < count) {
            return;
        }
        final TemplateValues values = template.newValues();
        int wanted = 0;
        for (int i = 0; i < count; i++) {
            final byte[] value = lines.get(i);
            values.set(i, new UnsafeBuffer(value), 0, value.length);
            if (wanted == 0) {
                wanted = value.length == 0 ? SubjectTemplate.EMPTY_VALUE : isFree(value) ? 0 : FORBIDDEN;
            }
        }
        final UnsafeBuffer to = new UnsafeBuffer(new byte[8_192]);
        final int length = template.format(values, to, 1);
        check(wanted == 0 ? length > 0 : length == wanted, "format", template, length, wanted);
        if (length < 0) {
            return;
        }
        final byte[] subject = new byte[length];
        to.getBytes(1, subject);
        check(SubjectRules.problemOfSubject(subject, Integer.MAX_VALUE) == null, "formatted", subject);
        final int tooSmall = template.format(values, new UnsafeBuffer(new byte[length]), 1);
        check(tooSmall == SubjectTemplate.BUFFER_TOO_SMALL, "too small", template, tooSmall);
        final TemplateValues again = parsed(template, subject);
        for (int i = 0; i < count; i++) {
            check(Arrays.equals(bytes(again, i), lines.get(i)), "value", template, subject, i);
        }
    }

    private static boolean isFree(final byte[] value) {
        return IntStream.range(0, value.length).noneMatch(i -> ".*> \t\n\f\r".indexOf(value[i]) >= 0);
    }

    private static byte[] bytes(final TemplateValues values, final int index) {
        final byte[] value = new byte[values.length(index)];
        values.buffer(index).getBytes(values.offset(index), value);
        return value;
    }

    private static TemplateValues parsed(final SubjectTemplate template, final byte[] subject) {
        final TemplateValues values = template.newValues();
        final boolean fits = template.parse(new UnsafeBuffer(subject), 0, subject.length, values);
        check(fits == template.pattern().matches(subject), "parse", template, subject, fits);
        if (fits) {
            final UnsafeBuffer to = new UnsafeBuffer(new byte[subject.length]);
            final int length = template.format(values, to, 0);
            final boolean free = IntStream.range(0, values.capacity()).allMatch(i -> isFree(bytes(values, i)));
            check(length == (free ? subject.length : FORBIDDEN), "format again", template, subject, length);
            check(!free || Arrays.equals(to.byteArray(), subject), "round trip", template, subject);
        }
        return values;
    }

    /** A pattern covers another where it matches the other's least and longest subjects, of tokens nobody names. */
    private static void related(final Pattern one, final Pattern two) {
        final String[] ours = tokens(one);
        final String[] theirs = tokens(two);
        final String fresh = "z".repeat(Math.max(one.length(), two.length()) + 1);
        final boolean covers =
                one.matches(subject(theirs, theirs.length, fresh)) && one.matches(longest(theirs, ours, fresh));
        check(one.covers(two) == covers, "covers", one, two, covers);
        final String[] witness = new String[Math.max(ours.length, theirs.length)];
        for (int i = 0; i < witness.length; i++) {
            final String our = tokenAt(ours, i, fresh);
            witness[i] = our.equals(fresh) ? tokenAt(theirs, i, fresh) : our;
        }
        final byte[] common = subject(witness, witness.length, fresh);
        final boolean overlaps = one.matches(common) && two.matches(common);
        check(one.overlaps(two) == overlaps, "overlaps", one, two, overlaps);
        check(!covers || overlaps, "covers without overlapping", one, two);
        check((covers && two.covers(one)) == one.equals(two), "cover each other", one, two);
    }

    private static byte[] longest(final String[] pattern, final String[] other, final String fresh) {
        final boolean open = pattern[pattern.length - 1].equals(">");
        return subject(pattern, pattern.length + (open ? other.length : 0), fresh);
    }

    private static byte[] subject(final String[] pattern, final int length, final String fresh) {
        final List<String> subject = IntStream.range(0, length)
                .mapToObj(i -> tokenAt(pattern, i, fresh))
                .toList();
        return String.join(".", subject).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A pattern's literal token, else the fresh one. */
    private static String tokenAt(final String[] pattern, final int index, final String fresh) {
        final String token = index < pattern.length ? pattern[index] : "*";
        return token.equals("*") || token.equals(">") ? fresh : token;
    }

    private static String[] tokens(final Pattern pattern) {
        return new String(pattern.bytes(), StandardCharsets.ISO_8859_1).split("\\.", -1);
    }

    private static void both(final Pattern one, final Pattern two, final byte[] subject) {
        final boolean oneMatches = one.matches(subject);
        final boolean twoMatches = two.matches(subject);
        check(!one.covers(two) || !twoMatches || oneMatches, "covers", one, two, subject);
        check(!two.covers(one) || !oneMatches || twoMatches, "covers", two, one, subject);
        check(!oneMatches || !twoMatches || one.overlaps(two), "overlaps", one, two, subject);
    }
}
