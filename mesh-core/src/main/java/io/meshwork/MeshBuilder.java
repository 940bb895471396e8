package io.meshwork;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Ids;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.meter.Meters;
import io.meshwork.notice.Notifier;
import io.meshwork.operation.Witness;
import io.meshwork.product.Names;
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

/** How a mesh is opened. Every setting has a default that works. Not thread-safe. */
public final class MeshBuilder {
  private Registry registry;
  private FileIO files;
  private final UnaryOperator<String> addresses;
  private final String root;
  private InstantSource clock = MeshRuntime.systemClock();
  private Duration deadline = Duration.ofHours(1);
  private Executor executor = Runnable::run;
  private Sleeper sleeper = Sleeper.real();
  private Witness witness = Witness.NONE;
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
   * The catalogs of the mesh, and who sees what. It is settled when a mesh is made. Default: what
   * the mesh has, and one catalog for all if it is made now.
   */
  public MeshBuilder topology(Topology shape) {
    topology = Arguments.given("topology", shape);
    return this;
  }

  /**
   * Where the registries of catalogs are. The registry that the mesh is opened with then says which
   * catalogs there are and holds nothing else; in a central mesh it is the only one, and this is
   * not asked.
   *
   * @param registries opens the registry of a catalog by its name, and makes it if it is not there;
   *     throws a {@code BackendException} if it cannot be had, and is asked again later. It is
   *     closed with the mesh
   */
  public MeshBuilder catalogs(Function<String, Registry> registries) {
    catalogs = Arguments.given("catalogs", registries);
    return this;
  }

  /** {@link #topology(Topology)} and {@link #catalogs} in one. */
  public MeshBuilder topology(Topology shape, Function<String, Registry> registries) {
    return topology(shape).catalogs(registries);
  }

  /** What time it is. Default: the system's clock. */
  public MeshBuilder clock(InstantSource source) {
    clock = Arguments.given("clock", source);
    return this;
  }

  /** How long any operation may take that says nothing else. Default: 1 hour. */
  public MeshBuilder deadline(Duration limit) {
    deadline = Arguments.span("deadline", limit);
    return this;
  }

  /**
   * Where the columns of a publish are encoded side by side, beside the calling thread, which takes
   * part. Notices are delivered there too, after each commit. Default: the calling thread alone,
   * and notices wait for {@code deliverNotices()}. Stays the caller's to shut down.
   */
  public MeshBuilder workingOn(Executor workers) {
    executor = Arguments.given("workingOn", workers);
    executorGiven = true;
    return this;
  }

  /**
   * Tells somebody outside what happens in the mesh; may be said for several. Each stands where it
   * stopped last, so give it the same name always. A name that the mesh has not seen yet is told
   * what happens from now on.
   *
   * @param name as domains are named, such as {@code outbox}
   */
  public MeshBuilder notifying(String name, Notifier notifier) {
    Names.check("notifier", Arguments.given("notifying", name));
    boolean taken =
        notifiers.keySet().stream()
            .anyMatch(known -> Names.storage(known).equals(Names.storage(name)));
    if (taken) {
      throw Arguments.refused(
          "notifying", "names a notifier twice", "Give each a name of its own.");
    }
    notifiers.put(name, Arguments.given("notifying", notifier));
    return this;
  }

  /** Where the mesh's numbers go, such as to {@code MicrometerMeters}. Default: nowhere. */
  public MeshBuilder meters(Meters port) {
    meters = Arguments.given("meters", port);
    return this;
  }

  /** How retries wait. Default: they sleep. For tests that move a clock instead. */
  public MeshBuilder waitingBy(Consumer<Duration> waiting) {
    Arguments.given("waitingBy", waiting);
    sleeper = waiting::accept;
    return this;
  }

  /**
   * Puts something between the mesh and its registry, and those of its catalogs, such as a counter,
   * or faults in a test. What it gives is closed with the mesh, and closes the registry. Default:
   * nothing.
   */
  public MeshBuilder throughRegistry(UnaryOperator<Registry> wrapping) {
    wrappings.add(Arguments.given("throughRegistry", wrapping));
    registry =
        Arguments.given(
            "throughRegistry", Arguments.given("throughRegistry", wrapping).apply(registry));
    return this;
  }

  /** The same between the mesh and its files. */
  public MeshBuilder throughFiles(UnaryOperator<FileIO> wrapping) {
    files = Arguments.given("throughFiles", Arguments.given("throughFiles", wrapping).apply(files));
    return this;
  }

  /** Who watches the mesh at work, for tests and for hunting leaks. Default: nobody. */
  public MeshBuilder witnessedBy(Witness observer) {
    witness = Arguments.given("witnessedBy", observer);
    return this;
  }

  /**
   * Makes ids that repeat for a seed, for tests and simulations. Default: nobody can guess them.
   */
  public MeshBuilder seededIds(long start) {
    seed = start;
    return this;
  }

  /**
   * Opens the mesh; a registry that has none gets documents of its format and its root.
   *
   * @throws InvalidRequestException if the mesh was made with another root, as a copy was, or with
   *     another shape, or has several catalogs and nobody said where they are; then registry and
   *     files are closed
   * @throws io.meshwork.error.BackendException if the registry cannot be read, or needs a feature
   *     that this version lacks; then registry and files are closed
   */
  public Mesh open() {
    Ids ids = seed == null ? Ids.secure(clock) : Ids.seeded(clock, seed);
    MeshRuntime runtime =
        new MeshRuntime(
            clock, ids, sleeper, executor, deadline, new MeshMeters(meters, clock), witness);
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
    Registry opened = Arguments.given("catalogs", Objects.requireNonNull(catalogs).apply(catalog));
    for (UnaryOperator<Registry> wrapping : wrappings) {
      opened = Arguments.given("throughRegistry", wrapping.apply(opened));
    }
    return opened;
  }
}
