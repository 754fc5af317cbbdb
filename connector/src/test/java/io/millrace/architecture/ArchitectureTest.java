// SPDX-License-Identifier: Apache-2.0
package io.millrace.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Optional;
import org.apache.flink.annotation.Experimental;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.Public;
import org.apache.flink.annotation.PublicEvolving;

/** The rules of the package graph; docs/architecture.md says why. No violation is frozen. */
@AnalyzeClasses(packages = "io.millrace", importOptions = ArchitectureTest.NoTestClasses.class)
@ArchTag("unit")
final class ArchitectureTest {

  @ArchTest
  static final ArchRule flinkIsKnownOnlyBelowFlink =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.millrace.flink..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.flink..");

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("io.millrace.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule layersPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          // Layers are being filled one after the other; an unknown package fails
          // everyPackageHasALayer.
          .withOptionalLayers(true)
          .layer("table")
          .definedBy("io.millrace.flink.table..")
          .layer("source")
          .definedBy("io.millrace.flink.source..")
          .layer("sink")
          .definedBy("io.millrace.flink.sink..")
          .layer("flink")
          .definedBy(
              "io.millrace.flink.compat..",
              "io.millrace.flink.metrics..",
              "io.millrace.flink.scan..",
              "io.millrace.flink.storage..",
              "io.millrace.flink.typeinfo..")
          .layer("plan")
          .definedBy("io.millrace.plan..")
          .layer("prefetch")
          .definedBy("io.millrace.prefetch..")
          .layer("format")
          .definedBy("io.millrace.format..")
          .layer("cache")
          .definedBy("io.millrace.cache..")
          .layer("storage")
          .definedBy("io.millrace.storage..")
          .layer("sample")
          .definedBy("io.millrace.sample..")
          .whereLayer("table")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("source")
          .mayOnlyBeAccessedByLayers("table")
          .whereLayer("sink")
          .mayOnlyBeAccessedByLayers("table")
          .whereLayer("flink")
          .mayOnlyBeAccessedByLayers("table", "source", "sink")
          .whereLayer("plan")
          .mayOnlyBeAccessedByLayers("table", "source", "sink", "flink", "prefetch", "format")
          .whereLayer("prefetch")
          .mayOnlyBeAccessedByLayers("table", "source", "sink", "flink", "plan", "format")
          .whereLayer("format")
          .mayOnlyBeAccessedByLayers("table", "source", "sink", "flink", "plan", "prefetch")
          .whereLayer("cache")
          .mayOnlyAccessLayers("storage", "sample")
          .whereLayer("storage")
          .mayOnlyAccessLayers("sample")
          .whereLayer("sample")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule everyPackageHasALayer =
      classes()
          .should()
          .resideInAnyPackage(
              "io.millrace.flink.table..",
              "io.millrace.flink.source..",
              "io.millrace.flink.sink..",
              "io.millrace.flink.compat..",
              "io.millrace.flink.metrics..",
              "io.millrace.flink.scan..",
              "io.millrace.flink.storage..",
              "io.millrace.flink.typeinfo..",
              "io.millrace.plan..",
              "io.millrace.prefetch..",
              "io.millrace.format..",
              "io.millrace.cache..",
              "io.millrace.storage..",
              "io.millrace.sample..");

  @ArchTest
  static final ArchRule formatsDoNotKnowTheCache =
      noClasses()
          .that()
          .resideInAPackage("io.millrace.format..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.millrace.cache..", "io.millrace.prefetch..");

  @ArchTest
  static final ArchRule publicTypesBelowFlinkHaveAStability =
      classes()
          .that()
          .resideInAPackage("io.millrace.flink..")
          .and()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .should()
          .beAnnotatedWith(Public.class)
          .orShould()
          .beAnnotatedWith(PublicEvolving.class)
          .orShould()
          .beAnnotatedWith(Experimental.class)
          .orShould()
          .beAnnotatedWith(Internal.class);

  @ArchTest
  static final ArchRule noPackageIsADump =
      noClasses().should().resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..");

  @ArchTest
  static final ArchRule optionalIsNoField =
      fields()
          .that()
          .areDeclaredInClassesThat()
          // A record's component is there to be returned.
          .areNotRecords()
          .should()
          .notHaveRawType(Optional.class)
          .because("absence in a field is @Nullable");

  @ArchTest
  static final ArchRule optionalIsNoParameter =
      methods().should().notHaveRawParameterTypes(containingOptional());

  private static DescribedPredicate<List<JavaClass>> containingOptional() {
    return describe(
        "with an Optional",
        types -> types.stream().anyMatch(type -> type.isEquivalentTo(Optional.class)));
  }

  /** ArchUnit's own option knows target/test-classes, not target/flink-2.2.0/test-classes. */
  static final class NoTestClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
