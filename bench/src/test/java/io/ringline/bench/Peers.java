package io.ringline.bench;

/** Makes peers ready to be measured. */
final class Peers {
    private Peers() {}

    /**
     * A peer with all patterns subscribed, held against the naive matcher.
     *
     * @param peer     which.
     * @param workload patterns and subjects.
     * @return ready.
     * @throws IllegalStateException where it finds more or less than it should.
     */
    static PeerMatcher ready(final Peer peer, final SubjectWorkload workload) {
        final PeerMatcher matcher = make(peer, workload);
        for (int i = 0; i < workload.patterns.size(); i++) {
            matcher.subscribe(workload.patterns.get(i).toString(), i % SubjectWorkload.CONSUMERS);
        }
        if (matcher instanceof final KnownSubjects known) {
            known.fill();
        }
        new NaiveMatches(workload).check(peer.title(), matcher.countsConsumers(), matcher::count);
        return matcher;
    }

    private static PeerMatcher make(final Peer peer, final SubjectWorkload workload) {
        final String[] subjects = SubjectText.texts(workload);
        return switch (peer) {
            case KNOWN_STRINGS -> new KnownSubjects.Strings(subjects);
            case KNOWN_BYTES -> new KnownSubjects.Bytes(workload);
            case ARTEMIS_KEPT -> new ArtemisMatcher(subjects, true);
            case ARTEMIS -> new ArtemisMatcher(subjects, false);
            case HIVEMQ -> new HiveMqMatcher(subjects);
            case MOQUETTE -> new MoquetteMatcher(subjects);
            case ANT -> new AntMatcher(subjects);
            case REGEX -> new RegexMatcher(subjects);
        };
    }
}
