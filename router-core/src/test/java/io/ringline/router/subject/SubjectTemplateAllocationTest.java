package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Formatting, taking apart and comparing allocate nothing, whether values are taken, refused, or do not fit. */
class SubjectTemplateAllocationTest {
    private static final int SUBJECTS = 200_000;

    private final SubjectTemplate[] templates =
            GraphSubject.ALL.stream().map(GraphSubject::template).toArray(SubjectTemplate[]::new);
    private final UnsafeBuffer name = new UnsafeBuffer("node-17.".getBytes(StandardCharsets.UTF_8));
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[80]);
    private final TemplateValues values = new TemplateValues(2);
    private final TemplateValues found = new TemplateValues(2);
    private long refused;
    private long parsed;
    private long related;

    @Test
    void allocatesNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // The least of some: the measuring itself, and the compiler, may allocate now and then.
        for (int i = 0; i < 5; i++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            run();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(1_000);
        assertThat(refused).isGreaterThan(SUBJECTS / 2);
        assertThat(parsed).isGreaterThan(SUBJECTS);
        assertThat(related).isGreaterThan(SUBJECTS / 10);
    }

    private void run() {
        for (int i = 0; i < SUBJECTS; i++) {
            final SubjectTemplate template = templates[i % templates.length];
            final SubjectTemplate other = templates[i / 3 % templates.length];
            // Now and then the name with the dot behind it, or too little room.
            values.set(0, i * 1_000_003L).set(1, name, 0, i % 5 == 0 ? 8 : 7);
            final int length = template.format(values, buffer, i % 7 == 0 ? 70 : 0);
            if (length < 0) {
                refused++;
            } else if (template.parse(buffer, 0, length, found) && found.longValue(0, -1) == i * 1_000_003L) {
                parsed++;
                related +=
                        other.parse(buffer, 0, length, found) && other.pattern().matches(buffer, 0, length) ? 1 : 0;
            }
            related += template.pattern().covers(other.pattern())
                            && other.pattern().overlaps(template.pattern())
                    ? 1
                    : 0;
        }
    }
}
