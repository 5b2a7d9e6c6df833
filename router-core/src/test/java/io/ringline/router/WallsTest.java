package io.ringline.router;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.lmax.disruptor.RingBuffer;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom, in sequencer-core and router-core. */
class WallsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ringline");

    @Test
    void everyPackageIsLookedAt() {
        assertThat(CLASSES).anyMatch(type -> type.getPackageName().equals("io.ringline.sequencer"));
        for (final String name : new String[] {"subject", "record", "stage", "channel", "consumer", "journal"}) {
            assertThat(CLASSES).as(name).anyMatch(type -> type.getPackageName().equals("io.ringline.router." + name));
        }
    }

    @Test
    void sequencerKnowsAgronaAndThePlainJdk() {
        classes()
                .that()
                .resideInAPackage("io.ringline.sequencer..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.ringline.sequencer..",
                        "org.agrona..",
                        "java.lang",
                        "java.lang.annotation",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.util",
                        "java.util.function",
                        "java.util.zip",
                        "java.nio",
                        "org.jspecify.annotations")
                .because("it does no I/O and takes no lock: a state machine that tests drive by hand")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.ringline.sequencer..")
                .should()
                .dependOnClassesThat(assignableTo(Thread.class))
                .orShould()
                .dependOnClassesThat(assignableTo(ThreadLocal.class))
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .because("time is an argument, and threads are the caller's")
                .check(CLASSES);
    }

    @Test
    void onlyTheJournalKnowsChronicle() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.ringline.router.journal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.openhft..")
                .check(CLASSES);
    }

    @Test
    void onlyTheRouterAndItsStagesKnowTheDisruptor() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.ringline.router", "io.ringline.router.stage")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.lmax..")
                .check(CLASSES);
    }

    @Test
    void onlyThePipelineWiresTheDisruptor() {
        noClasses()
                .that(not(belongToAnyOf(RouterPipeline.class)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.lmax.disruptor.dsl..")
                .orShould()
                .callMethodWhere(target(owner(assignableTo(RingBuffer.class)))
                        .and(target(nameMatching("create.*|newBarrier|addGatingSequences|removeGatingSequence"))))
                .check(CLASSES);
    }

    @Test
    void theRouterIsALibrary() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.ringline.nats..",
                        "io.ringline.cli..",
                        "io.ringline.bench..",
                        "picocli..",
                        "com.fasterxml..",
                        "io.nats..",
                        "ch.qos..",
                        "java.util.logging..")
                .because("a command line, JSON, NATS and a logging backend are the application's")
                .check(CLASSES);
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLASSES);
    }

    @Test
    void theHotPathsDataClassesDoNotLog() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.ringline.router.subject..", "io.ringline.router.record..", "io.ringline.router.channel..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void packagesFormNoCircle() {
        slices().matching("io.ringline.router.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
