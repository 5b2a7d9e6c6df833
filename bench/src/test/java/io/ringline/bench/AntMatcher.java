package io.ringline.bench;

import java.util.ArrayList;
import java.util.List;
import org.springframework.util.AntPathMatcher;

/** Spring's path matcher, over all patterns one after the other; it keeps the patterns' tokens, not the subject's. */
final class AntMatcher implements PeerMatcher {
    private final AntPathMatcher matcher = new AntPathMatcher(".");
    private final List<String> patterns = new ArrayList<>();
    private final String[] subjects;

    AntMatcher(final String[] subjects) {
        this.subjects = subjects;
    }

    @Override
    public void subscribe(final String pattern, final int consumer) {
        patterns.add(pattern.replace(">", "**"));
    }

    @Override
    public long match(final int subject) {
        int count = 0;
        for (final String pattern : patterns) {
            if (matcher.match(pattern, subjects[subject])) {
                count++;
            }
        }
        return count;
    }
}
