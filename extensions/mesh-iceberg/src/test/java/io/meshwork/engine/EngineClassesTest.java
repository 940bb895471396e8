package io.meshwork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the classes of the catalog use: Iceberg and mesh-core, and the mesh's clock. */
class EngineClassesTest {
  private static final JavaClasses CLASSES = read();

  /** Engines relocate them, so that Iceberg's and Meshwork's are different classes. */
  private static final List<String> RELOCATED =
      List.of(
          "org.apache.avro.",
          "org.apache.parquet.",
          "org.apache.hadoop.",
          "com.fasterxml.jackson.",
          "com.google.",
          "org.apache.iceberg.relocated.",
          "shaded.");

  /** Time, IDs, and waiting come from {@code MeshRuntime}. */
  private static final Map<String, Set<String>> FORBIDDEN_CALLS =
      Map.of(
          "java.time.Instant", Set.of("now"),
          "java.time.InstantSource", Set.of("system"),
          "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
          "java.lang.System", Set.of("currentTimeMillis"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.lang.Thread", Set.of("sleep", "start"),
          "java.lang.Math", Set.of("random"));

  @Test
  void noClassUsesATypeThatEnginesRelocate() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getName();
        if (RELOCATED.stream().anyMatch(target::startsWith)) {
          faults.add(dependency.getDescription());
        }
      }
    }

    assertThat(CLASSES.contain(MeshCatalog.class)).isTrue();
    assertThat(faults).isEmpty();
  }

  @Test
  void noClassAsksTheJdkForTimeIdsOrSleep() {
    Set<String> faults = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      type.getCodeUnitCallsFromSelf().stream()
          .filter(
              call ->
                  FORBIDDEN_CALLS
                      .getOrDefault(call.getTargetOwner().getName(), Set.of())
                      .contains(call.getName()))
          .forEach(call -> faults.add(call.getDescription()));
    }

    assertThat(faults).isEmpty();
  }

  /** The compiled classes of the module, without its tests. */
  private static JavaClasses read() {
    URL place = MeshCatalog.class.getProtectionDomain().getCodeSource().getLocation();
    try {
      return new ClassFileImporter().importPath(Path.of(place.toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError("Cannot read the classes of mesh-iceberg at " + place, e);
    }
  }
}
