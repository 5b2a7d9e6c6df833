package io.ringline.router.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.stage.PollWatch.Verdict;
import org.junit.jupiter.api.Test;

class PollWatchTest {
    private static final long TIMEOUT = 1_000;

    private final PollWatch watch = new PollWatch(TIMEOUT);
    private long beats = 7;

    private Verdict look(final long passed) {
        return watch.look(passed, beats, true, false);
    }

    @Test
    void silentIsWhoHasEventsWaitingAndDoesNotPollForLongerThanTheTimeout() {
        assertThat(look(5_000)).as("it has polled, some time before").isEqualTo(Verdict.LIVE);
        assertThat(look(TIMEOUT)).isEqualTo(Verdict.LIVE);
        assertThat(look(1)).isEqualTo(Verdict.SILENT);
        assertThat(watch.silentNs()).isEqualTo(TIMEOUT + 1);
        assertThat(look(0)).isEqualTo(Verdict.SILENT);
    }

    @Test
    void aPollOrAnEventDoneWithStartsTheTimeAnew() {
        look(0);
        look(TIMEOUT);
        beats++;
        assertThat(look(1)).isEqualTo(Verdict.LIVE);
        assertThat(look(TIMEOUT)).isEqualTo(Verdict.LIVE);
        assertThat(look(1)).isEqualTo(Verdict.SILENT);
        beats++;
        assertThat(look(1)).isEqualTo(Verdict.LIVE);
    }

    @Test
    void whoHasNothingWaitingNeedNotPoll() {
        look(0);
        look(TIMEOUT);
        assertThat(watch.look(TIMEOUT, beats, false, true)).isEqualTo(Verdict.LIVE);
        assertThat(look(TIMEOUT)).as("it has something only since").isEqualTo(Verdict.LIVE);
        assertThat(look(1)).isEqualTo(Verdict.SILENT);
        assertThat(watch.look(1, beats, false, false)).isEqualTo(Verdict.LIVE);
    }

    @Test
    void aThreadThatHasEndedIsDeadWhereNoOtherPollsForAFewLooks() {
        look(0);
        for (int i = 1; i < PollWatch.LOOKS_AT_DEAD; i++) {
            assertThat(watch.look(1, beats, true, true)).isEqualTo(Verdict.LIVE);
        }
        beats++;
        for (int i = 0; i < PollWatch.LOOKS_AT_DEAD; i++) {
            assertThat(watch.look(1, beats, true, true)).isEqualTo(Verdict.LIVE);
        }
        assertThat(watch.look(1, beats, true, true)).isEqualTo(Verdict.DIED);
        assertThat(watch.isOverdue()).as("no longer than it may").isFalse();
        assertThat(watch.look(TIMEOUT, beats, true, true)).isEqualTo(Verdict.DIED);
        assertThat(watch.isOverdue()).isTrue();
        beats++;
        assertThat(watch.look(1, beats, true, false)).isEqualTo(Verdict.LIVE);
    }

    @Test
    void aThreadMayEndAfterItWasSilent() {
        look(0);
        look(TIMEOUT + 1);
        for (int i = 1; i < PollWatch.LOOKS_AT_DEAD; i++) {
            assertThat(watch.look(1, beats, true, true)).isEqualTo(Verdict.SILENT);
        }
        assertThat(watch.look(1, beats, true, true)).isEqualTo(Verdict.DIED);
    }
}
