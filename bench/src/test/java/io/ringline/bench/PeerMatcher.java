package io.ringline.bench;

/** A peer, made to take the workload's patterns. */
interface PeerMatcher {
    /**
     * Subscribes.
     *
     * @param pattern  as NATS writes it.
     * @param consumer a number from 0.
     */
    void subscribe(String pattern, int consumer);

    /**
     * Matches, as measured.
     *
     * @param subject number in the workload.
     * @return what depends on all of the result; by default the number of matches.
     */
    long match(int subject);

    /** How many matches a subject has; not measured. */
    default int count(final int subject) {
        return (int) match(subject);
    }

    /** Whether a consumer with two matching patterns counts once. */
    default boolean countsConsumers() {
        return false;
    }

    /** A pattern in MQTT's syntax; {@code >} becomes {@code #}, which matches the level above as well. */
    static String toMqtt(final String pattern) {
        final String topic = pattern.replace('.', '/').replace('*', '+');
        return topic.endsWith(">") ? topic.substring(0, topic.length() - 1) + "#" : topic;
    }
}
