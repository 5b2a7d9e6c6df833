package io.ringline.bench;

import com.codahale.metrics.MetricRegistry;
import com.hivemq.metrics.MetricsHolder;
import com.hivemq.mqtt.message.QoS;
import com.hivemq.mqtt.message.subscribe.Topic;
import com.hivemq.mqtt.topic.tree.LocalTopicTree;

/** HiveMQ CE's topic tree; the broker asks it with a published message's topic. */
final class HiveMqMatcher implements PeerMatcher {
    private final LocalTopicTree tree = new LocalTopicTree(new MetricsHolder(new MetricRegistry()));
    private final String[] topics;

    HiveMqMatcher(final String[] subjects) {
        topics = new String[subjects.length];
        for (int i = 0; i < subjects.length; i++) {
            topics[i] = PeerMatcher.toMqtt(subjects[i]);
        }
    }

    @Override
    public void subscribe(final String pattern, final int consumer) {
        final Topic topic = new Topic(PeerMatcher.toMqtt(pattern), QoS.AT_MOST_ONCE);
        tree.addTopic(Integer.toString(consumer), topic, (byte) 0, null);
    }

    @Override
    public long match(final int subject) {
        return tree.findTopicSubscribers(topics[subject]).getSubscribers().size();
    }

    @Override
    public boolean countsConsumers() {
        return true;
    }
}
