package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which classes of others mesh-core touches, and which of them it shows to its users. */
class ForeignTypesTest {
  /** The types of others that a public signature may show: users hold them already. */
  private static final Set<String> SHOWN =
      Set.of(
          "org.apache.avro.Schema",
          "org.apache.avro.generic.GenericRecord",
          "org.apache.avro.specific.SpecificRecord",
          "org.apache.iceberg.io.FileIO",
          // Of an optional dependency, which the caller of the method adds.
          "io.micrometer.core.instrument.MeterRegistry");

  private static final List<String> NEVER_USED =
      List.of(
          "org.apache.hadoop",
          "org.apache.parquet.hadoop",
          "io.netty",
          "com.google.common",
          "org.apache.iceberg.relocated",
          "org.apache.logging",
          "ch.qos.logback");

  @Test
  void publicSignaturesShowOnlyTypesThatUsersHold() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      if (isVisible(type) && !PackageOrder.isInternal(type)) {
        type.getSuperclass()
            .ifPresent(t -> evaluate(type, "extends", t.getAllInvolvedRawTypes(), faults));
        for (JavaType t : type.getInterfaces()) {
          evaluate(type, "implements", t.getAllInvolvedRawTypes(), faults);
        }
        for (JavaCodeUnit unit : type.getCodeUnits()) {
          if (isVisible(unit.getModifiers())) {
            evaluate(type, unit.getName(), unit.getAllInvolvedRawTypes(), faults);
            unit.getThrowsClause()
                .getTypes()
                .forEach(t -> evaluate(type, unit.getName(), Set.of(t), faults));
          }
        }
        for (JavaField field : type.getFields()) {
          if (isVisible(field.getModifiers())) {
            evaluate(type, field.getName(), field.getAllInvolvedRawTypes(), faults);
          }
        }
      }
    }

    assertThat(faults).as("public members that show a type users cannot use").isEmpty();
  }

  @Test
  void noHadoopNettyGuavaOrLoggingBackendIsUsed() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      type.getDirectDependenciesFromSelf().stream()
          .filter(
              dependency ->
                  NEVER_USED.stream()
                      .anyMatch(name -> PackageOrder.isIn(dependency.getTargetClass(), name)))
          .forEach(dependency -> faults.add(dependency.getDescription()));
    }

    assertThat(faults).isEmpty();
  }

  @Test
  void onlyOnePackageUsesMicrometerWhichIsOptional() {
    Set<String> using = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      type.getDirectDependenciesFromSelf().stream()
          .filter(dependency -> PackageOrder.isIn(dependency.getTargetClass(), "io.micrometer"))
          .forEach(dependency -> using.add(type.getPackageName()));
    }

    assertThat(using).containsExactly("io.meshwork.micrometer");
  }

  @Test
  void onlyTheLocalBackendAndTheReaderOfResultSetsUseSql() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : PackageOrder.classes()) {
      if (!PackageOrder.isIn(type, "io.meshwork.local")
          && !type.getName().startsWith("io.meshwork.internal.rows.ResultSet")) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(
                dependency ->
                    PackageOrder.isIn(dependency.getTargetClass(), "java.sql")
                        || PackageOrder.isIn(dependency.getTargetClass(), "javax.sql")
                        || PackageOrder.isIn(dependency.getTargetClass(), "org.sqlite"))
            .filter(
                dependency -> !dependency.getTargetClass().getName().equals("java.sql.ResultSet"))
            .forEach(dependency -> faults.add(dependency.getDescription()));
      }
    }

    assertThat(faults).isEmpty();
  }

  private static void evaluate(
      JavaClass owner, String member, Set<JavaClass> shown, Set<String> faults) {
    String name = owner.getName() + "#" + member;
    for (JavaClass type : shown) {
      JavaClass bare = type.getBaseComponentType();
      boolean fits =
          bare.isPrimitive()
              || bare.getPackageName().startsWith("java.")
              || SHOWN.contains(bare.getName())
              || (PackageOrder.isOurs(bare) && !PackageOrder.isInternal(bare));
      if (!fits) {
        faults.add(name + " shows " + bare.getName());
      }
    }
  }

  private static boolean isVisible(Set<JavaModifier> modifiers) {
    boolean written = !modifiers.contains(JavaModifier.SYNTHETIC);
    return written
        && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
  }

  /** True if users can reach the class: it is public, and so is each class around it. */
  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(ForeignTypesTest::isVisible).orElse(true);
  }
}
