package io.ringline.cli;

import io.ringline.router.journal.JournalDamagedException;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.record.Event;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/** Walks two journals side by side. Not thread-safe. */
final class JournalDiff {
    private final boolean ignoreTimes;
    private final ProgressBar bar;
    private final List<String> damage = new ArrayList<>();
    private final EventJson json = new EventJson();
    private long same;
    private long changed;
    private long onlyInA;
    private long onlyInB;
    private @Nullable Difference first;

    /** The first difference; a side is null where it does not have the record. */
    private record Difference(
            long globalSequence,
            String what,
            @Nullable String a,
            @Nullable String b) {}

    JournalDiff(final boolean ignoreTimes, final ProgressBar bar) {
        this.ignoreTimes = ignoreTimes;
        this.bar = bar;
    }

    /** One of the two while it is read. */
    private final class Side {
        private final String name;
        private final JournalReader reader;
        private final EventRecord record = new EventRecord();
        private boolean isDamaged;
        private boolean isThere;

        Side(final String name, final JournalReader reader) {
            this.name = name;
            this.reader = reader;
        }

        void next() {
            try {
                isThere = reader.next(record);
            } catch (final JournalDamagedException damaged) {
                isThere = false;
                isDamaged = true;
                damage.add(name + " is " + damaged.getMessage());
            }
        }

        String shown() {
            final JsonBytes line = new JsonBytes();
            Journals.line(line, json, record, Format.json);
            return line.toString();
        }
    }

    void compare(final File dirA, final File dirB) {
        try (JournalReader readerA = JournalReader.open(dirA);
                JournalReader readerB = JournalReader.open(dirB)) {
            final Side a = new Side("A", readerA);
            final Side b = new Side("B", readerB);
            a.next();
            b.next();
            if (a.isThere) {
                Journals.total(dirA, a.record.globalSequence(), bar);
            }
            // Nothing can be said of what stands beyond damage in the other one.
            while ((a.isThere || b.isThere) && !a.isDamaged && !b.isDamaged) {
                step(a, b);
                bar.at(same + changed + onlyInA);
            }
        }
    }

    private void step(final Side a, final Side b) {
        final int order = !a.isThere ? 1 : !b.isThere ? -1 : order(a.record, b.record);
        if (order < 0) {
            onlyInA++;
            found(a, "only in A", a, null);
            a.next();
        } else if (order > 0) {
            onlyInB++;
            found(b, "only in B", null, b);
            b.next();
        } else {
            final List<String> fields = differing(a.record, b.record);
            if (fields.isEmpty()) {
                same++;
            } else {
                changed++;
                found(a, "differs in " + String.join(", ", fields), a, b);
            }
            a.next();
            b.next();
        }
    }

    /** A gap stands before the event with its number. */
    private static int order(final Event a, final Event b) {
        final int order = Long.compare(a.globalSequence(), b.globalSequence());
        return order != 0 ? order : Boolean.compare(a.type() != RecordType.GAP, b.type() != RecordType.GAP);
    }

    private void found(final Side at, final String what, final @Nullable Side a, final @Nullable Side b) {
        if (first == null) {
            first = new Difference(
                    at.record.globalSequence(), what, a == null ? null : a.shown(), b == null ? null : b.shown());
        }
    }

    private List<String> differing(final EventRecord a, final EventRecord b) {
        final List<String> fields = new ArrayList<>();
        note(fields, "flags", a.flags() == b.flags());
        note(fields, "gap", a.gap() == b.gap());
        note(
                fields,
                "aggregate",
                a.aggregateId() == b.aggregateId()
                        && isSame(
                                a,
                                a.aggregateOffset(),
                                a.aggregateLength(),
                                b,
                                b.aggregateOffset(),
                                b.aggregateLength()));
        note(fields, "aggregateSequence", a.aggregateSequence() == b.aggregateSequence());
        note(fields, "sourceSequence", a.sourceSequence() == b.sourceSequence());
        note(fields, "time", ignoreTimes || a.ingressNanos() == b.ingressNanos());
        note(
                fields,
                "subject",
                isSame(a, a.subjectOffset(), a.subjectLength(), b, b.subjectOffset(), b.subjectLength()));
        note(
                fields,
                "headers",
                isSame(a, a.headersOffset(), a.headersLength(), b, b.headersOffset(), b.headersLength()));
        note(
                fields,
                "payload",
                isSame(a, a.payloadOffset(), a.payloadLength(), b, b.payloadOffset(), b.payloadLength()));
        return fields;
    }

    private static void note(final List<String> fields, final String name, final boolean isSame) {
        if (!isSame) {
            fields.add(name);
        }
    }

    private static boolean isSame(
            final Event a, final int atA, final int lengthA, final Event b, final int atB, final int lengthB) {
        if (lengthA != lengthB) {
            return false;
        }
        final DirectBuffer memoryA = a.buffer();
        final DirectBuffer memoryB = b.buffer();
        for (int i = 0; i < lengthA; i++) {
            if (memoryA.getByte(atA + i) != memoryB.getByte(atB + i)) {
                return false;
            }
        }
        return true;
    }

    boolean isSame() {
        return changed == 0 && onlyInA == 0 && onlyInB == 0;
    }

    List<String> damage() {
        return damage;
    }

    JsonBytes text() {
        return JsonBytes.printed(out -> {
            out.printf("%-20s %12d%n", "same", same);
            out.printf("%-20s %12d%n", "changed", changed);
            out.printf("%-20s %12d%n", "only in A", onlyInA);
            out.printf("%-20s %12d%n", "only in B", onlyInB);
            final Difference difference = first;
            if (difference != null) {
                out.printf(
                        "%nfirst difference at globalSequence %d: %s%n",
                        difference.globalSequence(), difference.what());
                side(out, "A", difference.a());
                side(out, "B", difference.b());
            }
        });
    }

    private static void side(final PrintStream out, final String name, final @Nullable String shown) {
        if (shown != null) {
            out.println("  " + name + "  " + Json.printable(shown, 4_000));
        }
    }

    JsonBytes json() {
        final JsonBytes to = new JsonBytes().raw('{').string("same").raw(':').number(same);
        to.raw(',').string("changed").raw(':').number(changed);
        to.raw(',').string("onlyInA").raw(':').number(onlyInA);
        to.raw(',').string("onlyInB").raw(':').number(onlyInB);
        final Difference difference = first;
        if (difference != null) {
            to.raw(',').string("first").raw(':').raw('{');
            to.string("globalSequence").raw(':').number(difference.globalSequence());
            to.raw(',').string("what").raw(':').string(difference.what());
            side(to, "a", difference.a());
            side(to, "b", difference.b());
            to.raw('}');
        }
        return to.raw('}').raw('\n');
    }

    private static void side(final JsonBytes to, final String name, final @Nullable String shown) {
        if (shown != null) {
            to.raw(',').string(name).raw(':').raw(shown.getBytes(StandardCharsets.UTF_8));
        }
    }
}
