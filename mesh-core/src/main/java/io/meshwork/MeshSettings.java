package io.meshwork;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.mirror.MirrorBackend;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.routing.TopologyDocument.MeshLayout;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.MeshObserver;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.session.ClientSession.ProcessAccount;
import io.meshwork.meter.Meters;
import io.meshwork.notice.Notifier;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a mesh and opens it. */
final class MeshSettings implements Mesh.Builder, MeshObserver.Settings {
  private final OpenedPorts.Opener opener;
  private final @Nullable PrincipalCredentials credentials;
  private final String root;
  private InstantSource clock = MeshRuntime.systemClock();
  private Duration deadline = Duration.ofHours(1);
  private Executor executor = MeshRuntime.CALLING_THREAD;
  private Sleeper sleeper = Sleeper.real();
  private MeshObserver observer = MeshObserver.NONE;
  private @Nullable Long seed;
  private Meters meters = Meters.none();
  private final Map<String, Notifier> notifiers = new TreeMap<>();
  private final List<UnaryOperator<Registry>> wrappings = new ArrayList<>();
  private final List<UnaryOperator<FileIO>> fileWrappings = new ArrayList<>();
  private @Nullable Topology topology;
  private @Nullable Function<String, Registry> catalogs;
  private boolean executorGiven;
  private boolean partitionConsumers;

  /**
   * Starts with the default settings.
   *
   * @param credentials the credentials that come with the ports; null without any, or if the opener
   *     opens them
   */
  MeshSettings(OpenedPorts.Opener opener, @Nullable PrincipalCredentials credentials, String root) {
    this.opener = opener;
    this.credentials = credentials;
    this.root = root;
  }

  @Override
  public Mesh.Builder topology(Topology shape) {
    topology = ArgumentChecks.required("topology", shape);
    return this;
  }

  @Override
  public Mesh.Builder catalogs(Function<String, Registry> registries) {
    catalogs = ArgumentChecks.required("catalogs", registries);
    return this;
  }

  @Override
  public Mesh.Builder topology(Topology shape, Function<String, Registry> registries) {
    return topology(shape).catalogs(registries);
  }

  @Override
  public Mesh.Builder partitionConsumers() {
    partitionConsumers = true;
    return this;
  }

  @Override
  public Mesh.Builder clock(InstantSource source) {
    clock = ArgumentChecks.required("clock", source);
    return this;
  }

  @Override
  public Mesh.Builder deadline(Duration limit) {
    deadline = ArgumentChecks.span("deadline", limit);
    return this;
  }

  @Override
  public Mesh.Builder executor(Executor workers) {
    executor = ArgumentChecks.required("executor", workers);
    executorGiven = true;
    return this;
  }

  @Override
  public Mesh.Builder notifier(String name, Notifier notifier) {
    NameGrammar.check("notifier", ArgumentChecks.required("notifier", name));
    boolean isTaken =
        notifiers.keySet().stream()
            .anyMatch(
                registered -> NameGrammar.storage(registered).equals(NameGrammar.storage(name)));
    if (isTaken) {
      throw ArgumentChecks.refused(
          "notifier", "names a notifier twice", "Give each notifier a different name.");
    }
    notifiers.put(name, ArgumentChecks.required("notifier", notifier));
    return this;
  }

  @Override
  public Mesh.Builder meters(Meters port) {
    meters = ArgumentChecks.required("meters", port);
    return this;
  }

  @Override
  public void observe(MeshObserver watcher) {
    observer = ArgumentChecks.required("observer", watcher);
  }

  @Override
  public Mesh.TestSettings testing() {
    return new SettingsOfTest();
  }

  @Override
  public Mesh open() {
    OpenedPorts opened = opener.open(clock, meters);
    UnaryOperator<String> addresses =
        opened.files() instanceof LocalFileIO local ? local::address : UnaryOperator.identity();
    OpenedPorts ports = configured(opened);
    IdGenerator ids = seed == null ? IdGenerator.secure(clock) : IdGenerator.seeded(clock, seed);
    MeshRuntime runtime =
        new MeshRuntime(
            clock, ids, sleeper, executor, deadline, new MeshMeters(meters, clock), observer);
    MeshLayout layout = settled(ports, runtime);
    Mesh mesh =
        new Mesh(
            committed -> sessions(ports, layout, runtime, committed),
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

  /** Returns the opened ports with the settings of this builder; closes them if that fails. */
  private OpenedPorts configured(OpenedPorts opened) {
    OpenedPorts ports = credentials == null ? opened : opened.withPrincipals(credentials);
    try {
      OpenedPorts wrapped = ports.through(this::wrapped, this::wrapped);
      return catalogs == null ? wrapped : wrapped.withCatalogs(catalogs);
    } catch (RuntimeException e) {
      ports.close();
      throw e;
    }
  }

  private SessionFactories sessions(
      OpenedPorts ports, MeshLayout layout, MeshRuntime runtime, Consumer<String> committed) {
    Topology shape = layout.topology();
    Optional<MirrorBackend> mirrors =
        ports.credentials() instanceof MirrorBackend backend
            ? Optional.of(backend)
            : Optional.empty();
    Optional<ProcessAccount> process =
        Optional.ofNullable(ports.credentials())
            .filter(credentials -> !credentials.maintainsAllDomains())
            .map(
                credentials ->
                    new ProcessAccount(
                        credentials.self().account(),
                        credentials.isGovernance(),
                        credentials::isAccount,
                        mirrors.map(each -> each::account)));
    Optional<RightsMirror> rightsMirror = mirrors.flatMap(MirrorBackend::rights);
    SessionFactory own =
        new SessionFactory(
            routed(
                ports.registry(), catalog -> registryOf(ports.catalogs(), catalog), shape, runtime),
            layout,
            ports.files(),
            root,
            runtime,
            process,
            rightsMirror,
            committed);
    return new SessionFactories(
        own,
        ports.credentials(),
        others ->
            new SessionFactory(
                routed(
                    wrapped(others.registry()),
                    catalog -> registryOf(others.catalogs(), catalog),
                    shape,
                    runtime),
                layout,
                wrapped(others.files()),
                root,
                runtime,
                process,
                rightsMirror,
                committed));
  }

  private static Registry routed(
      Registry directory, Function<String, Registry> opener, Topology shape, MeshRuntime runtime) {
    return shape.shape() == Topology.Shape.CENTRAL
        ? directory
        : new RoutedRegistry(directory, shape, runtime, opener);
  }

  /**
   * A new mesh has several major versions from the start: an entry when it gets the first rollout,
   * or a gap in its log, would reveal one that is not announced. Where principals are
   * authenticated, the first who needs a feature may also not be permitted to write the documents
   * of governance.
   */
  private Set<String> features() {
    return partitionConsumers
        ? Set.of(MeshFormat.SEPARATE_CONSUMERS, MeshFormat.SEVERAL_MAJORS)
        : Set.of(MeshFormat.SEVERAL_MAJORS);
  }

  private MeshLayout settled(OpenedPorts ports, MeshRuntime runtime) {
    try {
      if (ports.catalogs() == null
          && topology != null
          && topology.shape() != Topology.Shape.CENTRAL) {
        throw withoutCatalogs(topology);
      }
      Ledger ledger = new Ledger(ports.registry(), runtime);
      MeshLayout layout =
          TopologyDocument.ensure(ledger, Optional.ofNullable(topology), features());
      if (ports.catalogs() == null && layout.topology().shape() != Topology.Shape.CENTRAL) {
        throw withoutCatalogs(layout.topology());
      }
      return layout;
    } catch (RuntimeException e) {
      ports.close();
      throw e;
    }
  }

  private static InvalidRequestException withoutCatalogs(Topology shape) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh"))
        .because("it is " + shape + ", and the registries of its catalogs are not configured")
        .fix("Call catalogs(..).")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private Registry registryOf(@Nullable Function<String, Registry> registries, String catalog) {
    return wrapped(
        ArgumentChecks.required("catalogs", Objects.requireNonNull(registries).apply(catalog)));
  }

  private Registry wrapped(Registry opened) {
    Registry wrapped = opened;
    for (UnaryOperator<Registry> wrapping : wrappings) {
      wrapped = ArgumentChecks.required("wrapRegistry", wrapping.apply(wrapped));
    }
    return wrapped;
  }

  private FileIO wrapped(FileIO opened) {
    FileIO wrapped = opened;
    for (UnaryOperator<FileIO> wrapping : fileWrappings) {
      wrapped = ArgumentChecks.required("wrapFiles", wrapping.apply(wrapped));
    }
    return wrapped;
  }

  private final class SettingsOfTest implements Mesh.TestSettings {
    @Override
    public Mesh.Builder sleeper(Consumer<Duration> waiting) {
      ArgumentChecks.required("sleeper", waiting);
      sleeper = waiting::accept;
      return MeshSettings.this;
    }

    @Override
    public Mesh.Builder idSeed(long start) {
      seed = start;
      return MeshSettings.this;
    }

    @Override
    public Mesh.Builder wrapRegistry(UnaryOperator<Registry> wrapping) {
      wrappings.add(ArgumentChecks.required("wrapRegistry", wrapping));
      return MeshSettings.this;
    }

    @Override
    public Mesh.Builder wrapFiles(UnaryOperator<FileIO> wrapping) {
      fileWrappings.add(ArgumentChecks.required("wrapFiles", wrapping));
      return MeshSettings.this;
    }
  }
}
