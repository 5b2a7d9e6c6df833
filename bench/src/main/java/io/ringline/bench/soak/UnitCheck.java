package io.ringline.bench.soak;

import io.ringline.bench.soak.Letters.Letter;
import io.ringline.bench.soak.SoakPlan.Unit;
import io.ringline.router.DrainReport;
import io.ringline.router.OverflowPolicy;
import io.ringline.router.record.DeadLetterReason;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Those who share a subscription: each event that matches it is at one of them, and there acknowledged, a dead letter, or
 * waiting; or it was dropped, or waits unseen; and all of an aggregate's events are at the same one.
 */
final class UnitCheck {
    private final Unit unit;
    private final Set<Item> matched;
    private final List<SoakHandler> handlers;
    private final List<Letter> letters;
    private final DrainReport report;
    private final Map<Integer, ConsumerPlan> memberOf = new HashMap<>();
    private final Set<Item> found = new HashSet<>();

    UnitCheck(
            final Unit unit,
            final Set<Item> matched,
            final List<SoakHandler> handlers,
            final List<Letter> letters,
            final DrainReport report) {
        this.unit = unit;
        this.matched = matched;
        this.handlers = handlers;
        this.letters = letters;
        this.report = report;
    }

    void check() {
        long notFinished = 0;
        long dropped = 0;
        long pending = 0;
        long twice = 0; // written, and not yet taken note of by a consumer that polls no more
        boolean bound = false;
        for (final SoakHandler handler : handlers) {
            if (!unit.members().contains(handler.plan)) {
                continue;
            }
            final List<Letter> own = letters.stream()
                    .filter(letter -> letter.consumer().equals(handler.plan.name))
                    .toList();
            final DrainReport.Consumer told = told(handler.plan);
            final ConsumerCheck check = new ConsumerCheck(handler, own, told);
            notFinished += check.check();
            check.items().forEach(item -> claim(item, handler.plan));
            dropped += told.dropped();
            pending += told.pending();
            twice += own.stream().anyMatch(letter -> letter.reason() != DeadLetterReason.OVERFLOW) ? 1 : 0;
            bound |= handler.plan.mayUse(OverflowPolicy.REPLAY) && told.pending() > 0;
        }
        final long unseen = (long) matched.size() - found.size();
        final long surplus = dropped + pending - unseen - notFinished;
        if (surplus < 0 || surplus > (pending == 0 ? 0 : twice) && !bound) {
            throw new AssertionError(unit.name() + ": of " + matched.size() + " matched events " + unseen
                    + " were never seen and " + notFinished + " are not finished, but " + dropped + " were dropped and "
                    + pending + " are pending" + (unseen > 0 ? "; never seen: " + firstUnseen() : ""));
        }
    }

    private Item firstUnseen() {
        return matched.stream()
                .filter(item -> !found.contains(item))
                .min(Comparator.comparingInt(Item::id))
                .orElseThrow();
    }

    private DrainReport.Consumer told(final ConsumerPlan member) {
        return report.consumers().stream()
                .filter(each -> each.name().equals(member.name))
                .findFirst()
                .orElseThrow();
    }

    private void claim(final Item item, final ConsumerPlan member) {
        if (!matched.contains(item)) {
            throw new AssertionError(member.name + " got " + item + ", which its patterns do not match");
        }
        if (!found.add(item)) {
            throw new AssertionError(unit.name() + ": two members got " + item);
        }
        final ConsumerPlan other = memberOf.putIfAbsent(item.aggregate().index(), member);
        if (other != null && !other.equals(member)) {
            throw new AssertionError(unit.name() + ": " + member.name + " got " + item + ", and " + other.name
                    + " others of its aggregate");
        }
    }
}
