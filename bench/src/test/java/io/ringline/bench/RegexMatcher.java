package io.ringline.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** A regular expression for each pattern, one after the other. */
final class RegexMatcher implements PeerMatcher {
    private final List<Pattern> patterns = new ArrayList<>();
    private final String[] subjects;

    RegexMatcher(final String[] subjects) {
        this.subjects = subjects;
    }

    @Override
    public void subscribe(final String pattern, final int consumer) {
        final StringJoiner regex = new StringJoiner("\\.");
        for (final String token : pattern.split("\\.")) {
            regex.add(token.equals("*") ? "[^.]+" : token.equals(">") ? ".+" : Pattern.quote(token));
        }
        patterns.add(Pattern.compile(regex.toString()));
    }

    @Override
    public long match(final int subject) {
        int count = 0;
        for (final Pattern pattern : patterns) {
            if (pattern.matcher(subjects[subject]).matches()) {
                count++;
            }
        }
        return count;
    }
}
