package io.meshwork;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.meter.Meters;
import io.meshwork.notice.Notifier;
import io.meshwork.operation.MeshObserver;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Settings with which a mesh is opened. Each has a default. Not thread-safe. {@code
 * LocalMesh.in(..)} and other backends create it.
 */
public final class MeshBuilder {
  private Registry registry;
  private FileIO files;
  private final UnaryOperator<String> addresses;
  private final String root;
  private InstantSource clock = MeshRuntime.systemClock();
  private Duration deadline = Duration.ofHours(1);
  private Executor executor = Runnable::run;
  private Sleeper sleeper = Sleeper.real();
  private MeshObserver observer = MeshObserver.NONE;
  private @Nullable Long seed;
  private Meters meters = Meters.none();
  private final Map<String, Notifier> notifiers = new TreeMap<>();
  private final List<UnaryOperator<Registry>> wrappings = new ArrayList<>();
  private @Nullable Topology topology;
  private @Nullable Function<String, Registry> catalogs;
  private boolean executorGiven;

  MeshBuilder(Registry registry, FileIO files, String root) {
    this.registry = registry;
    this.files = files;
    this.addresses = files instanceof LocalFileIO local ? local::address : UnaryOperator.identity();
    this.root = root;
  }

  /**
   * Sets the catalogs of the mesh, and who sees what. It is fixed when the mesh is created.
   * Default: what the mesh has; for a new mesh, one catalog for all.
   */
  public MeshBuilder topology(Topology shape) {
    topology = ArgumentChecks.required("topology", shape);
    return this;
  }

  /**
   * Sets where the registries of catalogs are. The registry that the mesh is opened with then only
   * lists the catalogs. A central mesh has one registry and does not call this.
   *
   * @param registries opens the registry of a catalog by its name, and creates it if it does not
   *     exist; throws a {@code BackendException} if it is unavailable, and is called again later.
   *     The registry is closed with the mesh
   */
  public MeshBuilder catalogs(Function<String, Registry> registries) {
    catalogs = ArgumentChecks.required("catalogs", registries);
    return this;
  }

  /** Combines {@link #topology(Topology)} and {@link #catalogs}. */
  public MeshBuilder topology(Topology shape, Function<String, Registry> registries) {
    return topology(shape).catalogs(registries);
  }

  /** Sets the clock. Default: the system's. */
  public MeshBuilder clock(InstantSource source) {
    clock = ArgumentChecks.required("clock", source);
    return this;
  }

  /** Sets how long an operation without its own timeout may take. Default: 1 hour. */
  public MeshBuilder deadline(Duration limit) {
    deadline = ArgumentChecks.span("deadline", limit);
    return this;
  }

  /**
   * Sets where the columns of a publish are encoded in parallel, together with the calling thread.
   * Notices are delivered there too, after each commit. Default: the calling thread alone, and
   * notices wait for {@code deliverNotices()}. The mesh does not shut it down.
   */
  public MeshBuilder executor(Executor workers) {
    executor = ArgumentChecks.required("executor", workers);
    executorGiven = true;
    return this;
  }

  /**
   * Adds a notifier, which delivers notices to another system. Each notifier continues where it
   * stopped, so always give it the same name. A new name receives notices from now on.
   *
   * @param name follows the grammar of domain names, such as {@code outbox}
   */
  public MeshBuilder notifying(String name, Notifier notifier) {
    NameGrammar.check("notifier", ArgumentChecks.required("notifying", name));
    boolean taken =
        notifiers.keySet().stream()
            .anyMatch(known -> NameGrammar.storage(known).equals(NameGrammar.storage(name)));
    if (taken) {
      throw ArgumentChecks.refused(
          "notifying", "names a notifier twice", "Give each a name of its own.");
    }
    notifiers.put(name, ArgumentChecks.required("notifying", notifier));
    return this;
  }

  /** Sets where measurements go, such as {@code MicrometerMeters}. Default: nowhere. */
  public MeshBuilder meters(Meters port) {
    meters = ArgumentChecks.required("meters", port);
    return this;
  }

  /** Observes the operations of this process. Default: nobody does. */
  public MeshBuilder observer(MeshObserver watcher) {
    observer = ArgumentChecks.required("observer", watcher);
    return this;
  }

  /** Returns settings that only tests use; each of them returns this builder. */
  public Testing testing() {
    return new Testing();
  }

  /**
   * Opens the mesh, or creates it in an empty registry. If this fails, registry and files are
   * closed.
   *
   * @throws InvalidRequestException if the mesh was created with another root, as a copy was, or
   *     with another topology, or has several catalogs and {@link #catalogs} was not called
   * @throws io.meshwork.error.BackendException if the registry cannot be read, or requires a
   *     feature that this version does not have
   */
  public Mesh open() {
    IdGenerator ids = seed == null ? IdGenerator.secure(clock) : IdGenerator.seeded(clock, seed);
    MeshRuntime runtime =
        new MeshRuntime(
            clock, ids, sleeper, executor, deadline, new MeshMeters(meters, clock), observer);
    Topology shape = settled(runtime);
    Mesh mesh =
        new Mesh(
            shape.shape() == Topology.Shape.CENTRAL
                ? registry
                : new RoutedRegistry(registry, shape, runtime, this::registryOf),
            shape,
            files,
            addresses,
            root,
            runtime,
            notifiers,
            executorGiven ? executor : null);
    try {
      mesh.prepare();
      return mesh;
    } catch (RuntimeException e) {
      mesh.close();
      throw e;
    }
  }

  private Topology settled(MeshRuntime runtime) {
    try {
      if (catalogs == null && topology != null && topology.shape() != Topology.Shape.CENTRAL) {
        throw withoutCatalogs(topology);
      }
      Topology shape =
          TopologyDocument.ensure(new Ledger(registry, runtime), Optional.ofNullable(topology));
      if (catalogs == null && shape.shape() != Topology.Shape.CENTRAL) {
        throw withoutCatalogs(shape);
      }
      return shape;
    } catch (RuntimeException e) {
      try {
        files.close();
      } finally {
        registry.close();
      }
      throw e;
    }
  }

  private static InvalidRequestException withoutCatalogs(Topology shape) {
    return new InvalidRequestException(
        ErrorCode.CONFIG_INVALID,
        "Cannot open the mesh: it is "
            + shape
            + ", and nothing says where the registries of its catalogs are. Nothing was changed."
            + " Say it with catalogs(..).");
  }

  private Registry registryOf(String catalog) {
    Registry opened =
        ArgumentChecks.required("catalogs", Objects.requireNonNull(catalogs).apply(catalog));
    for (UnaryOperator<Registry> wrapping : wrappings) {
      opened = ArgumentChecks.required("throughRegistry", wrapping.apply(opened));
    }
    return opened;
  }

  /** Settings for tests: waits, ids, and wrappers around the ports. Not thread-safe. */
  public final class Testing {
    private Testing() {}

    /** Sets how retries wait, such as by moving a test clock. Default: they sleep. */
    public MeshBuilder sleeper(Consumer<Duration> waiting) {
      ArgumentChecks.required("sleeper", waiting);
      sleeper = waiting::accept;
      return MeshBuilder.this;
    }

    /** Generates ids that repeat for a seed. Default: ids that nobody can guess. */
    public MeshBuilder seededIds(long start) {
      seed = start;
      return MeshBuilder.this;
    }

    /**
     * Wraps the registry, and those of catalogs, such as to count calls or inject faults. The last
     * wrapper is the outermost. Default: no wrapper.
     *
     * @param wrapping returns a registry that is closed with the mesh and closes its argument
     */
    public MeshBuilder throughRegistry(UnaryOperator<Registry> wrapping) {
      wrappings.add(ArgumentChecks.required("throughRegistry", wrapping));
      registry = ArgumentChecks.required("throughRegistry", wrapping.apply(registry));
      return MeshBuilder.this;
    }

    /** Wraps the files, as {@link #throughRegistry} wraps the registry. Default: no wrapper. */
    public MeshBuilder throughFiles(UnaryOperator<FileIO> wrapping) {
      ArgumentChecks.required("throughFiles", wrapping);
      files = ArgumentChecks.required("throughFiles", wrapping.apply(files));
      return MeshBuilder.this;
    }
  }
}
