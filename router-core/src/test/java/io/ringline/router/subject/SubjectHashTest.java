package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SubjectHashTest {
    private static final byte[] ALPHABET =
            "....**>> \t\n\f\r\u0000\u0001!+-/=?abcdefgABCXYZ019".getBytes(StandardCharsets.US_ASCII);
    /** Neighbours of the special bytes with the high bit set, where a check of eight bytes at a time could slip. */
    private static final int[] HIGH = {0xFF, 0x80, 0x81, 0x8A, 0x89, 0xA0, 0xAA, 0xAE, 0xBE, 0xC3, 0xFE};

    private static final int SHORT_CASES = 600_000;
    private static final int LONG_CASES = 20_000;

    @Test
    void agreesWithTheRulesForRandomBytes() {
        final long seed = System.nanoTime();
        System.out.println("SubjectHashTest seed " + seed);
        final Random random = new Random(seed);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8_192]);
        int valid = 0;
        for (int i = 0; i < SHORT_CASES + LONG_CASES; i++) {
            final int length = i < SHORT_CASES ? random.nextInt(41) : 41 + random.nextInt(i % 100 == 0 ? 4_056 : 300);
            final byte[] text = text(random, length);
            // What lies around a subject must never count.
            final int offset = 16 + random.nextInt(64);
            surround(random, buffer, offset, length);
            buffer.putBytes(offset, text);
            final boolean expected = SubjectRules.problemOfSubject(text, SubjectRules.DEFAULT_MAX_BYTES) == null;
            final long hash = SubjectHash.validateAndHash(buffer, offset, length);
            if (expected != (hash != SubjectHash.INVALID)
                    || expected && hash != SubjectHash.hash(new UnsafeBuffer(text), 0, length)) {
                assertThat(hash)
                        .as("seed %d case %d offset %d valid %s bytes %s", seed, i, offset, expected, hex(text))
                        .isEqualTo(expected ? SubjectHash.hash(new UnsafeBuffer(text), 0, length) : 0);
            }
            valid += expected ? 1 : 0;
        }
        assertThat(valid).as("both outcomes are well covered").isBetween(SHORT_CASES / 10, SHORT_CASES * 9 / 10);
    }

    /** Mostly letters in half of the cases, so that many are valid; every byte is possible in the others. */
    private static byte[] text(final Random random, final int length) {
        final byte[] text = new byte[length];
        final int special = random.nextBoolean() ? 2 : 1 + random.nextInt(100);
        final boolean spaced = random.nextBoolean();
        for (int i = 0; i < length; i++) {
            if (random.nextInt(100) >= special) {
                final boolean dot = spaced && i > 0 && i < length - 1 && text[i - 1] != '.' && random.nextInt(3) == 0;
                text[i] = (byte) (dot ? '.' : 'a' + random.nextInt(26));
                continue;
            }
            final int kind = random.nextInt(10);
            text[i] = kind < 6
                    ? ALPHABET[random.nextInt(ALPHABET.length)]
                    : (byte) (kind < 9 ? HIGH[random.nextInt(HIGH.length)] : random.nextInt(256));
        }
        return text;
    }

    private static void surround(final Random random, final UnsafeBuffer buffer, final int offset, final int length) {
        for (int i = 1; i <= 16; i++) {
            buffer.putByte(offset - i, ALPHABET[random.nextInt(ALPHABET.length)]);
            buffer.putByte(offset + length - 1 + i, ALPHABET[random.nextInt(ALPHABET.length)]);
        }
    }

    private static String hex(final byte[] text) {
        final StringBuilder hex = new StringBuilder();
        for (final byte b : text) {
            hex.append(String.format("%02x ", b));
        }
        return hex.toString();
    }

    @Test
    void everyByteAtEveryPlaceOfAWordAndItsTail() {
        for (int length = 1; length <= 24; length++) {
            for (int at = 0; at < length; at++) {
                for (int b = 0; b < 512; b++) {
                    final byte[] text = "a".repeat(length).getBytes(StandardCharsets.US_ASCII);
                    text[at] = (byte) b;
                    if (b >= 256) {
                        // As a token of its own.
                        if (at > 0) {
                            text[at - 1] = '.';
                        }
                        if (at + 1 < length) {
                            text[at + 1] = '.';
                        }
                    }
                    final boolean expected = SubjectRules.problemOfSubject(text, 100) == null;
                    final long hash = SubjectHash.validateAndHash(new UnsafeBuffer(text), 0, length);
                    if (expected != (hash != SubjectHash.INVALID)) {
                        assertThat(hash != SubjectHash.INVALID).as(hex(text)).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void differentSubjectsHashDifferently() {
        final Set<Long> hashes = new HashSet<>();
        for (int i = 0; i < 200_000; i++) {
            final byte[] text = ("event.graph." + i + ".updated").getBytes(StandardCharsets.US_ASCII);
            hashes.add(SubjectHash.hash(new UnsafeBuffer(text), 0, text.length));
        }
        for (int zeros = 1; zeros <= 40; zeros++) {
            hashes.add(SubjectHash.hash(new UnsafeBuffer(new byte[40]), 0, zeros));
        }
        assertThat(hashes).hasSize(200_040).doesNotContain(SubjectHash.INVALID);
    }

    /** Both words negated, without a key: what a signed product cannot tell apart. */
    @Test
    void noChangeOfBytesMakesHashesEqualWhateverTheKey() {
        final Random random = new Random(1);
        int same = 0;
        for (int i = 0; i < 100_000; i++) {
            final byte[] one = new byte[16];
            for (int j = 0; j < one.length; j++) {
                one[j] = (byte) ('a' + random.nextInt(26));
            }
            final byte[] other = one.clone();
            for (int j = 0; j < other.length; j++) {
                other[j] ^= (byte) (j % 8 == 0 ? 0xFE : 0xFF);
            }
            same += hash(one) == hash(other) ? 1 : 0;
        }
        assertThat(same).isZero();
    }

    @Test
    void aFamilyOfLongSubjectsHasAsManyHashes() {
        final Random random = new Random(2);
        for (int low = 1; low < 16; low++) {
            final Set<Long> hashes = new HashSet<>();
            final Set<String> subjects = new HashSet<>();
            for (int i = 0; i < 2_000; i++) {
                final byte[] text = "a".repeat(1_024).getBytes(StandardCharsets.US_ASCII);
                for (int at = 32; at < 992; at += 16) {
                    final boolean flipped = random.nextBoolean();
                    text[at] = (byte) (flipped ? 'a' ^ low : 'a');
                    text[at + 8] = text[at];
                }
                subjects.add(new String(text, StandardCharsets.ISO_8859_1));
                hashes.add(hash(text));
            }
            assertThat(hashes).as("bits %d", low).hasSize(subjects.size());
        }
    }

    private static long hash(final byte[] text) {
        return SubjectHash.hash(new UnsafeBuffer(text), 0, text.length);
    }
}
