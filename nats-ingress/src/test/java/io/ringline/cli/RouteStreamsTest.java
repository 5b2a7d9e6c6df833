package io.ringline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.journal.JournalVerifier;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow, closed and failing streams. */
@Timeout(60)
class RouteStreamsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private static final class FailingOutput extends OutputStream {
        private final String message;
        private int left;

        FailingOutput(final int left, final String message) {
            this.left = left;
            this.message = message;
        }

        @Override
        public void write(final int b) throws IOException {
            if (--left < 0) {
                throw new IOException(message);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inline", "fused", "staged"})
    void shouldDeliverAndTimeOutWhileTheInputIsSilent(final String topology) throws Exception {
        final PipedOutputStream input = new PipedOutputStream();
        final InputStream in = new PipedInputStream(input, 4_096);
        final PipedOutputStream out = new PipedOutputStream();
        final BufferedReader delivered =
                new BufferedReader(new InputStreamReader(new PipedInputStream(out, 65_536), UTF_8));
        final CompletableFuture<Cli.Result> run = CompletableFuture.supplyAsync(() -> Cli.run(
                in, out, Cli.routeArgs("--topology", topology, "--sequence-timeout", "50ms", "--summary", "json")));
        input.write("{\"subject\":\"a\",\"sequence\":1}\n{\"subject\":\"a\",\"sequence\":3}\n{\"sub".getBytes(UTF_8));
        input.flush();
        assertThat(delivered.readLine()).contains("\"aggregateSequence\":1");
        assertThat(delivered.readLine()).contains("\"aggregateSequence\":3,\"gap\":1");
        input.write("ject\":\"a\",\"sequence\":2}\n{\"subject\":\"a\"}\n".getBytes(UTF_8));
        input.flush();
        assertThat(delivered.readLine()).contains("\"aggregateSequence\":4");
        input.close();
        final Cli.Result result = run.get(30, TimeUnit.SECONDS);
        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("\"late\":1", "\"LATE\":1", "\"gaps\":1");
    }

    @Test
    void shouldEndQuietlyWhereNobodyReadsTheOutput() {
        final String input = String.join("\n", Cli.sample());
        final Path journal = temp.resolve("journal");
        final Cli.Result result = Cli.run(
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                new FailingOutput(100, "Broken pipe"),
                Cli.routeArgs("--journal", journal.toString()));
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(JournalVerifier.verify(journal.toFile()).isClean()).isTrue();
    }

    @Test
    void shouldSayThatTheOutputCannotBeWritten() {
        final Cli.Result result = Cli.run(
                new ByteArrayInputStream("{\"subject\":\"a\"}\n".getBytes(UTF_8)),
                new FailingOutput(0, "No space left on device"),
                Cli.routeArgs());
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .isEqualToIgnoringNewLines("ringline: cannot write the output: No space left on device");
    }

    @Test
    void shouldSayThatTheInputCannotBeRead() {
        final InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }
        };
        final Cli.Result result = Cli.run(broken, Cli.routeArgs());
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .contains("cannot read the input: Input/output error")
                .hasLineCount(1);
    }
}
