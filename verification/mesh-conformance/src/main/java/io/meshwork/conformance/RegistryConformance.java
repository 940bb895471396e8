package io.meshwork.conformance;

import io.meshwork.registry.Registry;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/**
 * What any {@link Registry} must do. Extend it, give a new and empty registry, and run it with
 * JUnit:
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
 * <p>Each nested class is a suite that runs on its own, as {@link MeshConformance} says.
 *
 * <p>The suites ask for nothing that a store with conditional transactions of up to 100 actions and
 * strongly consistent reads cannot do: pages may have any length, and two reads are no snapshot.
 * Contention between threads and processes is part of it; {@link #address()} lets a second process
 * join.
 */
public abstract class RegistryConformance {
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

  @Nested
  class Documents extends RegistryDocumentsSuite {}

  @Nested
  class Paging extends RegistryPagingSuite {}

  @Nested
  class Contention extends RegistryContentionSuite {}

  @Nested
  class Trimming extends RegistryTrimmingSuite {}
}
