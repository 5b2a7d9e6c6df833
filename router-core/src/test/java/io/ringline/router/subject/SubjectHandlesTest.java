package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubjectHandlesTest {
    private static SubjectHandles handles(final int maxSubjectBytes) {
        final SubjectTrie trie = SubjectTrie.builder()
                .add(new Pattern(new byte[] {'a', '.', '>'}), 0)
                .add(new Pattern(new byte[] {'*', '.', 'b'}), 2)
                .build();
        return new SubjectHandles(trie, 1, maxSubjectBytes);
    }

    private static long[] matches(final Subject subject, final int words) {
        final long[] result = new long[words];
        for (int i = 0; i < words; i++) {
            result[i] = subject.buffer().getLong(subject.wordsOffset() + i * Long.BYTES);
        }
        return result;
    }

    @Test
    void aSubjectHandleIsCheckedHashedAndCopied() {
        final Subject subject = handles(100).resolve("a.b");
        assertThat(subject).hasToString("a.b");
        assertThat(subject.length()).isEqualTo(3);
        assertThat(subject.hash())
                .isEqualTo(SubjectHash.validateAndHash(subject.buffer(), subject.offset(), subject.length()));
        assertThat(matches(subject, 1)).containsExactly(0b101);
        assertThatThrownBy(() -> handles(100).resolve("a.*"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a.*'")
                .hasMessageContaining("token 2 is the wildcard *");
        assertThatThrownBy(() -> handles(100).resolve("")).hasMessageContaining("invalid subject ''");
        assertThatThrownBy(() -> handles(4).resolve("a.bcd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the limit is 4");
    }

    @Test
    void aRefusedSubjectTakesNoToken() {
        final SubjectHandles handles = handles(100);
        assertThat(handles.resolve("a").token()).isEqualTo(SubjectMatcher.CACHE_ENTRIES);
        assertThatThrownBy(() -> handles.resolve("a..b")).isInstanceOf(IllegalArgumentException.class);
        assertThat(handles.resolve("a").token())
                .as("a second handle of a subject is another one")
                .isEqualTo(SubjectMatcher.CACHE_ENTRIES + 1);
    }

    @Test
    void manyHandlesOverSeveralChunksKeepTheirBytesAndTheirMatches() {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        System.out.println("SubjectHandlesTest seed " + seed);
        final Random random = new Random(seed);
        final RandomPatterns patterns = new RandomPatterns(random, 100);
        final SubjectHandles handles = new SubjectHandles(patterns.trie(), patterns.words, 4_096);
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
            assertThat(matches(subject, patterns.words)).as(which).containsExactly(patterns.naive(texts.get(i)));
            assertThat(subject.token()).as(which).isEqualTo(SubjectMatcher.CACHE_ENTRIES + i);
            assertThat(subject.hash())
                    .as(which)
                    .isEqualTo(SubjectHash.hash(subject.buffer(), subject.offset(), bytes.length));
        }
    }

    @Test
    void theLongestSubjectGetsAChunkThatHoldsIt() {
        final SubjectHandles handles = handles(65_535);
        final String longest = "a." + "x".repeat(65_533);
        final Subject first = handles.resolve("a.b");
        final Subject second = handles.resolve(longest);
        final Subject third = handles.resolve("c.b");
        assertThat(second).hasToString(longest);
        assertThat(matches(second, 1)).containsExactly(0b001);
        assertThat(matches(first, 1)).containsExactly(0b101);
        assertThat(matches(third, 1)).containsExactly(0b100);
        assertThat(first).hasToString("a.b");
        assertThat(third).hasToString("c.b");
    }
}
