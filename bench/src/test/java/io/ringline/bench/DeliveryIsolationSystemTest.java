package io.ringline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringline.router.OverflowPolicy;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The run itself, as short as it can be: it fails where an event is lost, or where the stop was not felt at all. */
class DeliveryIsolationSystemTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = "BACK_PRESSURE", mode = EnumSource.Mode.EXCLUDE)
    void findsSomethingAndAccountsForAll(final OverflowPolicy policy) {
        final DeliveryIsolation.Found found =
                new DeliveryIsolation(policy, new DeliveryIsolation.Plan(1, 1), folder).run();
        assertThat(found.baseRate()).isPositive();
        assertThat(found.rate()).isPositive();
        assertThat(found.baseTail()).isPositive();
        assertThat(found.tail()).isPositive();
    }
}
