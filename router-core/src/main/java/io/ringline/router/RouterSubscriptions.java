package io.ringline.router;

import io.ringline.router.consumer.QueueGroups;
import io.ringline.router.subject.Pattern;
import io.ringline.router.subject.Subscriptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who wants what: a router's consumers and queue groups by name, and the bit that each has in match results. Any thread. */
final class RouterSubscriptions {
    private final int maxSubjectBytes;
    private final Subscriptions subscriptions = new Subscriptions();
    private final Map<String, Integer> bits = new HashMap<>();
    private final QueueGroups groups;

    RouterSubscriptions(final RouterContext context) {
        this.maxSubjectBytes = context.maxSubjectBytes();
        final List<ConsumerConfig> consumers = context.consumers();
        for (int i = 0; i < consumers.size(); i++) {
            bits.put(consumers.get(i).name(), i);
            addAll(consumers.get(i).patterns(), i);
        }
        final List<int[]> members = new ArrayList<>();
        for (final QueueGroupConfig group : context.queueGroups()) {
            members.add(group.members().stream()
                    .mapToInt(member -> bits.getOrDefault(member.name(), -1))
                    .toArray());
        }
        groups = new QueueGroups(consumers.size(), members);
        for (int i = 0; i < members.size(); i++) {
            final QueueGroupConfig group = context.queueGroups().get(i);
            bits.put(group.name(), groups.bit(i));
            addAll(group.patterns(), groups.bit(i));
        }
    }

    private void addAll(final List<Pattern> patterns, final int bit) {
        for (final Pattern pattern : patterns) {
            subscriptions.add(pattern, bit);
        }
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    QueueGroups groups() {
        return groups;
    }

    boolean subscribe(final String name, final String pattern) {
        return subscriptions.add(parse(pattern), bit(name));
    }

    boolean unsubscribe(final String name, final String pattern) {
        return subscriptions.remove(parse(pattern), bit(name));
    }

    private Pattern parse(final String pattern) {
        return new Pattern(pattern.getBytes(StandardCharsets.UTF_8), maxSubjectBytes);
    }

    private int bit(final String name) {
        final Integer bit = bits.get(name);
        if (bit == null) {
            throw new IllegalArgumentException("no consumer or queue group is named '" + name + "'");
        }
        return bit;
    }
}
