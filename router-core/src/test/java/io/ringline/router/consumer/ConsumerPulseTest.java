package io.ringline.router.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConsumerPulseTest {
    private final ConsumerPulse pulse = new ConsumerPulse();

    private static void elsewhere(final Runnable what) throws InterruptedException {
        final Thread thread = new Thread(what);
        thread.start();
        thread.join();
    }

    private void poll() {
        assertThat(pulse.take()).isTrue();
        pulse.leave();
    }

    @Test
    void aThreadThatLetGoAndEndedIsSeenToHaveEnded() throws InterruptedException {
        elsewhere(() -> {
            poll();
            pulse.letGo();
        });
        assertThat(pulse.isPollerDead()).isTrue();
    }

    @Test
    void whoLetGoIsNotWaitedFor() throws InterruptedException {
        poll();
        pulse.letGo();
        elsewhere(pulse::stop);
        assertThat(pulse.isStopped()).isTrue();
        assertThat(pulse.take()).isFalse();
    }

    @Test
    void whoPollsAgainIsWaitedForAgain() throws InterruptedException {
        poll();
        pulse.letGo();
        poll();
        elsewhere(pulse::stop);
        assertThat(pulse.isStopped()).isFalse();
        assertThat(pulse.take()).isFalse();
        assertThat(pulse.isStopped()).isTrue();
    }

    @Test
    void nobodyLetsGoInTheMidstOfAPoll() throws InterruptedException {
        assertThat(pulse.take()).isTrue();
        pulse.letGo();
        elsewhere(pulse::stop);
        assertThat(pulse.isStopped()).isFalse();
        pulse.leave();
        assertThat(pulse.isStopped()).isTrue();
    }
}
