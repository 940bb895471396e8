package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
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
 * A virtual world of accounts, and a mesh that they share, in one of three shapes: what programs
 * over many accounts are tried in before there are any. Two organizational units, {@code retail}
 * with the domains {@code commerce} and {@code logistics} and {@code banking} with {@code finance}
 * and {@code risk}, each domain with an account of twelve digits and three roles, and one account
 * that acts for no domain. All domains are registered, and nothing else is there.
 *
 * <pre>{@code
 * try (VirtualWorld world = VirtualWorld.byLineOfBusiness()) {
 *   MeshClient producer = world.as("commerce", "producer");
 *   // define, publish, grant, link, read; the same program runs in each shape
 *   world.takeAway("banking");   // and what still works then?
 * }
 * }</pre>
 *
 * <p>Time is a clock of its own, so that retries wait in no time. Thread-safe; close it in the end.
 */
public final class VirtualWorld implements AutoCloseable {
  /** Roles that the account of each domain has. */
  public static final List<String> ROLES = List.of("producer", "analyst", "steward");

  private static final List<Account> ACCOUNTS =
      List.of(
          new Account("111111111111", "retail", "commerce"),
          new Account("222222222222", "retail", "logistics"),
          new Account("333333333333", "banking", "finance"),
          new Account("444444444444", "banking", "risk"),
          new Account("999999999999", "visitors", ""));

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
   * An account of the world.
   *
   * @param id twelve digits
   * @param unit the organizational unit that it is in
   * @param domain the domain that it acts for; empty if it acts for none
   */
  public record Account(String id, String unit, String domain) {
    /** One of its roles. */
    public Principal role(String name) {
      return Principal.of(id, name);
    }
  }

  /** One catalog for all, in memory. */
  public static VirtualWorld central() {
    return in(InMemoryMesh.with(), Topology.central());
  }

  /** A catalog for each organizational unit, in memory. */
  public static VirtualWorld byLineOfBusiness() {
    return in(InMemoryMesh.with(), lines());
  }

  /** A catalog for each domain, in memory. */
  public static VirtualWorld federated() {
    return in(InMemoryMesh.with(), Topology.federated());
  }

  /** The shape in which each organizational unit has a catalog. */
  public static Topology lines() {
    return LINES;
  }

  /** A world in each of the three shapes has a mesh of one of these. */
  public static List<Topology> shapes() {
    return List.of(Topology.central(), lines(), Topology.federated());
  }

  /**
   * A world on a mesh of one's own.
   *
   * @param door to a mesh that is new, and knows where registries of catalogs are
   * @param topology its shape, one of {@link #shapes}
   */
  public static VirtualWorld in(MeshBuilder door, Topology topology) {
    return in(door, topology, registry -> registry);
  }

  /** The same, with something before each of its registries. */
  static VirtualWorld in(MeshBuilder door, Topology topology, UnaryOperator<Registry> watching) {
    ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
    Set<String> gone = ConcurrentHashMap.newKeySet();
    Mesh mesh =
        door.topology(topology)
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .testing()
            .seededIds(1)
            .deadline(Duration.ofMinutes(1))
            .testing()
            .throughRegistry(clock::registry)
            .testing()
            .throughRegistry(watching)
            .testing()
            .throughRegistry(registry -> new UnavailableRegistry(registry, gone))
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
        mesh.actingAs(account.role("producer"))
            .registerDomain(account.domain())
            .accounts(account.id())
            .administrators(account.role("producer"), account.role("steward"))
            .ownedBy(account.domain() + "@example.org")
            .commit();
      }
    }
  }

  /** The mesh that all accounts share. */
  public Mesh mesh() {
    return mesh;
  }

  /** Its shape. */
  public Topology topology() {
    return topology;
  }

  /** The clock of the mesh. */
  public ManualClock clock() {
    return clock;
  }

  /** All accounts, those without a domain too. */
  public List<Account> accounts() {
    return ACCOUNTS;
  }

  /**
   * The account of a domain.
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

  /** The verbs, for a role of a domain's account. */
  public MeshClient as(String domain, String role) {
    return mesh.actingAs(account(domain).role(role));
  }

  /**
   * Makes a catalog fail at every call from now on, as if its region were gone.
   *
   * @param catalog one of the mesh's; {@code mesh} is the only one of a central mesh, and in the
   *     other shapes what says which catalogs there are
   */
  public void takeAway(String catalog) {
    gone.add(catalog);
  }

  /** Makes it answer again; nothing was lost. */
  public void bringBack(String catalog) {
    gone.remove(catalog);
  }

  /** Closes the mesh. */
  @Override
  public void close() {
    mesh.close();
  }
}
