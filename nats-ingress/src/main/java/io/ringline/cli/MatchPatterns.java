package io.ringline.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** {@code ringline match --patterns}: which patterns of a list match a subject, or what is wrong with the list itself. */
final class MatchPatterns {
    private final Streams streams;
    private final LineOutput out;
    private final Format format;
    private final int maxSubjectBytes;
    private final JsonBytes line = new JsonBytes();
    private long listed;
    private long invalid;

    MatchPatterns(final Streams streams, final Format format, final int maxSubjectBytes) {
        this.streams = streams;
        this.out = new LineOutput(streams.out());
        this.format = format;
        this.maxSubjectBytes = maxSubjectBytes;
    }

    /** What is done with a pattern as it is read. */
    private interface Check {
        void onPattern(ListedPattern pattern);
    }

    /**
     * Lists the patterns that match a subject; they are not kept, so there may be any number of them.
     *
     * @param subject a valid one.
     * @param explain lists those that do not match, too, each with the reason.
     * @return the exit status: whether any matches, and all are valid.
     */
    int match(final InputStream in, final byte[] subject, final boolean explain) throws IOException {
        final UnsafeBuffer buffer = new UnsafeBuffer(subject);
        read(in, pattern -> {
            final boolean matches = pattern.pattern().matches(buffer, 0, subject.length);
            if (matches) {
                listed++;
            }
            if (matches || explain) {
                write(
                        pattern,
                        explain,
                        matches ? null : Mismatch.explain(pattern.pattern().bytes(), subject));
            }
        });
        return listed > 0 && invalid == 0 ? ExitStatus.OK : ExitStatus.FOUND;
    }

    /**
     * Lists pairs that overlap, as their second one is read, and then patterns that another one covers.
     *
     * @param perConsumer compares patterns of the same name only; those without one have that in common.
     * @return the exit status: whether there are none, and all are valid.
     */
    int lint(final InputStream in, final boolean overlaps, final boolean covered, final boolean perConsumer)
            throws IOException {
        final Map<String, PatternTree> trees = new HashMap<>();
        final List<ListedPattern> all = new ArrayList<>();
        read(in, pattern -> {
            final PatternTree tree = trees.computeIfAbsent(group(pattern, perConsumer), key -> new PatternTree());
            if (overlaps) {
                tree.overlapping(pattern.pattern()).forEach(other -> write(other, "overlaps", "overlaps", pattern));
            }
            if (covered) {
                all.add(pattern);
            }
            tree.add(pattern);
        });
        for (int i = 0; i < all.size() && !out.isClosed(); i++) {
            final ListedPattern pattern = all.get(i);
            final PatternTree tree = trees.get(group(pattern, perConsumer));
            final ListedPattern other = tree == null ? null : tree.firstThatCovers(pattern);
            if (other != null) {
                final boolean same = other.pattern().equals(pattern.pattern());
                write(pattern, same ? "is the same as" : "is covered by", same ? "sameAs" : "coveredBy", other);
            }
        }
        out.flush();
        return listed == 0 && invalid == 0 ? ExitStatus.OK : ExitStatus.FOUND;
    }

    /** What a pattern is compared within; no name is empty. */
    private static String group(final ListedPattern pattern, final boolean perConsumer) {
        return perConsumer && pattern.name() != null ? pattern.name() : "";
    }

    private void read(final InputStream in, final Check check) throws IOException {
        new PatternFile(maxSubjectBytes, new PatternFile.Handler() {
                    @Override
                    public void onPattern(final ListedPattern pattern) {
                        check.onPattern(pattern);
                    }

                    @Override
                    public void onInvalid(final long number, final String text, final String reason) {
                        writeInvalid(number, text, reason);
                    }

                    @Override
                    public boolean readOn() {
                        return !out.isClosed();
                    }
                })
                .read(in);
        out.flush();
    }

    private void write(final ListedPattern pattern, final boolean explain, final @Nullable String mismatch) {
        if (format == Format.text) {
            final String verdict = mismatch == null ? ": matches" : ": does not match: " + mismatch;
            writeText(pattern.shown() + (explain ? verdict : ""));
            return;
        }
        line.clear().raw('{');
        pattern.json(line);
        line.raw(',').string("matches").raw(':').raw(ascii(String.valueOf(mismatch == null)));
        if (mismatch != null) {
            line.raw(',').string("explain").raw(':').string(mismatch);
        }
        out.write(line.raw('}').raw('\n'));
    }

    private void write(final ListedPattern one, final String relation, final String field, final ListedPattern other) {
        listed++;
        if (format == Format.text) {
            writeText(one.shown() + " " + relation + " " + other.shown());
            return;
        }
        line.clear().raw('{');
        one.json(line);
        line.raw(',').string(field).raw(':').raw('{');
        other.json(line);
        out.write(line.raw('}').raw('}').raw('\n'));
    }

    private void writeInvalid(final long number, final String text, final String reason) {
        invalid++;
        if (format == Format.text) {
            streams.err()
                    .println("ringline: line " + number + ": '" + Json.printable(text, 200) + "': "
                            + Json.printable(reason, 300));
            return;
        }
        line.clear().raw('{').string("line").raw(':').number(number);
        line.raw(',').string("pattern").raw(':').string(text);
        line.raw(',').string("reason").raw(':').string(reason);
        out.write(line.raw('}').raw('\n'));
    }

    private void writeText(final String text) {
        final byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, bytes.length);
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
