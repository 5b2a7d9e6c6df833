package io.ringline.bench.soak;

import static io.ringline.bench.soak.SoakCheck.same;

import io.ringline.bench.soak.Letters.Letter;
import io.ringline.router.DrainReport;
import io.ringline.router.OverflowPolicy;
import io.ringline.router.consumer.OnDeadLetter;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.record.DeadLetterReason;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of the events of one consumer, by its handler's calls and its dead letters; and what it says of itself. */
final class ConsumerCheck {
    private final SoakHandler handler;
    private final ConsumerPlan plan;
    private final List<Letter> letters;
    private final DrainReport.Consumer told;
    private final Map<Integer, Call> lastCalls = new HashMap<>();
    private final Map<Integer, Letter> letterOf = new HashMap<>();
    private final Set<Item> items = new HashSet<>();
    /** By aggregate: the first event that the handler gave up, where its aggregates are held for good. */
    private final Map<Integer, Long> heldFrom = new HashMap<>();

    ConsumerCheck(final SoakHandler handler, final List<Letter> letters, final DrainReport.Consumer told) {
        this.handler = handler;
        this.plan = handler.plan;
        this.letters = letters;
        this.told = told;
    }

    /** All that it has got. */
    Set<Item> items() {
        return items;
    }

    /** Checks. @return how many events were handed out and are not finished. */
    long check() {
        for (final Call call : handler.calls) {
            lastCalls.put(call.item.id(), call);
            items.add(call.item);
        }
        final Map<Integer, Long> lastLetter = new HashMap<>();
        for (final Letter letter : letters) {
            final Call call = lastCalls.get(letter.id());
            if (letterOf.put(letter.id(), letter) != null) {
                throw wrong("two dead letters", letter, call);
            }
            final Item item = handler.item(letter.id());
            items.add(item);
            if (letter.reason() != DeadLetterReason.OVERFLOW) {
                final Long before = lastLetter.put(item.aggregate().index(), letter.globalSequence());
                if (before != null && before > letter.globalSequence()) {
                    throw wrong("its aggregate's dead letters are not in order, after @" + before, letter, call);
                }
            }
            checkLetter(letter, call);
        }
        checkHolds();
        checkFigures();
        return items.size() - told.delivered() - letters.size();
    }

    private void checkLetter(final Letter letter, final @Nullable Call call) {
        final int calls = call == null ? 0 : call.attempt;
        final int tries = plan.maxRetries + 1;
        final Outcome outcome = call == null ? null : call.outcome();
        switch (letter.reason()) {
            case RETRIES_EXHAUSTED -> {
                must(outcome == Outcome.RETRY, "its last call was no failure", letter, call);
                // What is told while a breaker is open uses up no try.
                must(plan.breaks ? calls >= tries : calls == tries, "not all tries were made", letter, call);
                must(calls == letter.attempts(), "wrong tries", letter, call);
                checkTexts(letter, call);
                noteHold(letter);
            }
            case REJECTED -> {
                must(outcome == Outcome.REJECT, "its last call was no REJECT", letter, call);
                must(calls == letter.attempts(), "wrong tries", letter, call);
                checkTexts(letter, call);
                noteHold(letter);
            }
            case AGGREGATE_HELD -> {
                must(plan.onDeadLetter == OnDeadLetter.HOLD_AGGREGATE, "nothing is held", letter, call);
                must(calls == 0 && letter.attempts() == 0, "it was handed out", letter, call);
                final boolean early = !plan.releases
                        && heldFrom.getOrDefault(aggregate(letter), Long.MAX_VALUE) > letter.globalSequence();
                must(!early, "its aggregate was not held", letter, call);
            }
            case OVERFLOW -> {
                must(plan.mayUse(OverflowPolicy.DEAD_LETTER), "not its policy", letter, call);
                must(calls == 0 && letter.attempts() == 0, "it was handed out", letter, call);
            }
            default -> throw wrong("no reason for a consumer's", letter, call);
        }
    }

    private int aggregate(final Letter letter) {
        return handler.item(letter.id()).aggregate().index();
    }

    private void noteHold(final Letter letter) {
        if (plan.onDeadLetter == OnDeadLetter.HOLD_AGGREGATE && !plan.releases) {
            must(
                    heldFrom.put(aggregate(letter), letter.globalSequence()) == null,
                    "its aggregate was held",
                    letter,
                    lastCalls.get(letter.id()));
        }
    }

    private void checkTexts(final Letter letter, final @Nullable Call call) {
        must(!letter.error().isEmpty(), "no error", letter, call);
        must(letter.attempts() < 2 || !letter.firstError().isEmpty(), "no first error", letter, call);
    }

    private void checkHolds() {
        for (final Call call : lastCalls.values()) {
            final Long from = heldFrom.get(call.item.aggregate().index());
            if (from != null && call.globalSequence > from) {
                throw new AssertionError(
                        plan.name + ": " + call + " though its aggregate is held from @" + from + " on");
            }
        }
    }

    private void checkFigures() {
        long acknowledged = 0;
        for (final Call call : lastCalls.values()) {
            if (call.isAcknowledged()) {
                acknowledged++;
                final Letter letter = letterOf.get(call.item.id());
                if (letter != null) {
                    throw wrong("it was acknowledged", letter, call);
                }
            }
        }
        // What was acknowledged later takes effect at a poll that a consumer that was cut short may not have had.
        final long unsure = told.pending() == 0
                ? 0
                : lastCalls.values().stream()
                        .filter(call -> call.answer == Answer.DEFER && call.isAcknowledged())
                        .count();
        if (told.delivered() > acknowledged || told.delivered() < acknowledged - unsure) {
            throw new AssertionError(
                    plan.name + " says it has delivered " + told.delivered() + ", the model " + acknowledged);
        }
        same(plan.name + ", dead letters", told.deadLettered(), letters.size());
        same(plan.name + ", retried", handler.consumer.retried(), handler.calls.size() - lastCalls.size());
        must(told.dropped() == 0 || plan.mayUse(OverflowPolicy.DROP_NEWEST), "events were dropped");
        must(handler.consumer.timesDetached() == 0 || plan.mayUse(OverflowPolicy.REPLAY), "it has left the live path");
        must(handler.consumer.replayFailure() == null, "it could not read the journal");
    }

    private void must(final boolean condition, final String what) {
        if (!condition) {
            throw new AssertionError(plan.name + ": " + what);
        }
    }

    private void must(final boolean condition, final String what, final Letter letter, final @Nullable Call call) {
        if (!condition) {
            throw wrong(what, letter, call);
        }
    }

    private AssertionError wrong(final String what, final Letter letter, final @Nullable Call call) {
        return new AssertionError(
                plan.name + ": " + what + ": " + letter + " of " + handler.item(letter.id()) + "; last call: " + call);
    }
}
