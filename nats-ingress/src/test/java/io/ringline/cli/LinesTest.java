package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    private final List<String> seen = new ArrayList<>();
    private final Lines lines = new Lines((number, bytes, offset, length, tooLong) ->
            seen.add(number + ":" + new String(bytes, offset, length, UTF_8) + (tooLong ? "+" : "")));

    private List<String> cut(final byte[] input, final int blockBytes) throws IOException {
        for (int at = 0; at < input.length; at += blockBytes) {
            final byte[] block = Arrays.copyOfRange(input, at, Math.min(input.length, at + blockBytes));
            lines.onBytes(block, block.length);
        }
        lines.onEnd();
        return seen;
    }

    @Test
    void shouldCutAtLineEndsWhereverBlocksEnd() throws IOException {
        final long seed = Long.getLong("ringline.seed", System.nanoTime());
        final Random random = new Random(seed);
        final byte[] input = "\uFEFFa\r\n\nbb\rb\nccc\n\r\nlast".getBytes(UTF_8);
        assertThat(cut(input, 1 + random.nextInt(input.length)))
                .as("seed %d", seed)
                .containsExactly("1:a", "2:", "3:bb\rb", "4:ccc", "5:", "6:last");
    }

    @Test
    void shouldNotMakeALineOfNothing() throws IOException {
        assertThat(cut(new byte[0], 1)).isEmpty();
        assertThat(cut("a\n".getBytes(UTF_8), 1)).containsExactly("1:a");
    }

    @Test
    void shouldKeepTheStartOfALineThatIsTooLongAndGoOnAfterIt() throws IOException {
        final byte[] input =
                ("x".repeat(Lines.MAX_BYTES + 10) + "\nnext\n" + "y".repeat(Lines.MAX_BYTES) + "\nend").getBytes(UTF_8);
        cut(input, 64 << 10);
        assertThat(seen.get(0)).hasSize("1:".length() + Lines.MAX_BYTES + 1).endsWith("x+");
        assertThat(seen.get(1)).isEqualTo("2:next");
        assertThat(seen.get(2)).endsWith("y").hasSize("3:".length() + Lines.MAX_BYTES);
        assertThat(seen.get(3)).isEqualTo("4:end");
    }
}
