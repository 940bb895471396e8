package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** The registry of a mesh, as onboarding makes and reads it. Used by one thread. */
@NullMarked
final class FirstDocuments {
  private static final Duration READS = Duration.ofMinutes(1);

  private final AwsConfig config;
  private final AwsRoleCredentials acting;
  private final Function<Principal, AwsRoleCredentials> processes;
  private final InstantSource clock;

  /** Kept, because a new one reads the topology of the mesh again. */
  private @Nullable Catalog catalog;

  /**
   * Creates it; reads nothing.
   *
   * @param acting this process, which makes the mesh
   * @param processes returns what a role can do, which reads it
   */
  FirstDocuments(
      AwsConfig config,
      AwsRoleCredentials acting,
      Function<Principal, AwsRoleCredentials> processes,
      InstantSource clock) {
    this.config = config;
    this.acting = acting;
    this.processes = processes;
    this.clock = clock;
  }

  /** Returns the configuration of the mesh. */
  AwsConfig config() {
    return config;
  }

  /** Returns true if the mesh exists; false also if its table does not. */
  boolean exist() {
    try {
      return acting.own().registry(TablePlace.ofDirectory(config)).read(MeshRoot.KEY).isPresent();
    } catch (BackendException e) {
      if (e.getCause() instanceof ResourceNotFoundException) {
        return false;
      }
      throw e;
    }
  }

  /** Makes the mesh in the table and the bucket of its account, as this process. */
  void make() {
    new AwsSetup(config, acting.separate(), clock).make(Optional.empty());
  }

  /** Opens the mesh as this process, with operations that take so long at most; close it. */
  Mesh open(Duration limit) {
    return Mesh.builder((time, meters) -> acting.separate(), config.root())
        .clock(clock)
        .deadline(limit)
        .open();
  }

  /** Returns the domains and accounts of the mesh, as this process reads them. It exists. */
  Catalog catalog() {
    Catalog known = catalog;
    if (known == null) {
      known = openCatalog();
      catalog = known;
    }
    return known;
  }

  private Catalog openCatalog() {
    MeshRuntime runtime =
        new MeshRuntime(
            clock, IdGenerator.secure(clock), Sleeper.real(), MeshRuntime.CALLING_THREAD, READS);
    Ports ports = acting.own().ports();
    Topology topology = TopologyDocument.find(new Ledger(ports.registry(), runtime));
    Registry all =
        topology.shape() == Topology.Shape.CENTRAL
            ? ports.registry()
            : new RoutedRegistry(ports.registry(), topology, runtime, ports.catalogs());
    return new Catalog(new Ledger(all, runtime), topology, true);
  }

  /**
   * Reads them as a role, with the registry role that is between it and the registry.
   *
   * @throws io.meshwork.error.MeshException if it cannot, or they do not exist
   */
  void requireReadBy(Principal role) {
    AwsSetup.requireMesh(config, processes.apply(role).own().ports().registry());
  }

  /** Returns the command that makes them. */
  String command() {
    return "mesh init " + address();
  }

  /** Returns the mesh as an argument of a command. */
  String address() {
    return "'aws:" + config.region() + "/" + config.account() + "/" + config.meshName() + "'";
  }

  /** Returns the name of the mesh. */
  String mesh() {
    return config.meshName();
  }
}
