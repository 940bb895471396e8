package io.meshwork.engine;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.index.IndexUpdates;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.routing.TopologyDocument.MeshLayout;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.iceberg.CatalogProperties;
import org.jspecify.annotations.Nullable;

/** A mesh that an engine opened from its configuration. Thread-safe. */
final class EngineMesh implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofHours(1);

  private final Warehouse.Ports ports;
  private final ClientSession session;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Instant> closedAt = new AtomicReference<>();

  private EngineMesh(Warehouse.Ports ports, Principal principal) {
    this.ports = ports;
    this.clock = MeshRuntime.systemClock();
    MeshRuntime runtime =
        new MeshRuntime(clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, DEADLINE);
    Ledger ledger = new Ledger(ports.registry(), runtime);
    Catalog domains = prepare(ledger, ports.root());
    IndexUpdates.install(ledger, domains);
    MeshTables tables =
        new MeshTables(ledger, ports.files(), new DataPlaces(domains, ports.root()));
    LastUpdatedFile.install(ledger, domains, tables, runtime);
    this.session =
        new ClientSession(
            principal,
            ledger,
            domains,
            tables,
            tables.files(),
            UnaryOperator.identity(),
            runtime,
            () -> Optional.ofNullable(closedAt.get()));
  }

  /**
   * Opens the mesh of a catalog's properties.
   *
   * @throws InvalidRequestException CONFIG_INVALID if a property is missing, or no backend supports
   *     the location
   */
  static EngineMesh of(String catalog, Map<String, String> properties) {
    String location = required(catalog, properties, CatalogProperties.WAREHOUSE_LOCATION);
    Principal principal = principal(catalog, required(catalog, properties, MeshCatalog.PRINCIPAL));
    for (Warehouse warehouse :
        ServiceLoader.load(Warehouse.class, MeshCatalog.class.getClassLoader())) {
      if (warehouse.isHome(location)) {
        Warehouse.Ports ports = warehouse.open(location, principal, properties);
        try {
          return new EngineMesh(ports, principal);
        } catch (RuntimeException e) {
          ports.close();
          throw e;
        }
      }
    }
    throw invalid(
        catalog,
        "no backend on the class path opens the warehouse '" + location + "'",
        "Use the absolute path of a mesh's folder, or add the jar of the backend, such as"
            + " mesh-spark-aws.");
  }

  private static Catalog prepare(Ledger ledger, String root) {
    MeshLayout layout = TopologyDocument.ensure(ledger, Optional.empty());
    Topology topology = layout.topology();
    if (topology.shape() != Topology.Shape.CENTRAL) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh at " + root + " for an engine"))
          .because("it is " + topology + ", and engines support only meshes of one catalog")
          .fix("Read it with MeshClient.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    MeshRoot.ensure(ledger, root).require(root);
    return new Catalog(ledger, topology, layout.partitionsConsumers());
  }

  ClientSession session() {
    return session;
  }

  /** Closes the files and the registry. Calling it again has no effect. */
  @Override
  public void close() {
    if (closedAt.compareAndSet(null, clock.instant())) {
      session.accessCounter().write();
      ports.close();
    }
  }

  private static Principal principal(String catalog, String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw invalid(
          catalog,
          "its property " + MeshCatalog.PRINCIPAL + " has no slash",
          "Use the form account/role, such as mobility/spark.");
    }
    return Principal.of(text.substring(0, slash), text.substring(slash + 1));
  }

  private static String required(String catalog, Map<String, String> properties, String key) {
    String value = properties.get(key);
    if (value == null || value.isBlank()) {
      throw invalid(
          catalog, "its property " + key + " is missing", "Set it in the engine's configuration.");
    }
    return value;
  }

  private static InvalidRequestException invalid(String catalog, String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh for catalog '" + catalog + "'"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }
}
