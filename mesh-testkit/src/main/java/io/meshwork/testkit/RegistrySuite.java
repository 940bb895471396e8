package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.runtime.Ids;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What {@link RegistryConformance} asks of those who extend it, and what its parts share. */
abstract class RegistrySuite {
  final Ids ids = Ids.secure(InstantSource.system());

  /** The registry under test, of this test alone. */
  @SuppressWarnings("NullAway.Init") // JUnit calls openRegistry() before each test
  Registry registry;

  /** A new, empty registry; asked for once a test and closed after it. */
  protected abstract Registry registry();

  /**
   * How another process opens the registry that {@link #registry()} gave last. Empty where no other
   * process can; the tests with two processes are then aborted with a reason.
   */
  protected Optional<Address> address() {
    return Optional.empty();
  }

  /**
   * What a child JVM with the same class path needs to open a registry.
   *
   * @param opener a class with a constructor without parameters
   * @param location what it is told, such as a path or a table's name
   */
  public record Address(Class<? extends Opener> opener, String location) {}

  /** Opens a registry that another process made. */
  public interface Opener {
    /** Opens the registry of this location, as {@link Address} carried it. */
    Registry open(String location) throws Exception;
  }

  @BeforeEach
  void openRegistry() {
    registry = registry();
  }

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  /** Commits one document, new or over what is there, and returns its version. */
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

  /** All documents of a prefix, page by page. */
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
