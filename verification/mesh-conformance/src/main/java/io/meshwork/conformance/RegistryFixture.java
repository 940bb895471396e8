package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Registry.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The registry of one test and the shared methods of the suites. Each suite extends it. */
abstract class RegistryFixture {
  final IdGenerator ids = IdGenerator.secure(InstantSource.system());

  /** The registry under test, new for each test. */
  @SuppressWarnings("NullAway.Init") // JUnit calls openRegistry() before each test
  Registry registry;

  private @Nullable RegistryConformance backend;

  /** Returns the test of the backend in which this suite is nested. */
  @RegisterExtension
  final BeforeEachCallback findBackend =
      test ->
          backend =
              test.getRequiredTestInstances().findInstance(RegistryConformance.class).orElse(null);

  final RegistryConformance backend() {
    return Objects.requireNonNull(backend, "no test of a backend has this suite");
  }

  @BeforeEach
  void openRegistry() {
    registry = backend().registry();
  }

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  /** Inserts or replaces one document, and returns its version. */
  final String commitOne(Key key, String json) {
    String attempt = nextId();
    String base = registry.read(key).map(Document::version).orElse(Transaction.ABSENT);
    assertThat(registry.commit(Transaction.attempt(attempt).replace(key, json, base).build()))
        .isEqualTo(Outcome.COMMITTED);
    return attempt;
  }

  final String nextId() {
    return ids.next();
  }

  static Key attemptKey(String partition, String attemptId) {
    return new Key(partition, Registry.ATTEMPT_PREFIX + attemptId);
  }

  /** Lists all documents with a prefix, page by page. */
  final List<Document> walk(String partition, String prefix) {
    List<Document> all = new ArrayList<>();
    String cursor = null;
    do {
      Page page = registry.list(partition, prefix, cursor);
      all.addAll(page.documents());
      cursor = page.nextCursor();
    } while (cursor != null);
    return all;
  }

  final int valueOf(Key key) {
    return Integer.parseInt(registry.read(key).orElseThrow().json());
  }
}
