package io.ringline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectRules;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline match}: whether a subject matches a pattern, by nats-server's rules. */
@Command(
        name = "match",
        mixinStandardHelpOptions = true,
        description = {
            "Tells whether a subject matches a pattern, by nats-server's own rules; exit status 0 or 1.",
            "With --json, reads lines {\"pattern\",\"subject\"} from standard input and answers each with"
                    + " {\"patternValid\",\"subjectValid\",\"matches\"} and, where one is invalid, \"reason\"; exit status 1"
                    + " where a line was no such object."
        })
final class MatchCommand implements Callable<Integer> {
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

    @Parameters(paramLabel = "PATTERN SUBJECT", arity = "0..2")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--json", description = "Read pairs as JSON lines.")
    private boolean json;

    @Option(names = "--max-subject-bytes", description = "The longest of either (default: ${DEFAULT-VALUE}).")
    private int maxSubjectBytes = SubjectRules.DEFAULT_MAX_BYTES;

    private record Answer(
            @Nullable String patternProblem, @Nullable String subjectProblem, boolean matches) {
        String reason() {
            if (patternProblem != null && subjectProblem != null) {
                return patternProblem + "; " + subjectProblem;
            }
            return patternProblem != null ? patternProblem : String.valueOf(subjectProblem);
        }

        boolean isValid() {
            return patternProblem == null && subjectProblem == null;
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (json && texts.isEmpty()) {
            return answerLines();
        }
        if (json || texts.size() != 2) {
            throw new IllegalArgumentException("match takes a PATTERN and a SUBJECT, or --json and neither");
        }
        final Answer answer = answer(bytes(texts.get(0)), bytes(texts.get(1)));
        if (!answer.isValid()) {
            System.err.println("ringline: " + answer.reason());
        }
        return answer.matches ? RinglineCommand.OK : RinglineCommand.FOUND_WRONG;
    }

    /** UTF-8; half of a surrogate pair, which has none, as three bytes of its own, so that it is no other text. */
    private static byte[] bytes(final String text) {
        final java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            final boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                out.writeBytes(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else if (Character.isSurrogate(c)) {
                out.write(0xE0 | c >> 12);
                out.write(0x80 | c >> 6 & 0x3F);
                out.write(0x80 | c & 0x3F);
            } else {
                out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private Answer answer(final byte[] pattern, final byte[] subject) {
        final String patternProblem = SubjectRules.problemOfPattern(pattern, maxSubjectBytes);
        final String subjectProblem = SubjectRules.problemOfSubject(subject, maxSubjectBytes);
        final boolean matches = patternProblem == null
                && subjectProblem == null
                && new Pattern(pattern, maxSubjectBytes).matches(subject);
        return new Answer(patternProblem, subjectProblem, matches);
    }

    private int answerLines() throws IOException, InterruptedException {
        int status = RinglineCommand.OK;
        final LineSource lines = new LineSource(new FileInputStream(FileDescriptor.in));
        try (OutputStream out = new QuietPipe(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)))) {
            while (!lines.isEnded()) {
                if (!lines.next(0)) {
                    out.flush();
                    if (!lines.next(1_000)) {
                        continue;
                    }
                }
                if (!lines.isBlank()) {
                    status |= answerLine(lines, out);
                }
            }
            out.flush();
        } catch (final ClosedPipeException nobodyReads) {
            return RinglineCommand.OK;
        }
        return status;
    }

    private int answerLine(final LineSource line, final OutputStream out) throws IOException {
        final JsonBytes answer = new JsonBytes().raw('{');
        int status = RinglineCommand.OK;
        try {
            final String[] pair = parse(line);
            final Answer found = answer(bytes(pair[0]), bytes(pair[1]));
            answer.name("patternValid").raw(Boolean.toString(found.patternProblem == null));
            answer.name("subjectValid").raw(Boolean.toString(found.subjectProblem == null));
            answer.name("matches").raw(Boolean.toString(found.matches));
            if (!found.isValid()) {
                answer.name("reason").text(found.reason());
            }
        } catch (final MalformedLineException wrong) {
            status = RinglineCommand.FOUND_WRONG;
            answer.name("patternValid")
                    .raw("false")
                    .name("subjectValid")
                    .raw("false")
                    .name("matches")
                    .raw("false");
            answer.name("reason").text("line " + line.number() + ": " + wrong.getMessage());
        }
        out.write(answer.raw("}\n").toArray());
        return status;
    }

    private static String[] parse(final LineSource line) throws MalformedLineException {
        final String[] pair = new String[2];
        try (JsonParser parser = JSON.createParser(line.bytes(), line.offset(), line.length())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedLineException("not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                final String name = parser.currentName();
                final JsonToken value = parser.nextToken();
                final int at = "pattern".equals(name) ? 0 : "subject".equals(name) ? 1 : -1;
                if (at >= 0 && value == JsonToken.VALUE_STRING) {
                    pair[at] = parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
        } catch (final IOException failure) {
            throw new MalformedLineException("not JSON");
        }
        if (pair[0] == null || pair[1] == null) {
            throw new MalformedLineException("give \"pattern\" and \"subject\", each a text");
        }
        return pair;
    }
}
