package io.meshwork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines bring their own Iceberg. What our classes call must be in each version that we support,
 * except what they ask for first.
 */
class SupportedIcebergTest {
  private static final String ICEBERG = "org.apache.iceberg.";

  /** What callers use only if {@code IcebergVersion} found it. */
  private static final Set<String> ASKED_FOR_FIRST =
      Set.of(
          "org.apache.iceberg.SnapshotChanges",
          "org.apache.iceberg.SnapshotChanges$Builder",
          "org.apache.iceberg.SnapshotUpdate.writeManifestsWith");

  private static JavaClasses ours;

  @BeforeAll
  static void importOurClasses() {
    ours =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // A class path of a job does not have the testkit.
            .withImportOption(location -> !location.contains("/io/meshwork/testkit/"))
            .importPackages("io.meshwork");
    assertThat(ours.contain("io.meshwork.internal.table.TableDraft")).isTrue();
    assertThat(ours.contain("io.meshwork.engine.MeshCatalog")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.10.0", "1.11.0"})
  void whatOurClassesCallIsThere(String version) throws IOException {
    Set<String> called = new TreeSet<>();
    Set<String> missing = new TreeSet<>();
    try (Iceberg iceberg = Iceberg.of(version)) {
      for (JavaClass type : ours) {
        for (JavaClass superType : superTypes(type)) {
          if (!iceberg.has(superType.getName())) {
            missing.add(superType.getName() + ", a type of " + type.getName());
          }
        }
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
          AccessTarget target = access.getTarget();
          if (target.getOwner().getName().startsWith(ICEBERG)) {
            called.add(target.getFullName());
            if (!isAskedForFirst(target) && !iceberg.has(target)) {
              missing.add(target.getFullName() + ", called by " + type.getName());
            }
          }
        }
      }
    }
    assertThat(called).hasSizeGreaterThan(200);
    assertThat(missing).isEmpty();
  }

  private static List<JavaClass> superTypes(JavaClass type) {
    List<JavaClass> types = new ArrayList<>(type.getRawInterfaces());
    type.getRawSuperclass().ifPresent(types::add);
    types.removeIf(each -> !each.getName().startsWith(ICEBERG));
    return types;
  }

  private static boolean isAskedForFirst(AccessTarget target) {
    String owner = target.getOwner().getName();
    return ASKED_FOR_FIRST.contains(owner)
        || ASKED_FOR_FIRST.contains(owner + "." + target.getName());
  }

  /** Classes of one version of Iceberg, before those of the class path. */
  private static final class Iceberg extends URLClassLoader {
    private Iceberg(URL[] jars) {
      super(jars, SupportedIcebergTest.class.getClassLoader());
    }

    static Iceberg of(String version) throws IOException {
      List<URL> jars = new ArrayList<>();
      for (String artifact : List.of("iceberg-api", "iceberg-core")) {
        Path jar = Path.of("target", "supported-iceberg", artifact + "-" + version + ".jar");
        assertThat(jar).exists();
        jars.add(jar.toUri().toURL());
      }
      return new Iceberg(jars.toArray(URL[]::new));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(ICEBERG)) {
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded != null ? loaded : findClass(name);
        }
      }
      return super.loadClass(name, resolve);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try {
        return super.findClass(name);
      } catch (ClassNotFoundException e) {
        // Artifacts of Iceberg that do not differ between the versions.
        if (name.startsWith(ICEBERG + "relocated.") || name.startsWith(ICEBERG + "common.")) {
          return getParent().loadClass(name);
        }
        throw e;
      }
    }

    boolean has(String type) {
      try {
        Class.forName(type, false, this);
        return true;
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    boolean has(AccessTarget target) {
      try {
        Class<?> owner = Class.forName(target.getOwner().getName(), false, this);
        if (target instanceof FieldAccessTarget) {
          return superTypes(owner).stream()
              .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
              .anyMatch(field -> field.getName().equals(target.getName()));
        }
        CodeUnitAccessTarget code = (CodeUnitAccessTarget) target;
        String parameters =
            code.getRawParameterTypes().stream().map(JavaClass::getName).toList().toString();
        String returned = code.getRawReturnType().getName();
        return superTypes(owner).stream()
            .flatMap(type -> executables(type, target.getName()).stream())
            .anyMatch(
                each ->
                    Arrays.stream(each.getParameterTypes())
                            .map(Class::getName)
                            .toList()
                            .toString()
                            .equals(parameters)
                        && (!(each instanceof Method method)
                            || method.getReturnType().getName().equals(returned)));
      } catch (ClassNotFoundException e) {
        return false;
      }
    }

    private static List<Executable> executables(Class<?> type, String name) {
      List<Executable> all = new ArrayList<>();
      if (name.equals("<init>")) {
        for (Constructor<?> each : type.getDeclaredConstructors()) {
          all.add(each);
        }
      }
      for (Method each : type.getDeclaredMethods()) {
        if (each.getName().equals(name)) {
          all.add(each);
        }
      }
      return all;
    }

    /** The type and all that it inherits from. */
    private static Set<Class<?>> superTypes(Class<?> type) {
      Set<Class<?>> types = new HashSet<>();
      List<Class<?>> open = new ArrayList<>(List.of(type));
      while (!open.isEmpty()) {
        Class<?> next = open.remove(open.size() - 1);
        if (types.add(next)) {
          open.addAll(List.of(next.getInterfaces()));
          if (next.getSuperclass() != null) {
            open.add(next.getSuperclass());
          }
        }
      }
      types.add(Object.class);
      return types;
    }
  }
}
