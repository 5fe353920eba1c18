package dev.ringmaster.lb;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may import whom: the picture in DESIGN.md, held. */
class ArchitectureTest {
    private static final String ROOT = "dev.ringmaster.lb";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.ringmaster");

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            http             | -
            telemetry        | -
            replica          | telemetry
            balance          | replica
            upstream         | http, replica, telemetry
            proxy            | http, balance, upstream, replica, telemetry
            listener         | http, proxy, admin, telemetry
            health           | http, replica, telemetry
            provider         | replica
            provider.process | provider, replica
            provider.docker  | provider, replica
            provider.fixed   | provider, replica
            lifecycle        | replica, health, provider, balance, telemetry
            handover         | -
            admin            | http, lifecycle, replica, balance, telemetry
            """)
    void package_imports_onlyWhatItMay(String name, String allowed) {
        List<String> packages = new ArrayList<>(List.of(ROOT + "." + name, "dev.ringmaster.hashing.."));
        if (allowed != null) {
            for (String other : allowed.split(", ", -1)) {
                packages.add(ROOT + "." + other);
            }
        }
        noClasses()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.ringmaster..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                JavaClass.Predicates.resideInAnyPackage(packages.toArray(String[]::new)))))
                .check(CLASSES);
    }

    @Test
    void packages_dependencies_haveNoCycle() {
        slices().matching("dev.ringmaster.lb.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void hashing_onlyBalance_knowsIt() {
        classes()
                .that()
                .resideInAPackage("dev.ringmaster.hashing..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage("dev.ringmaster.hashing..", ROOT + ".balance", ROOT + ".config")
                .check(CLASSES);
    }

    @Test
    void config_onlyRootAndCommands_readIt() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".config")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAnyPackage(ROOT, ROOT + ".cli..", ROOT + ".config")
                .check(CLASSES);
    }
}
