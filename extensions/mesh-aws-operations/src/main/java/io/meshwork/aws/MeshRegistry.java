package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The registry of a mesh, as this process creates and reads it. Used by one thread. */
@NullMarked
final class MeshRegistry {
  private static final Duration READS = Duration.ofMinutes(1);

  private final AwsConfig config;
  private final AwsRoleCredentials acting;
  private final Function<Principal, AwsRoleCredentials> processes;
  private final InstantSource clock;

  /** Who reads. */
  private AwsRoleCredentials reader;

  /** Cached, because a new one reads the topology of the mesh again. */
  private @Nullable Catalog catalog;

  /**
   * Creates it; reads nothing.
   *
   * @param acting this process
   * @param processes returns what a role can do that this process may assume
   */
  MeshRegistry(
      AwsConfig config,
      AwsRoleCredentials acting,
      Function<Principal, AwsRoleCredentials> processes,
      InstantSource clock) {
    this.config = config;
    this.acting = acting;
    this.processes = processes;
    this.reader = acting;
    this.clock = clock;
  }

  /**
   * Returns true if the mesh exists; false also if its table does not. It is read as this process,
   * or else as the deployer of its account, who may not read the other catalogs of several.
   *
   * @throws io.meshwork.error.MeshException if neither may read it
   */
  boolean exists() {
    try {
      return isReadBy(acting);
    } catch (MeshException e) {
      if (!isDenial(e)) {
        throw e;
      }
      Principal deployer = Principal.of(config.account(), AccountRoles.DEPLOYER);
      return isReadBy(processes.apply(deployer));
    }
  }

  /**
   * Requires that this process may register a domain. The mesh exists.
   *
   * @param place the root of a bucket that exists, if the domain gets it
   * @throws io.meshwork.error.MeshException if it may not
   */
  void requireRegistering(String domain, Optional<String> place) {
    place.ifPresent(
        root -> acting.own().ports().files().newInputFile(root + "/" + DataPlaces.MARKER).exists());
    Topology topology = catalog().topology();
    RefusedTransaction.send(
        registry(acting, topology),
        catalog().governance(topology.catalogOf(domain)),
        acting.self(),
        clock);
  }

  private boolean isReadBy(AwsRoleCredentials role) {
    boolean exists = isFoundBy(role);
    reader = role;
    return exists;
  }

  /**
   * Returns true if the mesh exists, as a role reads it; false also if its table does not.
   *
   * @throws io.meshwork.error.MeshException if it may not read it
   */
  boolean isFoundBy(AwsRoleCredentials role) {
    try {
      return role.own().registry(TablePlace.ofDirectory(config)).read(MeshRoot.KEY).isPresent();
    } catch (BackendException e) {
      if (!(e.getCause() instanceof ResourceNotFoundException)) {
        throw e;
      }
      return false;
    }
  }

  /** Returns true if a role lacks a right. */
  static boolean isDenial(MeshException e) {
    return e instanceof AccessDeniedException || e.errorCode() == ErrorCode.PERMISSION_MISSING;
  }

  /**
   * Returns true if mirrors of the mesh were run. It exists.
   *
   * @param role reads that
   */
  boolean isMirrored(AwsRoleCredentials role) {
    Catalog current = catalog();
    Ledger ledger = new Ledger(registry(role, current.topology()), runtime());
    return current.catalogs().stream()
        .map(name -> RegistryKeys.mirrors(current.governance(name)))
        .anyMatch(partition -> ledger.newestSequence(partition) > 0);
  }

  /** Creates the mesh in the table and the bucket of its account, as this process. */
  void make() {
    new AwsSetup(config, acting.separate(), clock).make(Optional.empty());
  }

  /** Returns true if the mesh, which exists, has a catalog whose table is in this account. */
  boolean hasCatalog(String name, String account) {
    return TablePlace.find(reader.own().registry(TablePlace.ofDirectory(config)), name)
        .filter(TablePlace.in(config, account)::equals)
        .isPresent();
  }

  /**
   * Requires that the mesh, which exists, has or may get a catalog with its table in this account.
   *
   * @throws io.meshwork.error.MeshException if it may not
   */
  void requireCatalog(String name, String account) {
    AwsSetup.requireAddable(
        config,
        reader.own().registry(TablePlace.ofDirectory(config)),
        catalog().topology(),
        name,
        TablePlace.in(config, account));
  }

  /**
   * Requires that this process may write the documents of the mesh as a whole.
   *
   * @throws io.meshwork.error.MeshException if it may not
   */
  void requireGoverning() {
    RefusedTransaction.send(
        acting.own().registry(TablePlace.ofDirectory(config)),
        RegistryKeys.MESH,
        acting.self(),
        clock);
  }

  /** Adds a catalog to the mesh, or completes its addition, as this process. */
  void addCatalog(String name, String account) {
    new AwsSetup(config, acting.separate(), clock).addCatalog(name, TablePlace.in(config, account));
    catalog = null;
  }

  /** Opens the mesh as this process, with operations that take so long at most; close it. */
  Mesh open(Duration limit) {
    return Mesh.builder((time, meters) -> acting.separate(), config.root())
        .clock(clock)
        .deadline(limit)
        .open();
  }

  /** Returns a session of a role whose accesses the mesh does not count. The mesh exists. */
  ClientSession uncounted(AwsRoleCredentials role) {
    Ports ports = role.own().ports();
    Topology topology = TopologyDocument.find(new Ledger(ports.registry(), runtime()));
    Ledger ledger = new Ledger(registry(role, topology), runtime());
    Catalog all = new Catalog(ledger, topology, true);
    MeshTables tables =
        new MeshTables(ledger, ports.files(), new DataPlaces(all, config.root()), true);
    return new ClientSession(
            role.self(),
            ledger,
            all,
            tables,
            tables.files(),
            UnaryOperator.identity(),
            runtime(),
            Optional::empty)
        .uncounted();
  }

  /** Returns the domains and accounts of the mesh. It exists. */
  Catalog catalog() {
    Catalog cached = catalog;
    if (cached == null) {
      cached = openCatalog();
      catalog = cached;
    }
    return cached;
  }

  private Catalog openCatalog() {
    Topology topology =
        TopologyDocument.find(new Ledger(reader.own().ports().registry(), runtime()));
    return new Catalog(new Ledger(registry(reader, topology), runtime()), topology, true);
  }

  private Registry registry(AwsRoleCredentials role, Topology topology) {
    Ports ports = role.own().ports();
    return topology.shape() == Topology.Shape.CENTRAL
        ? ports.registry()
        : new RoutedRegistry(ports.registry(), topology, runtime(), ports.catalogs());
  }

  private MeshRuntime runtime() {
    return new MeshRuntime(
        clock, IdGenerator.secure(clock), Sleeper.real(), MeshRuntime.CALLING_THREAD, READS);
  }
}
