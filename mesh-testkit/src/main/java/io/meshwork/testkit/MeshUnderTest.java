package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.MeshObserver;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** The mesh of one test, with its clock, faults and notifier. */
final class MeshUnderTest {
  private static final String NOTIFIER = "mesh-test";

  private final Path folder;
  private final ManualClock clock;
  private final TestMeshObserver observer;
  private final Faults faults;
  private final RecordingNotifier notices;
  private final Mesh mesh;
  private final Set<String> accounts = new TreeSet<>();

  private MeshUnderTest(
      Path folder,
      ManualClock clock,
      TestMeshObserver observer,
      Faults faults,
      RecordingNotifier notices,
      Mesh mesh) {
    this.folder = folder;
    this.clock = clock;
    this.observer = observer;
    this.faults = faults;
    this.notices = notices;
    this.mesh = mesh;
  }

  /**
   * Opens a mesh.
   *
   * @param faulty whether its ports have the faults
   * @param notifying whether it has a notifier
   */
  static MeshUnderTest open(TestBackend backend, Instant start, boolean faulty, boolean notifying) {
    ManualClock clock = ManualClock.at(start);
    TestMeshObserver observer = new TestMeshObserver();
    Faults faults = Faults.seeded(1);
    RecordingNotifier notices = new RecordingNotifier();
    Path folder = newFolder();
    try {
      Mesh.Builder settings =
          backend
              .newMesh(folder)
              .clock(clock)
              .testing()
              .sleeper(clock::advance)
              .testing()
              .wrapRegistry(clock::registry);
      ((MeshObserver.Settings) settings).observe(observer);
      if (faulty) {
        settings =
            settings.testing().wrapRegistry(faults::registry).testing().wrapFiles(faults::files);
      }
      if (notifying) {
        settings = settings.notifier(NOTIFIER, faults.notifier(notices));
      }
      return new MeshUnderTest(folder, clock, observer, faults, notices, settings.open());
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

  Faults faults() {
    return faults;
  }

  RecordingNotifier notices() {
    return notices;
  }

  /** Returns a client that acts as {@code account/role}. */
  MeshClient actingAs(String principal) {
    String[] parts = principal.split("/", -1);
    if (parts.length != 2) {
      throw new ParameterResolutionException(
          "@As(\""
              + principal
              + "\") is not account/role. Write an account and a role, such as"
              + " @As(\"commerce/etl\").");
    }
    try {
      accounts.add(parts[0]);
      return mesh.clientAs(Principal.of(parts[0], parts[1]));
    } catch (InvalidRequestException e) {
      throw new ParameterResolutionException(
          "@As(\"" + principal + "\") is not valid: " + e.reason() + ". " + e.fix(), e);
    }
  }

  /**
   * Registers the domains that the annotation names.
   *
   * @param principals the principals of the test; principals of a domain's account administer it
   */
  void register(List<String> domains, Collection<String> principals) {
    for (String domain : domains) {
      try {
        Principal registrar = Principal.of(domain, "test");
        mesh.clientAs(registrar)
            .registerDomain(domain)
            .owner(domain + "@example.org")
            .administrators(
                Stream.concat(
                        Stream.of(registrar),
                        principals.stream().flatMap(each -> roleOf(domain, each)))
                    .distinct()
                    .toArray(Principal[]::new))
            .deciders(registrar)
            .commit();
      } catch (InvalidRequestException e) {
        throw new ExtensionConfigurationException(
            "@MeshTest(domains = ..) names '"
                + domain
                + "', which cannot be a domain: "
                + e.reason()
                + ". "
                + e.fix(),
            e);
      }
    }
  }

  /** The principal if its account is this one and it is valid. */
  private static Stream<Principal> roleOf(String account, String principal) {
    String[] parts = principal.split("/", -1);
    try {
      return parts.length == 2 && parts[0].equals(account)
          ? Stream.of(Principal.of(parts[0], parts[1]))
          : Stream.empty();
    } catch (InvalidRequestException e) {
      return Stream.empty(); // clientAs(..) reports it
    }
  }

  /** Returns a summary of what happened so far. */
  String summary(String test) {
    return observer.summary(test, mesh) + accountsWithoutDomain();
  }

  /** Names the accounts of {@code @As} that have no domain, the usual cause of a denial. */
  private String accountsWithoutDomain() {
    Set<String> without = new TreeSet<>(accounts);
    try {
      mesh.clientAs(Principal.of(NOTIFIER, "test"))
          .governance()
          .topology()
          .domains()
          .values()
          .forEach(without::removeAll);
    } catch (RuntimeException e) {
      return ""; // the summary says that the mesh cannot be read
    }
    return without.isEmpty()
        ? ""
        : "\n  without a domain: the accounts "
            + String.join(", ", without)
            + " of @As; add them to @MeshTest(domains = {..}) if they are to act for domains";
  }

  /** Returns true if readers are open, so that closing fails. */
  boolean leavesReadersOpen() {
    return observer.isAnyOpen();
  }

  /** Returns true if operations were neither planned nor committed so far. */
  boolean leavesOperationsUncommitted() {
    return observer.isAnyUncommitted();
  }

  /**
   * Clears the faults, closes the mesh and deletes its folder.
   *
   * @throws AssertionError if a reader was left open
   */
  void close() {
    faults.clear();
    try {
      mesh.close();
    } finally {
      delete(folder);
    }
    observer.failIfOpen();
  }

  /**
   * Fails if operations of the closed mesh were not committed.
   *
   * @throws AssertionError if an operation was neither planned nor committed
   */
  void failIfUncommitted() {
    observer.failIfUncommitted();
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
