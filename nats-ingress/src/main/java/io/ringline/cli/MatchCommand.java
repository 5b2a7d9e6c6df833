package io.ringline.cli;

import io.ringline.cli.Json.BadLineException;
import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline match}: whether a subject matches a pattern, by nats-server's rules. */
@Command(
        name = "match",
        description = {
            "Says whether a subject matches a pattern, by nats-server's rules: compared as bytes; * stands for one token, a"
                    + " last > for one or more.",
            ""
        },
        footer = {
            "",
            "With --json each line {\"pattern\":..,\"subject\":..} of standard input is answered with one line"
                    + " {\"patternValid\",\"subjectValid\",\"matches\",\"reason\" (where invalid)}.",
            "Exit status: 0 it matches, 1 it does not or one of the two is invalid, 2 wrong usage; with --json 0, or 1 where"
                    + " a line is not such an object."
        })
final class MatchCommand implements Callable<Integer> {
    private static final int BUFFER_BYTES = 64 << 10;

    private final Streams streams;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "For example event.*.departed or event.>")
    private @Nullable String pattern;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SUBJECT", description = "For example event.LAS.departed")
    private @Nullable String subject;

    @Option(names = "--json", description = "Read JSON lines instead.")
    private boolean json;

    @Option(
            names = "--max-subject-bytes",
            paramLabel = "N",
            description = "Longest subject and pattern. Default: 4096.")
    private int maxSubjectBytes = SubjectRules.DEFAULT_MAX_BYTES;

    private boolean malformed;

    MatchCommand(final Streams streams) {
        this.streams = streams;
    }

    /** What is to be said of a pair; {@code reason} is null where both are valid. */
    private record Answer(
            boolean patternValid,
            boolean subjectValid,
            boolean matches,
            @Nullable String reason) {}

    @Override
    public Integer call() throws IOException {
        if (maxSubjectBytes < 1) {
            throw new CommandFailure(ExitStatus.USAGE, "--max-subject-bytes " + maxSubjectBytes + " is not above 0");
        }
        if (json) {
            if (pattern != null) {
                throw new CommandFailure(ExitStatus.USAGE, "give either --json or a pattern and a subject");
            }
            return answerLines();
        }
        if (pattern == null || subject == null) {
            throw new CommandFailure(ExitStatus.USAGE, "give a pattern and a subject, or --json");
        }
        final Answer answer =
                answer(pattern.getBytes(StandardCharsets.UTF_8), subject.getBytes(StandardCharsets.UTF_8));
        final LineOutput out = new LineOutput(streams.out());
        final byte[] text = (answer.matches() ? "matches\n" : "does not match\n").getBytes(StandardCharsets.US_ASCII);
        out.write(text, text.length);
        out.flush();
        if (answer.reason() != null) {
            streams.err().println("ringline: " + Json.printable(answer.reason(), 500));
        }
        return answer.matches() ? ExitStatus.OK : ExitStatus.FOUND;
    }

    private Answer answer(final byte[] patternBytes, final byte[] subjectBytes) {
        final String patternProblem = SubjectRules.problemOfPattern(patternBytes, maxSubjectBytes);
        final String subjectProblem = SubjectRules.problemOfSubject(subjectBytes, maxSubjectBytes);
        return answer(patternBytes, patternProblem, subjectBytes, subjectProblem);
    }

    private Answer answer(
            final byte[] patternBytes,
            final @Nullable String patternProblem,
            final byte[] subjectBytes,
            final @Nullable String subjectProblem) {
        String reason = null;
        if (patternProblem != null) {
            reason = "invalid pattern: " + patternProblem;
        }
        if (subjectProblem != null) {
            reason = (reason == null ? "" : reason + "; ") + "invalid subject: " + subjectProblem;
        }
        final boolean matches = reason == null && new Pattern(patternBytes, maxSubjectBytes).matches(subjectBytes);
        return new Answer(patternProblem == null, subjectProblem == null, matches, reason);
    }

    private int answerLines() throws IOException {
        final LineOutput out = new LineOutput(streams.out());
        final Lines lines = new Lines((number, bytes, offset, length, tooLong) -> {
            if (tooLong || !Lines.isBlank(bytes, offset, length)) {
                write(
                        out,
                        tooLong ? refused("longer than " + Lines.MAX_BYTES + " bytes") : answer(bytes, offset, length));
            }
        });
        final InputStream in = streams.in();
        final byte[] buffer = new byte[BUFFER_BYTES];
        int read = in.read(buffer);
        while (read >= 0 && !out.isClosed()) {
            lines.onBytes(buffer, read);
            if (in.available() == 0) {
                out.flush(); // somebody may be waiting for this answer before the next question
            }
            read = in.read(buffer);
        }
        lines.onEnd();
        out.flush();
        return malformed ? ExitStatus.FOUND : ExitStatus.OK;
    }

    private Answer answer(final byte[] bytes, final int offset, final int length) {
        try {
            final PatternAndSubject pair = PatternAndSubject.parse(bytes, offset, length);
            final byte[] patternBytes = pair.patternBytes();
            final byte[] subjectBytes = pair.subjectBytes();
            return answer(
                    patternBytes == null ? new byte[0] : patternBytes,
                    patternBytes == null
                            ? PatternAndSubject.LONE_SURROGATE
                            : SubjectRules.problemOfPattern(patternBytes, maxSubjectBytes),
                    subjectBytes == null ? new byte[0] : subjectBytes,
                    subjectBytes == null
                            ? PatternAndSubject.LONE_SURROGATE
                            : SubjectRules.problemOfSubject(subjectBytes, maxSubjectBytes));
        } catch (final BadLineException refused) {
            return refused(refused.reason());
        }
    }

    private Answer refused(final String reason) {
        malformed = true;
        return new Answer(false, false, false, reason);
    }

    private static void write(final LineOutput out, final Answer answer) {
        final JsonBytes line = new JsonBytes();
        line.raw(("{\"patternValid\":" + answer.patternValid()
                        + ",\"subjectValid\":" + answer.subjectValid()
                        + ",\"matches\":" + answer.matches())
                .getBytes(StandardCharsets.US_ASCII));
        if (answer.reason() != null) {
            line.raw(',').string("reason").raw(':').string(answer.reason());
        }
        line.raw('}').raw('\n');
        out.write(line);
    }
}
