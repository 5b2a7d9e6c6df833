package io.ringline.bench;

import io.moquette.broker.ISubscriptionsRepository;
import io.moquette.broker.subscriptions.CTrieSubscriptionDirectory;
import io.moquette.broker.subscriptions.Subscription;
import io.moquette.broker.subscriptions.Topic;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.util.Set;

/** Moquette's subscription directory; the broker asks it with a published message's topic. */
final class MoquetteMatcher implements PeerMatcher {
    private final CTrieSubscriptionDirectory directory = new CTrieSubscriptionDirectory();
    private final String[] topics;

    /** Stores nothing. */
    private static final class Nowhere implements ISubscriptionsRepository {
        @Override
        public Set<Subscription> listAllSubscriptions() {
            return Set.of();
        }

        @Override
        public void addNewSubscription(final Subscription subscription) {
            // only the trie is measured
        }

        @Override
        public void removeSubscription(final String topic, final String client) {
            // only the trie is measured
        }
    }

    MoquetteMatcher(final String[] subjects) {
        directory.init(new Nowhere());
        topics = new String[subjects.length];
        for (int i = 0; i < subjects.length; i++) {
            topics[i] = PeerMatcher.toMqtt(subjects[i]);
        }
    }

    @Override
    public void subscribe(final String pattern, final int consumer) {
        final Topic topic = new Topic(PeerMatcher.toMqtt(pattern));
        directory.add(new Subscription(Integer.toString(consumer), topic, MqttQoS.AT_MOST_ONCE));
    }

    @Override
    public long match(final int subject) {
        return directory.matchQosSharpening(new Topic(topics[subject])).size();
    }

    @Override
    public boolean countsConsumers() {
        return true;
    }
}
