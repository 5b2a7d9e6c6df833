package io.ringline.sequencer;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.sequencer.SequencerHarness.Token;
import io.ringline.sequencer.model.Result;
import io.ringline.sequencer.model.Result.Fate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code GLOBAL}: the source's order first, and each aggregate's within it. An event's content is its aggregate's number. */
class SequencerGlobalTest {
    private static final long TIMEOUT = 30;

    private SequencerHarness harness = harness(1_000, 1_000);
    private long now;

    private static SequencerHarness harness(final int buffer, final int held) {
        return new SequencerHarness(
                new SequencerSettings(Ordering.GLOBAL, 100, buffer, held, TIMEOUT, OnGapTooWide.FORCE), 64);
    }

    /** {@code 12=1:3}: source number 12 is aggregate 1's number 3. */
    private String offer(final long source, final int aggregate, final long sequence) {
        return text(harness.offer(aggregate, sequence, source, now, new Token(source, sequence)));
    }

    private static String text(final List<Result<Token>> results) {
        final List<String> words = new ArrayList<>();
        for (final Result<Token> r : results) {
            if (r.fate() == Fate.SOURCE_GAP) {
                words.add("[" + r.number() + "+" + r.gap() + "]");
                continue;
            }
            final String fate = r.fate() == Fate.RELEASED ? "" : r.fate() + ":";
            words.add(fate
                    + (r.gap() > 0 ? (r.ofSource() ? "s+" : "+") + r.gap() + ":" : "")
                    + r.event().id());
        }
        return String.join(" ", words);
    }

    @Test
    void theSourcesOrderHoldsAcrossAggregates() {
        assertThat(offer(2, 1, 1)).isEmpty();
        assertThat(offer(3, 0, 1)).isEmpty();
        assertThat(offer(1, 2, 1)).isEqualTo("1 2 3");
    }

    @Test
    void inOrderOnBothLevelsIsTheFastPath() {
        assertThat(harness.sequencer.offerId(0, 1, 1, 0)).isEqualTo(Sequencer.RELEASED);
        assertThat(harness.sequencer.offerId(1, 1, 2, 0)).isEqualTo(Sequencer.RELEASED);
        assertThat(harness.sequencer.offerId(1, 2, 4, 0)).isEqualTo(Sequencer.HELD);
        assertThat(harness.sequencer.offerId(0, 2, 3, 0)).isEqualTo(Sequencer.RELEASED_WITH);
    }

    @Test
    void anEventWithoutTheSourcesNumberSkipsThatLevel() {
        offer(2, 1, 1);
        assertThat(offer(0, 0, 1)).isEqualTo("0");
    }

    @Test
    void theAggregatesOrderHoldsWithinTheSources() {
        assertThat(offer(1, 0, 2)).isEmpty();
        assertThat(offer(2, 1, 1)).isEqualTo("2");
        assertThat(offer(3, 0, 1)).isEqualTo("3 1");
    }

    @Test
    void theSourcesGapTimesOutAndItsNumbersAreLateThen() {
        offer(3, 0, 1);
        now = 30;
        assertThat(text(harness.tick(now)))
                .as("the gap, 1 and 2, and on the next release")
                .isEqualTo("[1+2] s+2:3");
        assertThat(offer(1, 0, 2)).isEqualTo("LATE:1");
        assertThat(offer(3, 0, 1)).isEqualTo("DUPLICATE:3");
        assertThat(harness.sequencer.statistics().missing()).isEqualTo(2);
    }

    @Test
    void anEventKeepsItsArrivalFromLevelToLevel() {
        offer(2, 0, 2);
        now = 20;
        assertThat(offer(1, 1, 1)).isEqualTo("1");
        assertThat(harness.sequencer.heldNow()).isEqualTo(1);
        assertThat(text(harness.tick(29))).isEmpty();
        assertThat(text(harness.tick(30))).isEqualTo("+1:2");
    }

    @Test
    void whatTheSourceFreesMayFillAnAggregatesGapThatIsDueToo() {
        offer(1, 0, 2);
        offer(3, 0, 1);
        now = 30;
        assertThat(text(harness.tick(now))).isEqualTo("[2+1] s+1:3 1");
        assertThat(harness.sequencer.statistics().late()).isZero();
    }

    @Test
    void anAggregatesRefusalOfWhatTheSourceFreedReachesTheCaller() {
        offer(0, 0, 1);
        offer(2, 0, 1);
        offer(3, 0, 500);
        assertThat(offer(1, 1, 1)).isEqualTo("1 DUPLICATE:2 GAP_TOO_WIDE:3");
        assertThat(harness.sequencer.heldNow()).isZero();
    }

    @Test
    void theSameEventUnderTwoNumbersOfTheSourceIsADuplicateAndOtherBytesAConflict() {
        offer(2, 0, 5);
        offer(3, 0, 5);
        harness.offer(0, 5, 4, now, new Token(4, 77));
        assertThat(offer(1, 1, 1)).isEqualTo("1 DUPLICATE:3 CONFLICT:4");
        assertThat(harness.sequencer.releases().outcome(harness.sequencer.releaseFrom() + 1))
                .isEqualTo(Sequencer.DUPLICATE);
    }

    @Test
    void roomMadeAfterAnEventWasHeldDoesNotMoveItsEntry() {
        harness = harness(1_000, 4);
        offer(1, 0, 5);
        offer(3, 0, 5);
        offer(4, 1, 2);
        final int answer = harness.sequencer.offerId(2, 2, 5, 0);
        // The source's gap is given up for room; what that frees meets the entry of aggregate 0's number 5.
        assertThat(answer).isEqualTo(Sequencer.HELD);
        assertThat(harness.sequencer.releaseCount()).isEqualTo(2);
        final long second = harness.sequencer.releaseFrom() + 1;
        assertThat(harness.sequencer.releases().outcome(second - 1)).isEqualTo(Sequencer.SOURCE_GAP);
        assertThat(harness.sequencer.releases().outcome(second)).isEqualTo(Sequencer.ALREADY_HELD);
        assertThat(harness.sequencer.heldEntry())
                .isNotEqualTo(harness.sequencer.releases().other(second));
    }

    @Test
    void theSourcesNumberBelowZeroIsInvalid() {
        assertThat(offer(-1, 0, 1)).isEqualTo("INVALID:-1");
    }

    private void allFourHold() {
        harness = new SequencerHarness(
                new SequencerSettings(Ordering.GLOBAL, 100, 10, 100, TIMEOUT, OnGapTooWide.FORCE, 4, FirstSequence.ONE),
                64);
        for (int aggregate = 0; aggregate < 4; aggregate++) {
            assertThat(offer(aggregate + 1, aggregate, 2)).isEmpty();
        }
    }

    @Test
    void anEventThatFindsNoRoomForItsAggregateDoesNotHoldUpItsSource() {
        allFourHold();
        assertThat(offer(5, 4, 1)).isEqualTo("TOO_MANY_AGGREGATES:5");
        assertThat(offer(6, 0, 1)).isEqualTo("6 1");
        assertThat(offer(7, 1, 1)).isEqualTo("7 2");
        assertThat(offer(8, 2, 1)).isEqualTo("8 3");
        assertThat(offer(9, 5, 1)).as("room again").isEqualTo("9");
        assertThat(offer(10, 3, 1)).isEqualTo("10 4");
        assertThat(harness.sequencer.heldNow()).isZero();
        assertThat(harness.sequencer.statistics().tooManyAggregates()).isEqualTo(1);
    }

    @Test
    void whatWaitsForAnEventThatFindsNoRoomIsReleasedWithItsRefusal() {
        allFourHold();
        assertThat(offer(6, 0, 1)).isEmpty();
        assertThat(offer(8, 1, 1)).isEmpty();
        assertThat(offer(5, 4, 1)).isEqualTo("TOO_MANY_AGGREGATES:5 6 1");
        assertThat(offer(7, 2, 1)).isEqualTo("7 3 8 2");
        assertThat(harness.sequencer.statistics().missing()).isZero();
    }

    @Test
    void anEventThatFindsNoRoomBeforeItsTurnInTheSourceIsMissingThere() {
        allFourHold();
        assertThat(offer(6, 4, 1)).isEqualTo("TOO_MANY_AGGREGATES:6");
        assertThat(offer(7, 0, 1)).isEmpty();
        assertThat(offer(5, 1, 1)).isEqualTo("5 2");
        now += TIMEOUT;
        assertThat(text(harness.tick(now))).isEqualTo("[6+1] s+1:7 1 +1:3 +1:4");
    }

    @Test
    void anInvalidNumberDoesNotHoldUpItsSource() {
        assertThat(offer(2, 0, 1)).isEmpty();
        assertThat(offer(1, 1, -1)).isEqualTo("INVALID:1 2");
        assertThat(offer(3, 0, 2)).isEqualTo("3");
    }
}
