package io.meshwork.conformance;

import io.meshwork.registry.Registry;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/**
 * A {@link Registry}, in any store. Extend it, return a new, empty registry, and run it with JUnit:
 *
 * <pre>{@code
 * class MyRegistryTest extends RegistryConformance {
 *   @Override
 *   protected Registry registry() {
 *     return new MyRegistry();
 *   }
 * }
 * }</pre>
 *
 * <p>Each nested class is a suite that runs on its own, as those of {@link MeshConformance}.
 *
 * <p>The suites require only what a store with conditional transactions of up to 100 actions and
 * strongly consistent reads can do: pages may have any length, and two reads are not one snapshot.
 * They include contention between threads and, with {@link #address()}, between processes.
 */
public abstract class RegistryConformance {
  /** Returns a new, empty registry. Called once for each test, which closes it. */
  protected abstract Registry registry();

  /**
   * Returns how another process opens the registry that {@link #registry()} returned last. Default:
   * empty, if no other process can; the tests with two processes are then aborted.
   */
  protected Optional<Address> address() {
    return Optional.empty();
  }

  /**
   * What a child JVM with the same class path needs to open a registry.
   *
   * @param opener a class with a constructor without parameters
   * @param location what the opener receives, such as a path or the name of a table
   */
  public record Address(Class<? extends Opener> opener, String location) {}

  /** Opens a registry that another process created. */
  public interface Opener {
    /** Opens the registry at the location of the {@link Address}. */
    Registry open(String location) throws Exception;
  }

  @Nested
  class Documents extends RegistryDocumentsSuite {}

  @Nested
  class LogPages extends RegistryPagingSuite {}

  @Nested
  class Contention extends RegistryContentionSuite {}

  @Nested
  class TrimmedLogs extends RegistryTrimmingSuite {}
}
