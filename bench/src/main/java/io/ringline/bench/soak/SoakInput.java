package io.ringline.bench.soak;

import io.ringline.bench.soak.Item.Aggregate;
import io.ringline.bench.soak.Item.Naming;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What a round publishes: items, and which publisher publishes which of them in what order. */
final class SoakInput {
    private static final String[] SECOND = {"a", "b", "c"};
    private static final String[] THIRD = {"x", "y", "z"};
    private static final int LARGEST = 600;

    final List<Item> items = new ArrayList<>();
    final List<Aggregate> aggregates = new ArrayList<>();
    /** For each publisher the ids of its items; one twice where it is published twice. */
    final List<List<Integer>> queues = new ArrayList<>();

    private final Random random;

    SoakInput(final SoakPlan plan) {
        random = new Random(plan.seed * 31 + 1);
        for (int i = 1 + random.nextInt(60); i > 0; i--) {
            aggregates.add(new Aggregate(aggregates.size(), Naming.values()[random.nextInt(3)]));
        }
        makeItems(plan);
        final List<Integer> order = new ArrayList<>();
        items.forEach(item -> order.add(item.id()));
        if (plan.messy) {
            mess(order, plan.knowsDuplicates());
        }
        deal(order, plan);
    }

    private void makeItems(final SoakPlan plan) {
        final long[] last = new long[aggregates.size()];
        long lastOfSource = 0;
        for (int id = 0; id < plan.events; id++) {
            final Aggregate aggregate = aggregates.get(random.nextInt(aggregates.size()));
            final boolean lost = plan.messy && random.nextInt(200) == 0;
            final int step = lost ? 2 + random.nextInt(3) : 1;
            if (plan.sourced) {
                last[aggregate.index()] += step;
            } else if (plan.bySource()) {
                lastOfSource += step;
            }
            items.add(new Item(
                    id,
                    aggregate,
                    plan.sourced ? last[aggregate.index()] : 0,
                    plan.bySource() ? lastOfSource : 0,
                    subject(aggregate),
                    payloadBytes()));
        }
    }

    /** An item that no publisher is to have accepted: a claim that is given back, or left open. */
    Item ghost(final Random dice) {
        final Item like = items.get(dice.nextInt(items.size()));
        return new Item(-1, like.aggregate(), 0, 0, like.subject(), payloadBytes(dice));
    }

    private int payloadBytes() {
        return payloadBytes(random);
    }

    private static int payloadBytes(final Random dice) {
        return Item.LEAST_BYTES + (dice.nextInt(30) == 0 ? dice.nextInt(LARGEST) : dice.nextInt(24));
    }

    private String subject(final Aggregate aggregate) {
        if (aggregate.naming() == Naming.SUBJECT) {
            return new String(aggregate.key(), StandardCharsets.UTF_8);
        }
        return "e." + SECOND[random.nextInt(SECOND.length)] + '.' + THIRD[random.nextInt(THIRD.length)]
                + (random.nextInt(4) == 0 ? ".deep" : "");
    }

    private void mess(final List<Integer> order, final boolean duplicates) {
        for (int at = 0; at < order.size(); at++) {
            if (random.nextInt(20) == 0) {
                Collections.swap(order, at, Math.min(order.size() - 1, at + random.nextInt(20)));
            }
            if (duplicates && random.nextInt(100) == 0) {
                order.add(Math.min(order.size(), at + 1 + random.nextInt(30)), order.get(at));
                at++;
            }
        }
    }

    /** Each aggregate to one publisher, or every item to any. */
    private void deal(final List<Integer> order, final SoakPlan plan) {
        for (int i = 0; i < plan.publishers; i++) {
            queues.add(new ArrayList<>());
        }
        for (final int id : order) {
            final int to = plan.dealt
                    ? random.nextInt(plan.publishers)
                    : items.get(id).aggregate().index() % plan.publishers;
            queues.get(to).add(id);
        }
    }
}
