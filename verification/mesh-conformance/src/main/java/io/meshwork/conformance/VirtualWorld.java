package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Accounts of a virtual organization and the mesh that they share, in one of three topologies: for
 * programs that use several accounts. Two organizational units, {@code retail} with the domains
 * {@code commerce} and {@code logistics} and {@code banking} with {@code finance} and {@code risk},
 * each domain with an account of twelve digits and three roles, and one account without a domain.
 * Governance, in an account of the mesh, registered all domains; there are no products.
 *
 * <pre>{@code
 * try (VirtualWorld world = VirtualWorld.byLineOfBusiness()) {
 *   MeshClient producer = world.as("commerce", "producer");
 *   // define, publish, grant, link, read: the same program runs in each topology
 *   world.takeAway("banking"); // makes the catalog of banking unavailable
 * }
 * }</pre>
 *
 * <p>The mesh has its own clock, so that retries do not wait; it starts at the present, because
 * what set up the stores of a mesh of your own wrote the present time to them. Thread-safe. Close
 * it after use.
 */
public final class VirtualWorld implements AutoCloseable {
  /** The roles of each account with a domain. */
  public static final List<String> ROLES = List.of("producer", "analyst", "steward");

  private static final List<Account> ACCOUNTS =
      List.of(
          new Account("111111111111", "retail", "commerce"),
          new Account("222222222222", "retail", "logistics"),
          new Account("333333333333", "banking", "finance"),
          new Account("444444444444", "banking", "risk"),
          new Account("999999999999", "visitors", ""));

  /** It has no domain, and no product of a test. */
  private static final Principal GOVERNANCE = Principal.of("500000000000", "operator");

  private static final Topology LINES =
      Topology.byLineOfBusiness(
          Map.of("retail", Set.of("commerce", "logistics"), "banking", Set.of("finance", "risk")));

  private final Mesh mesh;
  private final Topology topology;
  private final ManualClock clock;
  private final Set<String> gone;

  private VirtualWorld(Mesh mesh, Topology topology, ManualClock clock, Set<String> gone) {
    this.mesh = mesh;
    this.topology = topology;
    this.clock = clock;
    this.gone = gone;
  }

  /**
   * An account of the organization.
   *
   * @param id twelve digits
   * @param unit its organizational unit
   * @param domain the domain that it acts for; empty if there is none
   */
  public record Account(String id, String unit, String domain) {
    /** Returns one of its roles. */
    public Principal role(String name) {
      return Principal.of(id, name);
    }
  }

  /** Returns a mesh with one catalog for all, in memory. */
  public static VirtualWorld central() {
    return in(InMemoryMesh.builder(), Topology.central());
  }

  /** Returns a mesh with a catalog for each organizational unit, in memory. */
  public static VirtualWorld byLineOfBusiness() {
    return in(InMemoryMesh.builder(), lines());
  }

  /** Returns a mesh with a catalog for each domain, in memory. */
  public static VirtualWorld federated() {
    return in(InMemoryMesh.builder(), Topology.federated());
  }

  /** Returns the topology in which each organizational unit has a catalog. */
  public static Topology lines() {
    return LINES;
  }

  /** Returns the three topologies. */
  public static List<Topology> shapes() {
    return List.of(Topology.central(), lines(), Topology.federated());
  }

  /**
   * Opens a mesh of your own.
   *
   * @param door a new mesh that has registries for all catalogs
   * @param topology one of {@link #shapes}
   */
  public static VirtualWorld in(Mesh.Builder door, Topology topology) {
    return in(door, topology, registry -> registry);
  }

  /** Opens a mesh of your own, and wraps each of its registries. */
  static VirtualWorld in(Mesh.Builder door, Topology topology, UnaryOperator<Registry> watching) {
    ManualClock clock = ManualClock.at(Instant.now());
    Set<String> gone = ConcurrentHashMap.newKeySet();
    Mesh mesh =
        door.topology(topology)
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .testing()
            .idSeed(1)
            .deadline(Duration.ofMinutes(1))
            .testing()
            .wrapRegistry(clock::registry)
            .testing()
            .wrapRegistry(watching)
            .testing()
            .wrapRegistry(registry -> new UnavailableRegistry(registry, gone))
            .open();
    VirtualWorld world = new VirtualWorld(mesh, topology, clock, gone);
    try {
      world.register();
      return world;
    } catch (RuntimeException e) {
      mesh.close();
      throw e;
    }
  }

  private void register() {
    for (Account account : ACCOUNTS) {
      if (!account.domain().isEmpty()) {
        governance()
            .registerDomain(account.domain())
            .accounts(account.id())
            .administrators(account.role("producer"), account.role("steward"))
            .owner(account.domain() + "@example.org")
            .commit();
      }
    }
  }

  /** Returns the mesh that all accounts share. */
  public Mesh mesh() {
    return mesh;
  }

  /** Returns the topology of the mesh. */
  public Topology topology() {
    return topology;
  }

  /** Returns the clock of the mesh. */
  public ManualClock clock() {
    return clock;
  }

  /** Returns all accounts, including the one without a domain. */
  public List<Account> accounts() {
    return ACCOUNTS;
  }

  /**
   * Returns the account of a domain.
   *
   * @throws IllegalArgumentException if no account acts for it
   */
  public Account account(String domain) {
    return ACCOUNTS.stream()
        .filter(account -> !domain.isEmpty() && account.domain().equals(domain))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("The world has no domain '" + domain + "'"));
  }

  /** Returns a client for the role that registers domains and admits guests. */
  public MeshClient governance() {
    return mesh.clientAs(GOVERNANCE);
  }

  /** Returns a client for a role of the account of a domain. */
  public MeshClient as(String domain, String role) {
    return mesh.clientAs(account(domain).role(role));
  }

  /**
   * Makes a catalog fail at every call from now on, as if its region were unavailable.
   *
   * @param catalog a catalog of the mesh; {@code mesh} is the only one of a central mesh, and in
   *     the other topologies the one that lists all catalogs
   */
  public void takeAway(String catalog) {
    gone.add(catalog);
  }

  /** Makes a catalog available again, with all its documents. */
  public void bringBack(String catalog) {
    gone.remove(catalog);
  }

  /** Closes the mesh. */
  @Override
  public void close() {
    mesh.close();
  }
}
