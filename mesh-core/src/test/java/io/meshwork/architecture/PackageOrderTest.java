package io.meshwork.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PackageOrderTest {
  private final JavaClasses classes = PackageOrder.classes();

  @Test
  void everyPackageIsARoomInTheList() {
    Set<String> strangers = new TreeSet<>();
    for (JavaClass type : classes) {
      if (!PackageOrder.IN_ORDER.contains(type.getPackageName())) {
        strangers.add(type.getPackageName());
      }
    }

    assertThat(classes).isNotEmpty();
    assertThat(strangers).as("packages that Rooms.IN_ORDER does not know").isEmpty();
  }

  @Test
  void aRoomImportsOnlyFromRoomsBeforeIt() {
    Set<String> faults = new TreeSet<>();
    for (Dependency dependency : dependenciesBetweenRooms()) {
      int from = place(dependency.getOriginClass());
      int to = place(dependency.getTargetClass());
      if (from >= 0 && to > from) { // the other test tells of packages that are no rooms
        faults.add(dependency.getDescription());
      }
    }

    assertThat(faults).as("imports against the order of rooms").isEmpty();
  }

  @Test
  void verbRoomsDoNotImportEachOther() {
    Set<String> faults = new TreeSet<>();
    for (Dependency dependency : dependenciesBetweenRooms()) {
      if (PackageOrder.VERBS.contains(dependency.getOriginClass().getPackageName())
          && PackageOrder.VERBS.contains(dependency.getTargetClass().getPackageName())) {
        faults.add(dependency.getDescription());
      }
    }

    assertThat(faults).as("imports from one verb's room into another's").isEmpty();
  }

  private Set<Dependency> dependenciesBetweenRooms() {
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
