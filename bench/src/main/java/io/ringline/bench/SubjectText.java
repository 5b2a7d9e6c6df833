package io.ringline.bench;

import java.nio.charset.StandardCharsets;

/** A workload's subjects for those who do not take them from its memory. */
final class SubjectText {
    private SubjectText() {}

    static byte[] bytes(final SubjectWorkload workload, final int subject) {
        final byte[] bytes = new byte[workload.lengths[subject]];
        workload.subjects.getBytes(workload.offsets[subject], bytes);
        return bytes;
    }

    static String text(final SubjectWorkload workload, final int subject) {
        return new String(bytes(workload, subject), StandardCharsets.UTF_8);
    }

    /** All of them, by number. */
    static String[] texts(final SubjectWorkload workload) {
        final String[] texts = new String[SubjectWorkload.SUBJECTS];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(workload, i);
        }
        return texts;
    }
}
