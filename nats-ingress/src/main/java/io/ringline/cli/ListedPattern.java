package io.ringline.cli;

import io.ringline.router.subject.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of a {@link PatternFile}.
 *
 * @param number  in the order of the file, from 0; a line may hold several.
 * @param line    where it stands, from 1.
 * @param name    of its consumer; null where the line names none.
 * @param pattern checked.
 */
record ListedPattern(int number, long line, @Nullable String name, Pattern pattern) {
    /** {@code LINE:PATTERN} or {@code LINE:NAME=PATTERN}, printable. */
    String shown() {
        return line + ":" + Json.printable((name == null ? "" : name + "=") + pattern, Integer.MAX_VALUE);
    }

    /** Adds the fields of an object, without its braces. */
    void json(final JsonBytes to) {
        to.string("line").raw(':').number(line);
        if (name != null) {
            to.raw(',').string("name").raw(':').string(name);
        }
        to.raw(',').string("pattern").raw(':').string(pattern.toString());
    }
}
