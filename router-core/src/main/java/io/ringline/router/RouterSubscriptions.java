package io.ringline.router;

import io.ringline.router.consumer.QueueGroups;
import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who wants what: a router's consumers and queue groups by name, and the bit that each has in match results. Any thread. */
final class RouterSubscriptions {
    private final int maxSubjectBytes;
    private final Subscriptions subscriptions = new Subscriptions();
    /** Those among them whose first token is the reserved one: for the router's own events. */
    private final Subscriptions reserved = new Subscriptions();

    private final Map<String, Subscriber> byName = new HashMap<>();
    private final QueueGroups groups;

    private record Subscriber(int bit, Set<Pattern> patterns) {
        Subscriber(final int bit) {
            this(bit, new HashSet<>());
        }
    }

    RouterSubscriptions(final RouterContext context) {
        this.maxSubjectBytes = context.maxSubjectBytes();
        final List<ConsumerConfig> consumers = context.consumers();
        for (int i = 0; i < consumers.size(); i++) {
            add(consumers.get(i), i);
        }
        final List<int[]> members = new ArrayList<>();
        for (final QueueGroupConfig group : context.queueGroups()) {
            members.add(group.members().stream()
                    .mapToInt(member -> subscriber(member.name()).bit)
                    .toArray());
        }
        groups = new QueueGroups(context.maxConsumers(), members);
        for (int i = 0; i < members.size(); i++) {
            final QueueGroupConfig group = context.queueGroups().get(i);
            final Subscriber subscriber = new Subscriber(groups.bit(i));
            byName.put(group.name(), subscriber);
            group.patterns().forEach(pattern -> subscribe(subscriber, pattern));
        }
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Subscriptions reserved() {
        return reserved;
    }

    QueueGroups groups() {
        return groups;
    }

    /** Subscribes a new consumer to its patterns. @param bit its bit. */
    synchronized void add(final ConsumerConfig consumer, final int bit) {
        final Subscriber subscriber = new Subscriber(bit);
        byName.put(consumer.name(), subscriber);
        consumer.patterns().forEach(pattern -> subscribe(subscriber, pattern));
    }

    /** Takes a consumer's subscriptions back; its name is free. @param bit its bit. */
    synchronized void remove(final String name, final int bit) {
        final Subscriber subscriber = byName.get(name);
        if (subscriber == null || subscriber.bit != bit) {
            return; // there was no memory to subscribe it
        }
        for (final Pattern pattern : subscriber.patterns) {
            subscriptions.remove(pattern, bit);
            reserved.remove(pattern, bit);
        }
        byName.remove(name);
    }

    synchronized void mustBeFree(final String name) {
        if (byName.containsKey(name)) {
            throw new IllegalArgumentException(
                    "a consumer or queue group is named '" + name + "' already: give each its own name");
        }
    }

    /** A queue group by its name. @return its number, from 0. */
    synchronized int group(final String name) {
        final Subscriber subscriber = byName.get(name);
        if (subscriber == null || subscriber.bit < groups.bit(0)) {
            throw new IllegalArgumentException("no queue group is named '" + name + "'");
        }
        return subscriber.bit - groups.bit(0);
    }

    synchronized boolean subscribe(final String name, final String pattern) {
        return subscribe(subscriber(name), parse(pattern));
    }

    private boolean subscribe(final Subscriber subscriber, final Pattern pattern) {
        subscriber.patterns.add(pattern);
        if (isReserved(pattern.bytes())) {
            reserved.add(pattern, subscriber.bit);
        }
        return subscriptions.add(pattern, subscriber.bit);
    }

    synchronized boolean unsubscribe(final String name, final String pattern) {
        final Subscriber subscriber = subscriber(name);
        final Pattern unwanted = parse(pattern);
        subscriber.patterns.remove(unwanted);
        reserved.remove(unwanted, subscriber.bit);
        return subscriptions.remove(unwanted, subscriber.bit);
    }

    private static boolean isReserved(final byte[] pattern) {
        final byte[] token = ControlSlot.RESERVED.getBytes(StandardCharsets.US_ASCII);
        final boolean begins =
                pattern.length >= token.length && Arrays.equals(pattern, 0, token.length, token, 0, token.length);
        return begins && (pattern.length == token.length || pattern[token.length] == '.');
    }

    private Pattern parse(final String pattern) {
        return new Pattern(pattern.getBytes(StandardCharsets.UTF_8), maxSubjectBytes);
    }

    private Subscriber subscriber(final String name) {
        final Subscriber subscriber = byName.get(name);
        if (subscriber == null) {
            throw new IllegalArgumentException("no consumer or queue group is named '" + name + "'");
        }
        return subscriber;
    }
}
