package io.ringline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeersTest {
    private static final SubjectWorkload WORKLOAD = new SubjectWorkload(1_000);

    @ParameterizedTest
    @EnumSource
    void findsWhatTheNaiveMatcherFinds(final Peer peer) {
        final PeerMatcher matcher = Peers.ready(peer, WORKLOAD);
        long found = 0;
        for (int i = 0; i < 2_000; i++) {
            found += matcher.count(i);
        }
        assertThat(found).isPositive();
    }

    @Test
    void oneThatFindsLessIsRefused() {
        final NaiveMatches naive = new NaiveMatches(WORKLOAD);
        assertThatThrownBy(() -> naive.check("nobody", true, subject -> 0))
                .hasMessageStartingWith("nobody finds 0 matches, not ");
    }
}
