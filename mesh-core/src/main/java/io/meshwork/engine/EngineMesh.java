package io.meshwork.engine;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.product.Principal;
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

/** A mesh that an engine opened, out of configuration alone. Thread-safe. */
final class EngineMesh implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofHours(1);

  private final EngineWarehouse.Ports ports;
  private final ClientSession session;
  private final InstantSource clock;
  private final AtomicReference<@Nullable Instant> closedAt = new AtomicReference<>();

  private EngineMesh(EngineWarehouse.Ports ports, Principal principal) {
    this.ports = ports;
    this.clock = MeshRuntime.systemClock();
    MeshRuntime runtime =
        new MeshRuntime(clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, DEADLINE);
    Ledger ledger = new Ledger(ports.registry(), runtime);
    MeshTables tables = new MeshTables(ledger, ports.files(), ports.root());
    this.session =
        new ClientSession(
            principal,
            ledger,
            new Catalog(ledger),
            tables,
            tables.files(),
            UnaryOperator.identity(),
            runtime,
            () -> Optional.ofNullable(closedAt.get()));
  }

  /**
   * Opens the mesh that the properties name.
   *
   * @throws InvalidRequestException CONFIG_INVALID if one is missing, or no backend knows the place
   */
  static EngineMesh of(String catalog, Map<String, String> properties) {
    String place = required(catalog, properties, CatalogProperties.WAREHOUSE_LOCATION);
    Principal principal = principal(catalog, required(catalog, properties, MeshCatalog.PRINCIPAL));
    for (EngineWarehouse warehouse :
        ServiceLoader.load(EngineWarehouse.class, MeshCatalog.class.getClassLoader())) {
      if (warehouse.isHome(place)) {
        EngineMesh mesh = new EngineMesh(warehouse.open(place, properties), principal);
        try {
          mesh.prepare();
          return mesh;
        } catch (RuntimeException e) {
          mesh.close();
          throw e;
        }
      }
    }
    throw invalid(
        catalog,
        "no backend on the class path opens the warehouse '" + place + "'",
        "Give the folder of a mesh as an absolute path, or add the jar of the backend.");
  }

  private void prepare() {
    Topology shape = TopologyDocument.ensure(session.ledger(), Optional.empty());
    if (shape.shape() != Topology.Shape.CENTRAL) {
      throw new InvalidRequestException(
          ErrorCode.CONFIG_INVALID,
          "Cannot open the mesh at "
              + ports.root()
              + " for an engine: it is "
              + shape
              + ", and engines open meshes of one catalog only. Read it with MeshClient.");
    }
    MeshRoot.ensure(session.ledger(), ports.root()).require(ports.root());
  }

  ClientSession session() {
    return session;
  }

  /** Closes files and registry. Calling it twice is harmless. */
  @Override
  public void close() {
    if (closedAt.compareAndSet(null, clock.instant())) {
      session.accessCounter().write();
      try {
        ports.files().close();
      } finally {
        ports.registry().close();
      }
    }
  }

  private static Principal principal(String catalog, String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw invalid(
          catalog,
          "its property " + MeshCatalog.PRINCIPAL + " has no slash",
          "Write it as account/role, such as mobility/spark.");
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

  private static InvalidRequestException invalid(String catalog, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.CONFIG_INVALID,
        "Cannot open the mesh for catalog '" + catalog + "': " + why + ". " + fix);
  }
}
