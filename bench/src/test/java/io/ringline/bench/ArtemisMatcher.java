package io.ringline.bench;

import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.postoffice.impl.AddressMap;
import org.apache.activemq.artemis.core.postoffice.impl.AddressMapVisitor;

/**
 * ActiveMQ Artemis' address map. An address keeps the tokens it was once cut into: either each has been cut before, or each is
 * made anew from its bytes.
 */
final class ArtemisMatcher implements PeerMatcher {
    private final AddressMap<Integer> map = new AddressMap<>("#", "*", '.');
    private final SimpleString[] addresses;
    private final boolean keepTokens;
    private final Counter counter = new Counter();

    private static final class Counter implements AddressMapVisitor<Integer> {
        private int count;

        @Override
        public void visit(final Integer consumer) {
            count++;
        }
    }

    ArtemisMatcher(final String[] subjects, final boolean keepTokens) {
        this.keepTokens = keepTokens;
        addresses = new SimpleString[subjects.length];
        for (int i = 0; i < subjects.length; i++) {
            addresses[i] = SimpleString.of(subjects[i]);
        }
    }

    @Override
    public void subscribe(final String pattern, final int consumer) {
        map.put(SimpleString.of(pattern.replace('>', '#')), consumer);
    }

    @Override
    public long match(final int subject) {
        final SimpleString known = addresses[subject];
        final SimpleString address = keepTokens ? known : SimpleString.of(known.getData());
        counter.count = 0;
        try {
            map.visitMatchingWildcards(address, counter);
        } catch (final Exception failure) {
            throw new IllegalStateException(failure);
        }
        return counter.count;
    }
}
