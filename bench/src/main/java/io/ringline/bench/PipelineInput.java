package io.ringline.bench;

import io.ringline.router.subject.Pattern;
import io.ringline.sequencer.OnGapTooWide;
import io.ringline.sequencer.Ordering;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What one round of the model proof is about: settings, consumers and steps, all made from one seed. */
final class PipelineInput {
    private static final String[] TOKENS = {"a", "b", "cc", "d*", "long-token-with-many-letters"};
    private static final String[] WILD = {"*", "a", "b", "cc", "d*", "*"};
    private static final long[] TIMEOUTS_NS = {1, 1_000_000, 20_000_000, 1_000_000_000};

    final long seed;
    final Ordering ordering;
    final boolean tracks;
    final int maxGap;
    final int maxBuffer;
    final int maxHeld;
    final long timeoutNs;
    final OnGapTooWide onGapTooWide;
    final boolean letterForNoMatch;
    final int maxRetries;
    final int ringSize;
    final int slotBytes;
    final int channelCapacity;
    final boolean multi;
    final List<List<Pattern>> consumers = new ArrayList<>();
    final List<Step> steps = new ArrayList<>();
    private final Random random;

    /**
     * An event as it is published.
     *
     * @param subject   of the event.
     * @param aggregate {@code #} and an id; or bytes; or null, where the subject is the aggregate.
     * @param sequence  its number, or 0.
     * @param payload   of the event.
     * @param malformed true where only the payload is given, as something that is no event.
     */
    record Published(String subject, @Nullable String aggregate, long sequence, String payload, boolean malformed) {
        String key() {
            return aggregate == null ? subject : aggregate;
        }
    }

    /** An event to publish, by a handle or by bytes; or time to pass, where the event is null. */
    record Step(@Nullable Published event, boolean byHandle, long passNs) {}

    PipelineInput(final long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.ordering = random.nextInt(8) == 0 ? Ordering.NONE : Ordering.AGGREGATE;
        this.tracks = random.nextInt(16) > 0;
        this.maxGap = 1 + random.nextInt(12);
        this.maxBuffer = 1 + random.nextInt(8);
        this.maxHeld = random.nextBoolean() ? 4_096 : 1 + random.nextInt(20);
        this.timeoutNs = TIMEOUTS_NS[random.nextInt(TIMEOUTS_NS.length)];
        this.onGapTooWide = random.nextInt(4) > 0 ? OnGapTooWide.FORCE : OnGapTooWide.DEAD_LETTER;
        this.letterForNoMatch = random.nextBoolean();
        this.maxRetries = random.nextInt(4);
        this.ringSize = 16 << random.nextInt(4);
        this.slotBytes = 128 << random.nextInt(3);
        this.channelCapacity = 1 + random.nextInt(60);
        this.multi = random.nextInt(3) == 0;
        makeConsumers();
        makeSteps();
    }

    private void makeConsumers() {
        for (int i = 1 + random.nextInt(random.nextInt(4) == 0 ? 70 : 6); i > 0; i--) {
            final List<Pattern> patterns = new ArrayList<>();
            for (int p = 1 + random.nextInt(3); p > 0; p--) {
                patterns.add(new Pattern(pattern().getBytes(StandardCharsets.UTF_8)));
            }
            consumers.add(patterns);
        }
    }

    private String pattern() {
        if (random.nextInt(8) == 0) {
            return ">";
        }
        final StringBuilder text = new StringBuilder(WILD[random.nextInt(WILD.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append('.').append(WILD[random.nextInt(WILD.length)]);
        }
        return text.append(random.nextInt(3) == 0 ? ".>" : "").toString();
    }

    private String subject() {
        final StringBuilder text = new StringBuilder(TOKENS[random.nextInt(TOKENS.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append('.').append(TOKENS[random.nextInt(TOKENS.length)]);
        }
        return text.toString();
    }

    /** A few aggregates, each with its own stream: shuffled, doubled, lost, contradicted, wild, unnumbered, large. */
    private void makeSteps() {
        final long[] position = new long[1 + random.nextInt(6)];
        final String[] subjects = new String[position.length];
        for (int i = 0; i < subjects.length; i++) {
            subjects[i] = subject();
        }
        final int spread = 1 + random.nextInt(8);
        for (int i = 200 + random.nextInt(1_800); i > 0; i--) {
            final int which = random.nextInt(position.length);
            final long sequence = sequence(++position[which] + random.nextInt(spread) - spread / 2);
            final int size = random.nextInt(30) == 0 ? 600 + random.nextInt(3_000) : random.nextInt(20);
            final String payload = random.nextInt(5) == 0 ? Integer.toString(i) : "x".repeat(which + size % 2 * size);
            final String subject = which % 3 == 2 || random.nextInt(20) > 0 ? subjects[which] : subject();
            final boolean malformed = random.nextInt(100) == 0;
            steps.add(new Step(
                    new Published(subject, aggregate(which), sequence, payload, malformed), random.nextBoolean(), 0));
            if (random.nextInt(200) == 0) {
                position[which] += random.nextInt(3 * maxGap); // a run that is lost
            }
            if (random.nextInt(25) == 0) {
                steps.add(new Step(null, false, 5_000_000 + random.nextInt((int) Math.max(timeoutNs, 1_000))));
            }
        }
    }

    private long sequence(final long near) {
        switch (random.nextInt(60)) {
            case 0:
                return 1L + random.nextInt(10_000);
            case 1:
                return Long.MAX_VALUE - random.nextInt(3);
            case 2, 3, 4:
                return 0;
            default:
                return Math.max(1, near);
        }
    }

    /** By id, by bytes that look like the id, by the subject. */
    private static @Nullable String aggregate(final int which) {
        return switch (which % 3) {
            case 0 -> "#" + which;
            case 1 -> Integer.toString(which - 1);
            default -> null;
        };
    }
}
