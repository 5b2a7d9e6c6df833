package io.ringline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCommandTest {
    @ParameterizedTest
    @CsvSource({"x..>, token 2 is empty", "a b, token 1 holds a space", "a.>.b, token 2 is >"})
    void shouldRefuseSubjectsBeforeItConnects(final String subject, final String reason) {
        final Cli.Result result = Cli.run("", "run", "--nats=nats://nowhere.invalid:4222", "--subject=" + subject);
        assertThat(result.status()).as(result.err()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err())
                .startsWith("ringline: --subject " + subject + ": ")
                .contains(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "a.>=1, a.b=2, aggregate rule a.b is never reached: the rule a.> before it",
        "a.b=1, a.b=2, aggregate rule a.b is never reached: the rule a.b before it",
        "a.b=1, a.b=, write PATTERN=TOKEN",
        "a.b=1, a.*, write PATTERN=TOKEN",
        "a.b=1, a..b=1, token 2 is empty",
        "a.b=1, a.*=3, asks for token 3",
    })
    void shouldRefuseAggregateRulesBeforeItConnects(final String first, final String second, final String reason) {
        final Cli.Result result = Cli.run(
                "",
                "run",
                "--nats=nats://nowhere.invalid:4222",
                "--subject=>",
                "--subscribe=all=>",
                "--aggregate-rule=" + first,
                "--aggregate-rule=" + second);
        assertThat(result.status()).as(result.err()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.err())
                .startsWith("ringline: --aggregate-rule " + second + ": ")
                .contains(reason);
    }
}
