package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubjectHandlesTest {
    @Test
    void aSubjectHandleIsCheckedHashedAndCopied() {
        final Subject subject = new SubjectHandles(100).resolve("a.b");
        assertThat(subject).hasToString("a.b");
        assertThat(subject.length()).isEqualTo(3);
        assertThat(subject.hash())
                .isEqualTo(SubjectHash.validateAndHash(subject.buffer(), subject.offset(), subject.length()));
        assertThatThrownBy(() -> new SubjectHandles(100).resolve("a.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a.*'")
                .hasMessageContaining("token 2 is the wildcard *");
        assertThatThrownBy(() -> new SubjectHandles(100).resolve("")).hasMessageContaining("invalid subject ''");
        assertThatThrownBy(() -> new SubjectHandles(4).resolve("a.bcd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the limit is 4");
    }

    @Test
    void aRefusedSubjectTakesNoToken() {
        final SubjectHandles handles = new SubjectHandles(100);
        assertThat(handles.resolve("a").token()).isEqualTo(SubjectMatcher.CACHE_ENTRIES);
        assertThatThrownBy(() -> handles.resolve("a..b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(handles.resolve("a").token())
                .as("a second handle of a subject is another one")
                .isEqualTo(SubjectMatcher.CACHE_ENTRIES + 1);
    }

    @Test
    void manyHandlesOverSeveralChunksKeepTheirBytes() {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("SubjectHandlesTest seed " + seed);
        final Random random = new Random(seed);
        final SubjectHandles handles = new SubjectHandles(4_096);
        final List<byte[]> texts = new ArrayList<>();
        final List<Subject> subjects = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            texts.add(RandomPatterns.subject(random));
            subjects.add(handles.resolve(new String(texts.get(i), StandardCharsets.UTF_8)));
        }
        assertThat(subjects.stream().map(Subject::buffer).distinct()).hasSizeGreaterThan(3);
        for (int i = 0; i < subjects.size(); i++) {
            final Subject subject = subjects.get(i);
            final String which = "seed " + seed + " subject " + SubjectRules.show(texts.get(i));
            final byte[] bytes = new byte[subject.length()];
            subject.buffer().getBytes(subject.offset(), bytes);
            assertThat(bytes).as(which).isEqualTo(texts.get(i));
            assertThat(subject.token()).as(which).isEqualTo(SubjectMatcher.CACHE_ENTRIES + i);
            assertThat(subject.hash())
                    .as(which)
                    .isEqualTo(SubjectHash.hash(subject.buffer(), subject.offset(), bytes.length));
        }
    }

    @Test
    void theLongestSubjectGetsAChunkThatHoldsIt() {
        final SubjectHandles handles = new SubjectHandles(65_535);
        final String longest = "a." + "x".repeat(65_533);
        final Subject first = handles.resolve("a.b");
        final Subject second = handles.resolve(longest);
        final Subject third = handles.resolve("c.b");
        assertThat(second).hasToString(longest);
        assertThat(first).hasToString("a.b");
        assertThat(third).hasToString("c.b");
    }
}
