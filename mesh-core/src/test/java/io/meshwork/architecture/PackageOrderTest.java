package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.meshwork.operation.Operation;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackageOrderTest {
  private final JavaClasses classes = PackageOrder.classes();

  @Test
  void everyPackageIsInTheOrder() {
    Set<String> unlisted = new TreeSet<>();
    for (JavaClass type : classes) {
      if (!PackageOrder.IN_ORDER.contains(type.getPackageName())) {
        unlisted.add(type.getPackageName());
      }
    }

    assertThat(classes).isNotEmpty();
    assertThat(unlisted).as("packages missing in PackageOrder.IN_ORDER").isEmpty();
  }

  @Test
  void aPackageImportsOnlyFromPackagesBeforeIt() {
    Set<String> faults = new TreeSet<>();
    for (Dependency dependency : dependenciesBetweenPackages()) {
      int from = place(dependency.getOriginClass());
      int to = place(dependency.getTargetClass());
      if (from >= 0 && to > from) { // the other test reports packages that are not listed
        faults.add(dependency.getDescription());
      }
    }

    assertThat(faults).as("imports against the order of packages").isEmpty();
  }

  @Test
  void packagesOfOperationsDoNotImportEachOther() {
    assertThat(importsAmong(PackageOrder.OPERATIONS))
        .as("imports between packages of operations")
        .isEmpty();
  }

  @Test
  void readingAndWritingParquetDoNotImportEachOther() {
    assertThat(classes.stream().map(JavaClass::getPackageName))
        .containsAll(PackageOrder.PARQUET_DIRECTIONS.stream().flatMap(List::stream).toList());
    assertThat(importsAmong(PackageOrder.PARQUET_DIRECTIONS))
        .as("imports between reading and writing")
        .isEmpty();
  }

  private Set<String> importsAmong(List<List<String>> groups) {
    Set<String> imports = new TreeSet<>();
    for (Dependency dependency : dependenciesBetweenPackages()) {
      int from = group(groups, dependency.getOriginClass());
      int to = group(groups, dependency.getTargetClass());
      if (from >= 0 && to >= 0 && from != to) {
        imports.add(dependency.getDescription());
      }
    }
    return imports;
  }

  private static int group(List<List<String>> groups, JavaClass type) {
    return IntStream.range(0, groups.size())
        .filter(i -> groups.get(i).contains(type.getPackageName()))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void operationsAreInterfacesWhoseImplementationsAreHidden() {
    Set<String> faults = new TreeSet<>();
    int implementations = 0;
    for (JavaClass type : classes) {
      if (PackageOrder.isOperation(type)) {
        if (!type.isInterface()) {
          faults.add(type.getName() + " is not an interface");
        }
      } else if (type.isAssignableTo(Operation.class)) {
        implementations++;
        boolean constructed =
            type.getConstructors().stream()
                .anyMatch(each -> each.getModifiers().contains(JavaModifier.PUBLIC));
        if (type.getModifiers().contains(JavaModifier.PUBLIC)
            && !type.getModifiers().contains(JavaModifier.ABSTRACT)
            && constructed) {
          faults.add(type.getName() + " can be constructed by other packages");
        }
      }
    }

    assertThat(faults).as("operations that are not as CONTRIBUTING describes them").isEmpty();
    assertThat(implementations).as("implementations of operations").isGreaterThan(15);
  }

  private Set<Dependency> dependenciesBetweenPackages() {
    Set<Dependency> dependencies = new TreeSet<>();
    for (JavaClass type : classes) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (PackageOrder.isOurs(target) && !target.getPackageName().equals(type.getPackageName())) {
          dependencies.add(dependency);
        }
      }
    }
    return dependencies;
  }

  private static int place(JavaClass type) {
    return PackageOrder.IN_ORDER.indexOf(type.getBaseComponentType().getPackageName());
  }
}
