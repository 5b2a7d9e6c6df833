package io.ringline.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeExampleTest {
    @Test
    void theExampleRuns() {
        assertThat(ReadmeExample.run()).containsExactly("order.7.filled #1", "order.7.filled #2", "order.7.filled #3");
    }

    @Test
    void theReadmeShowsItToTheLetter() throws IOException {
        final String source = Files.readString(Path.of("src/test/java/io/ringline/router/ReadmeExample.java"));
        final String code = source.substring(
                        source.indexOf("// README begin") + "// README begin".length(), source.indexOf("// README end"))
                .stripIndent()
                .strip();
        final String readme = Files.readString(Path.of("../README.md")).replaceAll("\\s+", " ");
        assertThat(readme).contains(code.replaceAll("\\s+", " "));
    }
}
