package io.ringline.sequencer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a source might send: each aggregate's numbers in turn, then shuffled within a window, some lost, some sent twice,
 * some lost ones sent late, some wild. {@link #next} moves on to the next event.
 */
final class RandomStream {
    private record Event(int aggregate, long sequence, long source, long content) {}

    private final Random random;
    private final long[] lastOf;
    private final int window;
    private final int lossIn;
    private final int twiceIn;
    private final int wildIn;
    private final List<Event> underWay = new ArrayList<>();
    private final List<Event> sent = new ArrayList<>();
    private final List<Event> lost = new ArrayList<>();
    private long lastSource;
    private Event now = new Event(0, 0, 0, 0);

    RandomStream(final Random random) {
        this.random = random;
        lastOf = new long[1 + random.nextInt(random.nextBoolean() ? 2 : 40)];
        window = 1 + random.nextInt(random.nextBoolean() ? 5 : 150);
        lossIn = random.nextBoolean() ? 50 : 1_000;
        twiceIn = random.nextBoolean() ? 10 : 100;
        wildIn = 200;
    }

    int aggregate() {
        return now.aggregate;
    }

    long sequence() {
        return now.sequence;
    }

    long source() {
        return now.source;
    }

    long content() {
        return now.content;
    }

    void next() {
        if (random.nextInt(wildIn) == 0) {
            now = wild();
        } else if (random.nextInt(twiceIn) == 0 && !sent.isEmpty()) {
            now = again(sent.get(Math.max(0, sent.size() - 1 - random.nextInt(window * 2))));
        } else if (random.nextInt(20) == 0 && !lost.isEmpty()) {
            now = lost.remove(random.nextInt(lost.size()));
        } else {
            now = inTurn();
        }
    }

    /** Which aggregate the next {@link #near} is for. */
    int anyAggregate() {
        return random.nextInt(lastOf.length);
    }

    /** An event around what is expected: no source that makes sense, but every border is met often. */
    void near(final int aggregate, final long next, final long nextOfSource, final int maxGap) {
        final long source = random.nextInt(10) == 0 ? 0 : around(nextOfSource, maxGap);
        now = new Event(aggregate, around(next, maxGap), source, random.nextInt(2));
    }

    private long around(final long next, final int maxGap) {
        return switch (random.nextInt(8)) {
            case 0 -> next + maxGap - 1 + random.nextInt(3);
            case 1 -> next + 2L * maxGap - 1 + random.nextInt(4);
            case 2 -> Math.max(1, next - random.nextInt(10));
            case 3, 4 -> next + random.nextInt(maxGap + 1);
            default -> next;
        };
    }

    private Event inTurn() {
        while (underWay.size() < window) {
            final int aggregate = random.nextInt(lastOf.length);
            final long source = random.nextInt(30) == 0 ? 0 : ++lastSource;
            underWay.add(new Event(aggregate, ++lastOf[aggregate], source, random.nextInt(3)));
        }
        final Event event = underWay.remove(random.nextInt(underWay.size()));
        if (random.nextInt(lossIn) == 0) {
            lost.add(event);
            return inTurn();
        }
        sent.add(event);
        return event;
    }

    /** The same once more, or with other bytes, or published once more under a new number of the source. */
    private Event again(final Event event) {
        final long content = random.nextInt(4) == 0 ? random.nextInt(3) : event.content;
        final long source = random.nextInt(3) == 0 ? ++lastSource : event.source;
        return new Event(event.aggregate, event.sequence, source, content);
    }

    private Event wild() {
        final long[] wildest = {-1, 0, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40};
        final int aggregate = random.nextInt(lastOf.length);
        final long near = lastOf[aggregate] + random.nextInt(400);
        final long sequence = random.nextBoolean() ? near : wildest[random.nextInt(wildest.length)];
        final boolean wildSource = random.nextInt(4) == 0;
        final long source = wildSource ? wildest[random.nextInt(wildest.length)] : ++lastSource;
        return new Event(aggregate, sequence, source, random.nextInt(3));
    }

    @Override
    public String toString() {
        return now.toString();
    }
}
