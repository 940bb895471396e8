package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.link.LinkResource;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Operation;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operation reports if one of its calls to the registry or to the files fails once. */
class FailedCallsTest {
  /** Those that need a mesh of several catalogs, or AWS. */
  private static final Set<Class<?>> ELSEWHERE = Set.of(LinkResource.class, Mirrors.class);

  /**
   * Methods of the doors that call neither the registry nor the files, or that need the above or a
   * notifier: NoticesSuite has their failures.
   */
  private static final Set<String> OTHER_METHODS =
      Set.of(
          "principal",
          "client",
          "clientAs",
          "close",
          "mirrors",
          "mirrorChanges",
          "linkDomain",
          "linkResource",
          "links",
          "unlinkResource",
          "retryParkedNotices",
          "redeliverNotice");

  /** Jobs of several operations, each of which is among the others. */
  private static final Set<CrashCase> JOBS =
      Set.of(
          CrashScenario.POLL_AND_ACK,
          CrashScenario.POLL_AND_PUBLISH,
          CrashScenario.MOVE,
          CrashScenario.PUBLISH_IN_TWO_PLACES,
          CrashScenario.DEFINE_IN_A_PLACE,
          CrashScenario.MAINTAIN,
          CrashScenario.EXPIRE_STAGED,
          CrashScenario.EXPIRE_AND_TRIM,
          CrashScenario.ARCHIVE,
          CrashScenario.DELIVER_NOTICES,
          CrashScenario.FORGET_NOTIFIER,
          CrashScenario.OPERATE);

  /** A third of the operations in a build that runs a sample. */
  static List<CrashCase> operations() {
    return TestSample.sampleOf(
        Stream.concat(CrashConformance.cases(), Stream.of(OtherCalls.values()))
            .filter(operation -> !JOBS.contains(operation))
            .toList(),
        3);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aCallThatFailsOnceIsReportedAsWhatItIs(CrashCase operation) {
    FailedCalls failed = FailedCalls.of(operation);

    assertThat(failed.calls()).isPositive();
    assertThat(failed.untrue()).isEmpty();
  }

  @Test
  void aFileThatABackupCannotReadOnceIsReportedAsThat(@TempDir Path folder) {
    Registry registry = unclosed(InMemoryMesh.registry());
    FileIO files = InMemoryMesh.files();
    ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
    try (Mesh mesh = Mesh.builder(registry, files, "memory:/mesh").clock(clock).open()) {
      CrashScenario.publishTwice(mesh);
    }
    int failed = 0;
    for (int call = 3; call > 0; call += 12) {
      Faults faults = Faults.seeded(1);
      faults.on(Port.FILE_READ).nth(call).failBefore();
      Path target = folder.resolve("copy" + call);

      Throwable failure =
          catchThrowable(
              () ->
                  LocalMesh.backUp(
                      new Warehouse.Ports(registry, faults.files(files), "memory:/mesh"),
                      catalog -> registry,
                      target,
                      clock));

      if (!faults.trace().contains(" -> ")) {
        break;
      }
      failed++;
      assertThat(failure)
          .as(faults.trace())
          .isInstanceOfSatisfying(
              BackendException.class,
              reported -> {
                assertThat(reported.errorCode()).isEqualTo(ErrorCode.BACKEND_FAILED);
                assertThat(reported.retryable()).isTrue();
                assertThat(reported.state())
                    .isEqualTo("The target is not a mesh and can be deleted.");
              });
    }
    assertThat(failed).isGreaterThan(2);
  }

  private static Registry unclosed(Registry real) {
    return new ForwardingRegistry(real) {
      @Override
      public void close() {}
    };
  }

  @Test
  void everyKindOfOperationIsAmongThem() throws Exception {
    String code = code();
    Set<String> absent = new TreeSet<>();
    for (Class<?> type : operationTypes()) {
      if (!ELSEWHERE.contains(type) && !code.contains(type.getName().replace('.', '/'))) {
        absent.add(type.getName());
      }
    }

    assertThat(absent).as("operations whose calls do not fail in this test").isEmpty();
  }

  @Test
  void everyDoorIsAmongThem() {
    String code = code();
    Set<String> absent =
        Stream.of(Mesh.class, MeshClient.class)
            .flatMap(door -> Stream.of(door.getDeclaredMethods()))
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .map(Method::getName)
            .filter(name -> !OTHER_METHODS.contains(name))
            .filter(name -> !code.contains("" + (char) 0 + (char) name.length() + name))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(absent).as("methods whose calls do not fail in this test").isEmpty();
  }

  /** The class files of the operations, which name all that they call. */
  private static String code() {
    StringBuilder code = new StringBuilder();
    for (Class<?> type :
        List.of(CrashScenario.class, RolloutCrashScenario.class, OtherCalls.class)) {
      try (InputStream file = type.getResourceAsStream(type.getSimpleName() + ".class")) {
        code.append(new String(file.readAllBytes(), StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return code.toString();
  }

  /** The public interfaces of operations. */
  private static List<Class<?>> operationTypes() throws Exception {
    Path source =
        Path.of(Operation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(source)) {
      return operationTypes(source);
    }
    try (FileSystem jar = FileSystems.newFileSystem(source)) {
      return operationTypes(jar.getPath("/"));
    }
  }

  private static List<Class<?>> operationTypes(Path root) throws Exception {
    List<String> names;
    try (Stream<Path> files = Files.walk(root.resolve("io/meshwork"))) {
      names =
          files
              .map(file -> root.relativize(file).toString().replace('\\', '/'))
              .filter(file -> file.endsWith(".class") && !file.contains("/internal/"))
              .map(file -> file.substring(0, file.length() - 6).replace('/', '.'))
              .toList();
    }
    List<Class<?>> types = new ArrayList<>();
    for (String name : names) {
      Class<?> type = Class.forName(name, false, Operation.class.getClassLoader());
      if (type.isInterface()
          && Modifier.isPublic(type.getModifiers())
          && Operation.class.isAssignableFrom(type)) {
        types.add(type);
      }
    }
    return types;
  }
}
