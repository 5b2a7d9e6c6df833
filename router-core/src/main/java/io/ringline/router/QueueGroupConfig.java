package io.ringline.router;

import io.ringline.router.subject.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Settings of a queue group: consumers that share a subscription. Each event goes to one of them, the same one for all of an
 * aggregate's events, in this run and the next with the same members; where members leave or join while it runs, an aggregate
 * may change its member when that has no unfinished event of it, or with all of them. Not thread-safe; read once, when the
 * router starts.
 */
public final class QueueGroupConfig {
    private final String name;
    private final List<Pattern> patterns = new ArrayList<>();
    private final List<ConsumerConfig> members = new ArrayList<>();

    /**
     * A group without members and patterns yet.
     *
     * @param name unique among the router's consumers and groups, not blank.
     */
    public QueueGroupConfig(final String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a queue group needs a name that is not blank");
        }
        this.name = name;
    }

    /**
     * Adds patterns; an event that matches several arrives once.
     *
     * @param more patterns by nats-server's rules.
     * @return this.
     * @throws IllegalArgumentException where one is invalid, with the reason.
     */
    public QueueGroupConfig patterns(final String... more) {
        for (final String pattern : more) {
            patterns.add(new Pattern(pattern.getBytes(StandardCharsets.UTF_8)));
        }
        return this;
    }

    /**
     * Adds a member, a consumer like any other. Patterns of its own it gets beside the group's; what matches both it gets
     * once.
     *
     * @param consumer its settings; in no other group, and not added to the router by itself.
     * @return this.
     */
    public QueueGroupConfig addMember(final ConsumerConfig consumer) {
        members.add(consumer);
        return this;
    }

    String name() {
        return name;
    }

    List<Pattern> patterns() {
        return List.copyOf(patterns);
    }

    List<ConsumerConfig> members() {
        return List.copyOf(members);
    }
}
