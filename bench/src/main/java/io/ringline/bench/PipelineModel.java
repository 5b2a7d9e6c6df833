package io.ringline.bench;

import io.ringline.router.subject.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The pipeline as a naive model: maps of maps, written to be obviously right and not to be fast. One line of text for each
 * delivery, and totals by name.
 */
final class PipelineModel {
    final List<List<String>> deliveries = new ArrayList<>();
    final Map<String, Long> totals = new LinkedHashMap<>();

    private final List<List<Pattern>> consumers;
    private final int maxGap;
    private final int maxBuffer;
    private final long timeoutNs;
    private final boolean force;
    private final Map<String, Aggregate> aggregates = new HashMap<>();
    private long arrivals;
    private long global;

    /** An event as it was published. */
    record Published(String subject, String aggregate, long sequence, String payload) {}

    private record Held(Aggregate aggregate, Published event, long number, long arrivalOrder, long arrivedAt) {}

    private static final class Aggregate {
        private long next = 1;
        private long highestSeen;
        private final TreeMap<Long, Held> held = new TreeMap<>();
        private final Set<Long> givenUp = new HashSet<>();
    }

    PipelineModel(
            final List<List<Pattern>> consumers,
            final int maxGap,
            final int maxBuffer,
            final long timeoutNs,
            final boolean force) {
        this.consumers = consumers;
        this.maxGap = maxGap;
        this.maxBuffer = maxBuffer;
        this.timeoutNs = timeoutNs;
        this.force = force;
        consumers.forEach(consumer -> deliveries.add(new ArrayList<>()));
        for (final String name : new String[] {
            "accepted", "released", "duplicates", "late", "tooWide", "conflicts", "gaps", "missing", "noMatch"
        }) {
            totals.put(name, 0L);
        }
    }

    void publish(final Published event, final long now) {
        count("accepted", 1);
        final Aggregate aggregate = aggregates.computeIfAbsent(event.aggregate, key -> new Aggregate());
        final long number = number(aggregate, event.sequence);
        if (number < aggregate.next) {
            count(aggregate.givenUp.contains(number) ? "late" : "duplicates", 1);
        } else if (aggregate.held.containsKey(number)) {
            final Published other = aggregate.held.get(number).event;
            final boolean same = other.payload.equals(event.payload) && other.subject.equals(event.subject);
            count(same ? "duplicates" : "conflicts", 1);
        } else if (number - aggregate.next > maxGap && !comesIntoReach(aggregate, number)) {
            count("tooWide", 1);
        } else {
            take(aggregate, event, number, now);
        }
    }

    private static long number(final Aggregate aggregate, final long given) {
        return given == 0 ? ++aggregate.highestSeen : given;
    }

    /** Called before {@link #publish} by the stamp's rule: numbers far ahead do not count as seen. */
    void seen(final Published event, final int gap) {
        if (event.sequence > 0) {
            final Aggregate aggregate = aggregates.computeIfAbsent(event.aggregate, key -> new Aggregate());
            if (event.sequence > aggregate.highestSeen && event.sequence - aggregate.highestSeen <= gap + 1L) {
                aggregate.highestSeen = event.sequence;
            }
        }
    }

    private boolean comesIntoReach(final Aggregate aggregate, final long number) {
        if (!force) {
            return false;
        }
        long reach = aggregate.next;
        for (final long held : aggregate.held.keySet()) {
            if (number - reach <= maxGap) {
                break;
            }
            reach = held + 1;
            while (aggregate.held.containsKey(reach)) {
                reach++;
            }
        }
        if (number - reach > maxGap) {
            return false;
        }
        while (number - aggregate.next > maxGap) {
            giveUpFirstGap(aggregate, Long.MAX_VALUE);
        }
        return true;
    }

    private void take(final Aggregate aggregate, final Published event, final long number, final long now) {
        while (number > aggregate.next && aggregate.held.size() >= maxBuffer) {
            giveUpFirstGap(aggregate, number);
        }
        aggregate.held.put(number, new Held(aggregate, event, number, arrivals++, now));
        drain(aggregate);
    }

    private long pendingGap;

    private void giveUpFirstGap(final Aggregate aggregate, final long incoming) {
        final long until = Math.min(incoming, aggregate.held.firstKey());
        pendingGap = until - aggregate.next;
        count("gaps", 1);
        count("missing", pendingGap);
        while (aggregate.next < until) {
            aggregate.givenUp.add(aggregate.next++);
        }
        drain(aggregate);
    }

    private void drain(final Aggregate aggregate) {
        while (aggregate.held.containsKey(aggregate.next)) {
            final Held held = aggregate.held.remove(aggregate.next);
            aggregate.next++;
            release(held);
        }
    }

    private void release(final Held held) {
        count("released", 1);
        global++;
        boolean anybody = false;
        final byte[] subject = held.event.subject.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < consumers.size(); i++) {
            if (consumers.get(i).stream().anyMatch(pattern -> pattern.matches(subject))) {
                anybody = true;
                deliveries
                        .get(i)
                        .add(line(
                                held.event.subject,
                                held.event.aggregate,
                                held.number,
                                global,
                                pendingGap,
                                held.event.payload));
            }
        }
        count("noMatch", anybody ? 0 : 1);
        pendingGap = 0;
    }

    static String line(
            final String subject,
            final String aggregate,
            final long number,
            final long globalSequence,
            final long gap,
            final String payload) {
        return subject + " " + aggregate + "#" + number + " @" + globalSequence + " gap " + gap + " " + payload;
    }

    /** Time passes; {@code Long.MAX_VALUE} for the end of the input. */
    void expire(final long now) {
        Held oldest = oldest();
        while (oldest != null && (now == Long.MAX_VALUE || oldest.arrivedAt + timeoutNs <= now)) {
            giveUpFirstGap(oldest.aggregate, Long.MAX_VALUE);
            oldest = oldest();
        }
    }

    private @org.jspecify.annotations.Nullable Held oldest() {
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

    private void count(final String name, final long more) {
        totals.merge(name, more, Long::sum);
    }
}
