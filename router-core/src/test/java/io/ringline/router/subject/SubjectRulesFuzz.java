package io.ringline.router.subject;

import static io.ringline.router.subject.Fuzz.check;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes as a subject and as a pattern: every check agrees with the rules said plainly, at any offset, whatever stands
 * around, and nothing is ever thrown but the documented {@link IllegalArgumentException}.
 */
public final class SubjectRulesFuzz {
    private static final int SHORT_LIMIT = 16;
    private static final int OFFSETS = 9;
    /** What may stand around a subject, each able to turn the answer where it is looked at. */
    private static final String AROUND = "a. >*\n";

    private SubjectRulesFuzz() {}

    /** Called by Jazzer. @param input a subject or pattern, or neither. */
    public static void fuzzerTestOneInput(final byte[] input) {
        for (final int limit : new int[] {SubjectRules.DEFAULT_MAX_BYTES, SHORT_LIMIT}) {
            rules(input, limit);
        }
        final boolean literal = isValid(input, false);
        if (literal) {
            literal(input);
        }
        if (isValid(input, true)) {
            final Pattern pattern = new Pattern(input, Integer.MAX_VALUE);
            check(Arrays.equals(pattern.bytes(), input), "a pattern keeps its bytes", input);
            check(pattern.covers(pattern) && pattern.overlaps(pattern), "a pattern covers itself", input);
        }
        for (int offset = 0; offset < OFFSETS; offset++) {
            hash(input, literal, offset, AROUND.charAt((offset + input.length) % AROUND.length()));
        }
    }

    private static void rules(final byte[] input, final int limit) {
        final boolean fits = input.length <= limit;
        final String ofSubject = SubjectRules.problemOfSubject(input, limit);
        check((ofSubject == null) == (fits && isValid(input, false)), "subject", input, limit, ofSubject);
        final String text = new String(input, StandardCharsets.UTF_8);
        if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), input)) {
            refused(() -> new SubjectHandles(limit).resolve(text), ofSubject, input);
        }
        final String ofPattern = SubjectRules.problemOfPattern(input, limit);
        check((ofPattern == null) == (fits && isValid(input, true)), "pattern", input, limit, ofPattern);
        refused(() -> new Pattern(input, limit), ofPattern, input);
    }

    private static void refused(final Runnable make, final @Nullable String problem, final byte[] input) {
        try {
            make.run();
            check(problem == null, "taken in spite of a problem", input, problem);
        } catch (final IllegalArgumentException refusal) {
            check(problem != null && refusal.getMessage().endsWith(problem), "refused", input, refusal);
        }
    }

    private static void literal(final byte[] subject) {
        final Pattern same = new Pattern(subject, Integer.MAX_VALUE);
        check(same.matches(subject), "a literal matches itself", subject);
        check(new Pattern(new byte[] {'>'}).covers(same), "> covers all", subject);
        final byte[] longer = Arrays.copyOf(subject, subject.length + 1);
        longer[subject.length] = 'a';
        check(!same.matches(longer), "a literal matches nothing longer", subject);
    }

    private static void hash(final byte[] input, final boolean literal, final int offset, final char around) {
        final byte[] memory = new byte[offset + input.length + OFFSETS];
        Arrays.fill(memory, (byte) around);
        System.arraycopy(input, 0, memory, offset, input.length);
        final DirectBuffer[] places = {new UnsafeBuffer(memory), new UnsafeBuffer(memory, 0, offset + input.length)};
        final long wanted = literal ? SubjectHash.hash(new UnsafeBuffer(input), 0, input.length) : SubjectHash.INVALID;
        check(!literal || wanted != SubjectHash.INVALID, "no hash is INVALID", input);
        for (final DirectBuffer place : places) {
            final long hash = SubjectHash.validateAndHash(place, offset, input.length);
            check(hash == wanted, "validateAndHash", input, offset, around, hash, wanted);
        }
    }

    /** The rules once more, as one would say them. */
    private static boolean isValid(final byte[] input, final boolean wildcards) {
        final String text = new String(input, StandardCharsets.ISO_8859_1);
        if (text.chars().anyMatch(c -> " \t\n\f\r".indexOf(c) >= 0)) {
            return false;
        }
        final List<String> tokens = Arrays.asList(text.split("\\.", -1));
        final int greater = tokens.indexOf(">");
        final boolean wild = greater >= 0 || tokens.contains("*");
        return !tokens.contains("") && (!wild || wildcards) && (greater < 0 || greater == tokens.size() - 1);
    }
}
