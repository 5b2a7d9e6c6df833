package io.ringline.cli;

import io.ringline.cli.Json.BadLineException;
import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.SubjectRules;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ringline match}: whether a subject matches a pattern, or which of a list of patterns, by nats-server's rules. */
@Command(
        name = "match",
        customSynopsis = {
            "ringline match [OPTION]... PATTERN SUBJECT",
            "       ringline match [OPTION]... --json",
            "       ringline match [OPTION]... --patterns=FILE|- SUBJECT",
            "       ringline match [OPTION]... --patterns=FILE|- --overlaps|--covered..."
        },
        description = {
            "Says whether a subject matches a pattern, by nats-server's rules: compared as bytes; * stands for one token, a"
                    + " last > for one or more. With --patterns: which patterns of a list match it, or, without a"
                    + " subject, which of them overlap or cover each other.",
            ""
        },
        footer = {
            "",
            "With --json each line {\"pattern\":..,\"subject\":..} of standard input is answered with one line"
                    + " {\"patternValid\",\"subjectValid\",\"matches\",\"reason\" (where invalid),\"explain\" (with"
                    + " --explain, where both are valid and do not match)}.",
            "The FILE of --patterns has a line PATTERN, or NAME=PATTERN[,PATTERN...] as for route --subscribe. Blank lines"
                    + " and lines that start with # are skipped. A line that starts with = is the one pattern behind"
                    + " that, whatever it holds: =#.a for #.a, =a=b for a=b. Each is listed as LINE:PATTERN or"
                    + " LINE:NAME=PATTERN, or, with --format json, as {\"line\",\"name\" (if any),\"pattern\"} with"
                    + " \"matches\" and \"explain\", or with the other pattern as \"overlaps\", \"coveredBy\" or"
                    + " \"sameAs\"; an invalid one is told with its line and the reason, in JSON as \"reason\".",
            "Exit status: 0 it matches, or one of --patterns does, or --overlaps and --covered find nothing; 1 it is not so,"
                    + " or one of them is invalid; 2 wrong usage; with --json 0, or 1 where a line is not such an object."
        })
final class MatchCommand implements Callable<Integer> {
    private final Streams streams;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "For example event.*.departed or event.>; not with --patterns.")
    private @Nullable String pattern;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SUBJECT", description = "For example event.LAS.departed")
    private @Nullable String subject;

    @Option(names = "--json", description = "Read JSON lines instead.")
    private boolean json;

    @Option(names = "--explain", description = "Say which token does not match, and why.")
    private boolean explain;

    @Option(names = "--patterns", paramLabel = "FILE|-", description = "A list of patterns; -, standard input.")
    private @Nullable String patterns;

    @Option(names = "--overlaps", description = "List the pairs of patterns that some subject matches both of.")
    private boolean overlaps;

    @Option(
            names = "--covered",
            description = "List the patterns of which another one matches every subject, or that are there twice.")
    private boolean covered;

    @Option(
            names = "--per-consumer",
            description =
                    "With --overlaps, --covered: compare only patterns of the same NAME; a covered one then adds nothing.")
    private boolean perConsumer;

    @Option(names = "--format", paramLabel = "text|json", description = "Default: text. json: an object a line.")
    private Format format = Format.text;

    @Option(
            names = "--max-subject-bytes",
            paramLabel = "N",
            description = "Longest subject and pattern. Default: 4096.")
    private int maxSubjectBytes = SubjectRules.DEFAULT_MAX_BYTES;

    private boolean malformed;

    MatchCommand(final Streams streams) {
        this.streams = streams;
    }

    /** What is to be said of a pair; {@code reason} is null where both are valid, {@code mismatch} unless asked for. */
    private record Answer(
            boolean patternValid,
            boolean subjectValid,
            boolean matches,
            @Nullable String reason,
            @Nullable String mismatch) {}

    @Override
    public Integer call() throws IOException {
        if (maxSubjectBytes < 1) {
            throw usage("--max-subject-bytes " + maxSubjectBytes + " is not above 0");
        }
        if (patterns != null) {
            return answerList(patterns);
        }
        if (overlaps || covered || perConsumer) {
            throw usage("--overlaps, --covered and --per-consumer need a list: --patterns FILE");
        }
        if (json) {
            if (pattern != null) {
                throw usage("give either --json or a pattern and a subject");
            }
            return answerLines();
        }
        if (pattern == null || subject == null) {
            throw usage("give a pattern and a subject, or --json, or --patterns FILE");
        }
        return answerPair(pattern.getBytes(StandardCharsets.UTF_8), subject.getBytes(StandardCharsets.UTF_8));
    }

    private static CommandFailure usage(final String message) {
        return new CommandFailure(ExitStatus.USAGE, message);
    }

    private void checkUseOfList() {
        if (json) {
            throw usage("--json reads pairs: with --patterns write --format json");
        }
        if (subject != null) {
            throw usage("the one argument beside --patterns is the subject; give no pattern as well");
        }
        if (overlaps || covered) {
            if (pattern != null || explain) {
                throw usage("--overlaps and --covered look at the list alone: give no subject and no --explain");
            }
        } else if (pattern == null || perConsumer) {
            throw usage(
                    perConsumer
                            ? "--per-consumer goes with --overlaps or --covered"
                            : "--patterns needs a subject, --overlaps or --covered");
        }
    }

    private int answerList(final String file) throws IOException {
        checkUseOfList();
        final byte[] bytes = pattern == null ? null : pattern.getBytes(StandardCharsets.UTF_8);
        final String problem = bytes == null ? null : SubjectRules.problemOfSubject(bytes, maxSubjectBytes);
        if (problem != null) {
            throw new CommandFailure(ExitStatus.FOUND, "invalid subject: " + problem);
        }
        final MatchPatterns list = new MatchPatterns(streams, format, maxSubjectBytes);
        final InputStream in = streams.openInput("--patterns", file.equals("-") ? null : new File(file));
        try {
            return bytes == null ? list.lint(in, overlaps, covered, perConsumer) : list.match(in, bytes, explain);
        } finally {
            if (in != streams.in()) {
                in.close();
            }
        }
    }

    private int answerPair(final byte[] patternBytes, final byte[] subjectBytes) {
        final Answer answer = answer(
                patternBytes,
                SubjectRules.problemOfPattern(patternBytes, maxSubjectBytes),
                subjectBytes,
                SubjectRules.problemOfSubject(subjectBytes, maxSubjectBytes));
        final LineOutput out = new LineOutput(streams.out());
        if (format == Format.json) {
            write(out, answer);
        } else {
            final String mismatch = answer.mismatch() == null ? "" : answer.mismatch() + "\n";
            final byte[] text =
                    ((answer.matches() ? "matches\n" : "does not match\n") + mismatch).getBytes(StandardCharsets.UTF_8);
            out.write(text, text.length);
            if (answer.reason() != null) {
                streams.err().println("ringline: " + Json.printable(answer.reason(), 500));
            }
        }
        out.flush();
        return answer.matches() ? ExitStatus.OK : ExitStatus.FOUND;
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
        final String mismatch =
                explain && reason == null && !matches ? Mismatch.explain(patternBytes, subjectBytes) : null;
        return new Answer(patternProblem == null, subjectProblem == null, matches, reason, mismatch);
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
        lines.onInput(streams.in(), () -> {
            if (streams.in().available() == 0) {
                out.flush(); // somebody may be waiting for this answer before the next question
            }
            return !out.isClosed();
        });
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
        return new Answer(false, false, false, reason, null);
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
        if (answer.mismatch() != null) {
            line.raw(',').string("explain").raw(':').string(answer.mismatch());
        }
        line.raw('}').raw('\n');
        out.write(line);
    }
}
