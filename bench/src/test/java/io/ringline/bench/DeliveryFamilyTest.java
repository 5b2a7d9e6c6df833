package io.ringline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.OverflowPolicy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryFamilyTest {
    private static final DeliveryIsolation.Plan PLAN = new DeliveryIsolation.Plan(1, 5);

    private static List<Row> rows(final double rate, final double tail) throws IOException {
        final DeliveryIsolation.Found found = new DeliveryIsolation.Found(50_000, rate, 9_000, tail, 100);
        return DeliveryFamily.isolation(OverflowPolicy.DROP_NEWEST, PLAN, found, Bounds.load());
    }

    @Test
    void isAFamilyOfTheCommand() {
        final BenchMain.Request request = BenchMain.parse(new String[] {"delivery", "--quick", "--only-alloc"});
        assertThat(request.family()).isEqualTo("delivery");
        assertThat(request.onlyAlloc()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delivery.park.leastThroughputRatio",
                "delivery.isolation.leastThroughputRatio",
                "delivery.isolation.leastTailRatio",
                "delivery.mostBytesPerIteration"
            })
    void promisesANumber(final String bound) throws IOException {
        assertThat(Bounds.load().get(bound)).isPositive();
    }

    @Test
    void aPolicyHasARowForThroughputAndOneForTheTail() throws IOException {
        final List<Row> rows = rows(50_000, 9_000);
        assertThat(rows)
                .extracting(Row::name)
                .containsExactly("isolation, DROP_NEWEST, throughput", "isolation, DROP_NEWEST, p99.9");
        assertThat(rows).extracting(Row::figure).containsExactly(20_000.0, 9_000.0);
        assertThat(rows).extracting(Row::ratio).containsExactly(1.0, 1.0);
        assertThat(rows).allMatch(Row::holds);
    }

    @Test
    void lessThanNineTenthsIsMissed() throws IOException {
        assertThat(rows(45_000, 10_000)).allMatch(Row::holds);
        assertThat(rows(44_900, 10_010)).noneMatch(Row::holds);
    }
}
