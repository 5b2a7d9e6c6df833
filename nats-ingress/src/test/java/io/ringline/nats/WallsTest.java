package io.ringline.nats;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom, in the application. */
class WallsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ringline.nats", "io.ringline.cli");

    @Test
    void bothPackagesAreLookedAt() {
        assertThat(CLASSES).anyMatch(type -> type.getPackageName().equals("io.ringline.nats"));
        assertThat(CLASSES).anyMatch(type -> type.getPackageName().equals("io.ringline.cli"));
    }

    @Test
    void natsKnowsNoCommandLine() {
        noClasses()
                .that()
                .resideInAPackage("io.ringline.nats..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.ringline.cli..", "picocli..", "com.fasterxml..")
                .check(CLASSES);
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES.that(resideInAPackage("io.ringline.nats..")));
    }

    @Test
    void theApplicationUsesTheRouterNotWhatIsBelowIt() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.lmax..", "net.openhft..", "io.ringline.router.stage..")
                .check(CLASSES);
    }

    @Test
    void theLoggingBackendIsNotNamed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ch.qos..", "java.util.logging..")
                .because("Logback is there at run time only")
                .check(CLASSES);
    }
}
