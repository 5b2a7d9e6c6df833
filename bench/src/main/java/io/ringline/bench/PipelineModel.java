package io.ringline.bench;

import io.ringline.bench.PipelineInput.Published;
import io.ringline.router.consumer.Outcome;
import io.ringline.router.record.DeadLetterReason;
import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline as a naive model: maps of maps, written to be obviously right and not to be fast. One line of text for each
 * call of a handler and for each dead letter, and totals by name.
 */
final class PipelineModel {
    /** Lines by the name of whom they are about: a consumer's calls, or its dead letters; the pipeline's own under "". */
    final Map<String, List<String>> calls = new TreeMap<>();

    final Map<String, List<String>> letters = new TreeMap<>();
    final Map<String, Long> totals = new TreeMap<>();

    private final PipelineInput input;
    private final Map<String, Aggregate> aggregates = new HashMap<>();
    private long arrivals;
    private long global;
    private long pendingGap;
    private long heldNow;

    private record Held(Published event, long number, long arrivalOrder, long arrivedAt) {}

    private static final class Aggregate {
        private long next = 1;
        private long highestSeen;
        private final TreeMap<Long, Held> held = new TreeMap<>();
        private final Set<Long> givenUp = new HashSet<>();
    }

    PipelineModel(final PipelineInput input) {
        this.input = input;
    }

    void publish(final Published event, final long now) {
        if (event.malformed()) {
            count("malformed", 1);
            letter(DeadLetterReason.MALFORMED, "", 0, "", 0, event.payload());
            return;
        }
        count("accepted", 1);
        final Aggregate aggregate = aggregates.computeIfAbsent(event.key(), key -> new Aggregate());
        final long number = input.tracks ? number(aggregate, event.sequence()) : event.sequence();
        if (input.ordering == Ordering.NONE || !input.tracks) {
            release(event, number);
        } else {
            order(aggregate, event, number, now);
            while (heldNow >= input.maxHeld) {
                giveUpOldest("forcedByPressure");
            }
        }
    }

    /** One more than the highest number taken; where there is no order, one far ahead of that does not count. */
    private long number(final Aggregate aggregate, final long given) {
        if (input.ordering != Ordering.NONE) {
            final long following = aggregate.held.isEmpty() ? aggregate.next : aggregate.held.lastKey() + 1;
            return given == 0 ? following : given;
        }
        final long ahead = given - aggregate.highestSeen;
        if (given == 0 || ahead > 0 && ahead <= input.maxGap + 1L) {
            aggregate.highestSeen = given == 0 ? aggregate.highestSeen + 1 : given;
        }
        return given == 0 ? aggregate.highestSeen : given;
    }

    private void order(final Aggregate aggregate, final Published event, final long number, final long now) {
        if (number < aggregate.next) {
            final boolean late = aggregate.givenUp.contains(number);
            count(late ? "late" : "duplicates", 1);
            if (late) {
                refuse(DeadLetterReason.LATE, event, number);
            }
        } else if (aggregate.held.containsKey(number)) {
            final Published other = aggregate.held.get(number).event;
            final boolean same =
                    other.payload().equals(event.payload()) && other.subject().equals(event.subject());
            count(same ? "duplicates" : "conflicts", 1);
            if (!same) {
                refuse(DeadLetterReason.CONFLICT, event, number);
            }
        } else if (number - aggregate.next > input.maxGap && !comesIntoReach(aggregate, number)) {
            count("tooWide", 1);
            refuse(DeadLetterReason.GAP_TOO_WIDE, event, number);
        } else {
            take(aggregate, event, number, now);
        }
    }

    private boolean comesIntoReach(final Aggregate aggregate, final long number) {
        if (input.onGapTooWide == OnGapTooWide.DEAD_LETTER) {
            return false;
        }
        long reach = aggregate.next;
        for (final long held : aggregate.held.keySet()) {
            if (number - reach <= input.maxGap && held != reach) {
                break;
            }
            reach = held + 1;
        }
        if (number - reach > input.maxGap) {
            return false;
        }
        while (number - aggregate.next > input.maxGap) {
            giveUpFirstGap(aggregate, Long.MAX_VALUE, "forcedByGap");
        }
        return true;
    }

    private void take(final Aggregate aggregate, final Published event, final long number, final long now) {
        while (number > aggregate.next && aggregate.held.size() >= input.maxBuffer) {
            giveUpFirstGap(aggregate, number, "forcedByPressure");
        }
        if (number == aggregate.next) {
            aggregate.next++;
            release(event, number);
            drain(aggregate);
        } else {
            aggregate.held.put(number, new Held(event, number, arrivals++, now));
            heldNow++;
            totals.merge("heldMax", heldNow, Math::max);
        }
    }

    private void giveUpFirstGap(final Aggregate aggregate, final long incoming, final String why) {
        final long until = aggregate.held.isEmpty() ? incoming : Math.min(incoming, aggregate.held.firstKey());
        pendingGap = until - aggregate.next;
        count("gaps", 1);
        count(why, 1);
        count("missing", pendingGap);
        while (aggregate.next < until) {
            aggregate.givenUp.add(aggregate.next++);
        }
        drain(aggregate);
    }

    private void drain(final Aggregate aggregate) {
        while (aggregate.held.containsKey(aggregate.next)) {
            final Held held = aggregate.held.remove(aggregate.next);
            heldNow--;
            aggregate.next++;
            count("reordered", 1);
            release(held.event, held.number);
        }
    }

    private void release(final Published event, final long number) {
        count("released", 1);
        global++;
        boolean anybody = false;
        final byte[] subject = event.subject().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < input.consumers.size(); i++) {
            if (input.consumers.get(i).stream().anyMatch(pattern -> pattern.matches(subject))) {
                anybody = true;
                deliver(i, event, number);
            }
        }
        if (!anybody) {
            count("noMatch", 1);
            if (input.letterForNoMatch) {
                refuse(DeadLetterReason.NO_MATCH, event, number);
            }
        }
        pendingGap = 0;
    }

    private void deliver(final int consumer, final Published event, final long number) {
        final String name = "c" + consumer;
        for (int attempt = 1; ; attempt++) {
            add(calls, name, call(event.subject(), event.key(), number, global, pendingGap, event.payload(), attempt));
            count(name + " retried", attempt > 1 ? 1 : 0);
            final Outcome answer = HandlerAnswers.of(input.seed, consumer, global, attempt);
            if (answer == Outcome.ACK) {
                count(name + " delivered", 1);
                return;
            }
            if (answer == Outcome.REJECT || attempt > input.maxRetries) {
                final boolean rejected = answer == Outcome.REJECT;
                final DeadLetterReason why = rejected ? DeadLetterReason.REJECTED : DeadLetterReason.RETRIES_EXHAUSTED;
                count(name + " deadLettered", 1);
                letter(why, name, attempt, event.subject(), number, event.payload());
                return;
            }
        }
    }

    static String call(
            final String subject,
            final String aggregate,
            final long number,
            final long globalSequence,
            final long gap,
            final String payload,
            final int attempt) {
        return "@" + globalSequence + " " + subject + " of " + aggregate + " " + number + ", gap " + gap + ", try "
                + attempt + ": " + payload;
    }

    static String letter(
            final DeadLetterReason why,
            final int attempts,
            final String subject,
            final long number,
            final String payload) {
        return why + " after " + attempts + " " + subject + " " + number + ": " + payload;
    }

    private void refuse(final DeadLetterReason why, final Published event, final long number) {
        letter(why, "", 0, event.subject(), number, event.payload());
    }

    private void letter(
            final DeadLetterReason why,
            final String consumer,
            final int attempts,
            final String subject,
            final long number,
            final String payload) {
        count("letters " + why, 1);
        add(letters, consumer, letter(why, attempts, subject, number, payload));
    }

    /** Time passes; {@code Long.MAX_VALUE} for the end of the input. */
    void expire(final long now) {
        Held oldest = oldest();
        while (oldest != null && oldest.arrivedAt <= now - input.timeoutNs) {
            giveUpOldest("forcedByTimeout");
            oldest = oldest();
        }
    }

    private void giveUpOldest(final String why) {
        final Held oldest = oldest();
        final Aggregate waiting = oldest == null ? null : aggregates.get(oldest.event.key());
        if (waiting != null) {
            giveUpFirstGap(waiting, Long.MAX_VALUE, why);
        }
    }

    private @Nullable Held oldest() {
        Held oldest = null;
        for (final Aggregate aggregate : aggregates.values()) {
            for (final Held held : aggregate.held.values()) {
                if (oldest == null || held.arrivalOrder < oldest.arrivalOrder) {
                    oldest = held;
                }
            }
        }
        return oldest;
    }

    static void add(final Map<String, List<String>> lines, final String name, final String line) {
        lines.computeIfAbsent(name, key -> new ArrayList<>()).add(line);
    }

    private void count(final String name, final long more) {
        if (more > 0) {
            totals.merge(name, more, Long::sum);
        }
    }
}
