package io.ringline.bench.soak;

import io.ringline.bench.soak.Letters.Letter;
import io.ringline.bench.soak.SoakPlan.Unit;
import io.ringline.router.DrainReport;
import io.ringline.router.RouterStatistics;
import io.ringline.router.journal.JournalReader;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.router.record.EventRecord;
import io.ringline.router.record.RecordType;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The model's word on a round: from what publishers were told and what the dead letters say it knows which events were
 * released, and that each of them must be found, for each that it matches, at exactly one place.
 */
final class SoakCheck {
    private static final Set<DeadLetterReason> REFUSALS = EnumSet.of(
            DeadLetterReason.LATE,
            DeadLetterReason.GAP_TOO_WIDE,
            DeadLetterReason.CONFLICT,
            DeadLetterReason.TOO_MANY_AGGREGATES);

    private final SoakRound round;
    private final SoakPlan plan;
    private final DrainReport report;
    private final RouterStatistics statistics;
    private final List<Letter> letters;
    private final Set<Item> released = new HashSet<>();
    /** What stands under each number, by all that was seen. */
    private final TreeMap<Long, Item> numbered = new TreeMap<>();

    SoakCheck(final SoakRound round, final DrainReport report, final RouterStatistics statistics) {
        this.round = round;
        this.plan = round.plan;
        this.report = report;
        this.statistics = statistics;
        this.letters = round.letters.all();
    }

    void check() {
        checkAccepted();
        checkRest();
        same("dead letters", report.deadLettered(), letters.size());
        for (final Letter letter : letters) {
            if (letter.globalSequence() > 0) {
                number(letter.globalSequence(), round.input.items.get(letter.id()), "dead letter " + letter);
            }
        }
        for (final SoakHandler handler : round.handlers) {
            handler.calls.forEach(call -> number(call.globalSequence, call.item, handler.plan.name + ": " + call));
        }
        checkJournal();
        checkOrder();
        long unmatched = released.size();
        final Set<Item> matched = new HashSet<>();
        for (final Unit unit : plan.units) {
            final Set<Item> own = new HashSet<>(released);
            own.removeIf(item -> unit.patterns().stream().noneMatch(each -> matches(each, item.subject())));
            matched.addAll(own);
            new UnitCheck(unit, own, round.handlers, letters, report).check();
        }
        unmatched -= matched.size();
        same("events that match nobody", statistics.noMatch(), unmatched);
        same(
                "dead letters for want of a match",
                count(DeadLetterReason.NO_MATCH),
                plan.letterForNoMatch ? unmatched : 0);
    }

    /** Each item was accepted as often as publishers were told; once at most it is released, the rest is accounted for. */
    private void checkAccepted() {
        final Map<Integer, Integer> times = new HashMap<>();
        long accepted = 0;
        for (final SoakPublisher publisher : round.publishers) {
            publisher.accepted.forEach(id -> times.merge(id, 1, Integer::sum));
            accepted += publisher.accepted.size();
        }
        final Map<Integer, Integer> refused = new HashMap<>();
        for (final Letter letter : letters) {
            if (letter.consumer().isEmpty() && REFUSALS.contains(letter.reason())) {
                refused.merge(letter.id(), 1, Integer::sum);
            }
        }
        long duplicates = 0;
        for (final Map.Entry<Integer, Integer> each : times.entrySet()) {
            final int left = each.getValue() - refused.getOrDefault(each.getKey(), 0);
            if (left < 0) {
                throw new AssertionError(
                        round.input.items.get(each.getKey()) + " was refused more often than published");
            }
            if (left > 0) {
                released.add(round.input.items.get(each.getKey()));
                duplicates += left - 1;
            }
        }
        same("accepted", report.accepted(), accepted);
        same("duplicates", report.duplicates(), duplicates);
        same(
                "refused",
                report.refused(),
                refused.values().stream().mapToLong(Integer::intValue).sum());
        same("released", report.released(), released.size());
    }

    /** What came into the ring beside events, and what is left there. */
    private void checkRest() {
        same("in the ring", report.inRing(), 0);
        same("held", report.held(), 0);
        same("aborted", statistics.aborted(), sum(each -> each.aborted));
        same("abandoned", statistics.abandoned(), sum(each -> each.abandoned));
        same("malformed", statistics.malformed(), sum(each -> each.malformed));
        same("dead letters of what is no event", count(DeadLetterReason.MALFORMED), statistics.malformed());
    }

    private long count(final DeadLetterReason reason) {
        return letters.stream().filter(letter -> letter.reason() == reason).count();
    }

    private long sum(final ToLongFunction<SoakPublisher> of) {
        return round.publishers.stream().mapToLong(of).sum();
    }

    private void number(final long globalSequence, final Item item, final String where) {
        final Item other = numbered.putIfAbsent(globalSequence, item);
        if (other != null && !other.equals(item)) {
            throw new AssertionError(where + " has the number of " + other);
        }
        if (globalSequence < 1 || globalSequence > report.released()) {
            throw new AssertionError(where + " has a number outside 1 to " + report.released());
        }
        if (!released.contains(item)) {
            throw new AssertionError(where + " was not released");
        }
    }

    private void checkJournal() {
        same("journaled", report.journaled(), plan.journal ? released.size() : 0);
        if (!plan.journal) {
            return;
        }
        try (JournalReader reader = JournalReader.open(round.journalDir.toFile())) {
            final EventRecord record = new EventRecord();
            long last = 0;
            while (reader.next(record)) {
                if (record.type() == RecordType.EVENT) {
                    same("the journal's next number", record.globalSequence(), ++last);
                    final Item item = round.input.items.get(Item.id(record.buffer(), record.payloadOffset()));
                    number(last, item, "the journal: " + item);
                    final String difference = item.difference(record);
                    if (difference != null) {
                        throw new AssertionError("the journal has " + item + " with " + difference);
                    }
                }
            }
            same("events in the journal", last, released.size());
        }
    }

    /** In the order of their numbers, an aggregate's events are in its own order, and as their publisher sent them. */
    private void checkOrder() {
        if (numbered.values().stream().distinct().count() != numbered.size()) {
            throw new AssertionError("an item stands under two numbers");
        }
        final Map<Integer, Item> lastOf = new HashMap<>();
        final Map<Long, Integer> lastAt = new HashMap<>();
        final int[][] places = places();
        numbered.forEach((globalSequence, item) -> {
            final Item before = lastOf.put(item.aggregate().index(), item);
            final boolean numbers = plan.knowsDuplicates() && before != null;
            if (numbers && (item.sequence() < before.sequence() || item.sourceSequence() < before.sourceSequence())) {
                throw new AssertionError(item + " @" + globalSequence + " is released after " + before);
            }
            if (item.sequence() == 0 && item.sourceSequence() == 0) {
                final int[] place = places[item.id()];
                final Integer earlier = lastAt.put(((long) item.aggregate().index() << 32) + place[0], place[1]);
                if (earlier != null && earlier > place[1]) {
                    throw new AssertionError(item + " @" + globalSequence + " was published earlier than released");
                }
            }
        });
    }

    private int[][] places() {
        final int[][] places = new int[round.input.items.size()][2];
        for (int publisher = 0; publisher < round.input.queues.size(); publisher++) {
            final List<Integer> queue = round.input.queues.get(publisher);
            for (int at = 0; at < queue.size(); at++) {
                places[queue.get(at)] = new int[] {publisher, at};
            }
        }
        return places;
    }

    /** A pattern and a subject, token by token, as NATS says. */
    static boolean matches(final String pattern, final String subject) {
        final String[] wanted = pattern.split("\\.", -1);
        final String[] found = subject.split("\\.", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (i >= found.length) {
                return false;
            }
            if (wanted[i].equals(">")) {
                return true;
            }
            if (!wanted[i].equals("*") && !wanted[i].equals(found[i])) {
                return false;
            }
        }
        return wanted.length == found.length;
    }

    static void same(final String what, final long found, final long wanted) {
        if (found != wanted) {
            throw new AssertionError(what + ": the router has " + found + ", the model " + wanted);
        }
    }
}
