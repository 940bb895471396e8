package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** The mesh of one test, and what belongs to it. */
final class MeshOfTest {
  private final Path folder;
  private final ManualClock clock;
  private final Observer observer;
  private final Mesh mesh;

  private MeshOfTest(Path folder, ManualClock clock, Observer observer, Mesh mesh) {
    this.folder = folder;
    this.clock = clock;
    this.observer = observer;
    this.mesh = mesh;
  }

  static MeshOfTest open(TestBackend backend, Instant start) {
    ManualClock clock = ManualClock.at(start);
    Observer observer = new Observer();
    Path folder = newFolder();
    try {
      Mesh mesh =
          backend
              .newMesh(folder)
              .clock(clock)
              .waitingBy(clock::advance)
              .witnessedBy(observer)
              .open();
      return new MeshOfTest(folder, clock, observer, mesh);
    } catch (RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  Mesh mesh() {
    return mesh;
  }

  ManualClock clock() {
    return clock;
  }

  /** The verbs for {@code account/role}. */
  MeshClient actingAs(String who) {
    String[] parts = who.split("/", -1);
    if (parts.length != 2) {
      throw new ParameterResolutionException(
          "'" + who + "' is nobody who could act. Write account and role, such as commerce/etl.");
    }
    return mesh.actingAs(Principal.of(parts[0], parts[1]));
  }

  void register(List<String> domains) {
    for (String domain : domains) {
      mesh.actingAs(Principal.of(domain, "test"))
          .registerDomain(domain)
          .ownedBy(domain + "@example.org")
          .commit();
    }
  }

  /** What happened so far, in a few lines for people. */
  String account(String test) {
    return observer.account(test, mesh);
  }

  /**
   * Closes the mesh and deletes its folder.
   *
   * @throws AssertionError if a reader was left open
   */
  void close() {
    try {
      mesh.close();
    } finally {
      delete(folder);
    }
    observer.failIfOpen();
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("mesh-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
