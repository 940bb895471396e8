package io.meshwork.internal.routing;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One registry for all catalogs of a mesh. Routes each partition by its name to the registry of its
 * catalog, see {@link PartitionCatalogs}. {@code _mesh/@<catalog>} is {@code _mesh} in the registry
 * of that catalog, and {@code _mesh/@<catalog>/mirrors} is {@code _mesh/mirrors}; other partitions
 * have the same names. Thread-safe.
 *
 * <p>A transaction belongs to one catalog. It may only check governance documents of other
 * catalogs: they are compared immediately before the transaction is sent and are not part of it, so
 * a change in between is not detected. Other documents of other catalogs are rejected.
 */
public final class RoutedRegistry implements Registry {
  /** Prefix of the sort keys of the catalogs, in {@code _mesh}. */
  public static final String CATALOGS = "catalog/";

  /** Prefix of the sort keys of the places of registries, in {@code _mesh}. */
  private static final String PLACES = "place/";

  private final Registry directory;
  private final Topology topology;
  private final CatalogRegistries members;

  /**
   * A registry for the catalogs of a mesh.
   *
   * @param directory the registry that the mesh was opened with, which lists the catalogs
   * @param opener opens or creates the registry of a catalog, by its name
   */
  public RoutedRegistry(
      Registry directory,
      Topology topology,
      MeshRuntime runtime,
      Function<String, Registry> opener) {
    this.directory = directory;
    this.topology = topology;
    this.members = new CatalogRegistries(new Ledger(directory, runtime), runtime, opener);
  }

  /** The key of the document with the place of a catalog's registry, in the directory. */
  public static Key place(String catalog) {
    return new Key(PartitionCatalogs.MESH, PLACES + catalog);
  }

  /** Returns the names of the catalogs that a directory lists, in order; none in a central mesh. */
  public static List<String> catalogs(Registry directory) {
    List<String> names = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page page = directory.list(PartitionCatalogs.MESH, CATALOGS, cursor);
      page.documents().forEach(each -> names.add(each.key().sort().substring(CATALOGS.length())));
      cursor = page.nextCursor();
    } while (cursor != null);
    return List.copyOf(names);
  }

  /**
   * Adds a catalog: writes the first documents of its registry, and lists it with its place in the
   * directory. Does nothing if the catalog exists; completes an interrupted call.
   *
   * @param catalog a catalog of the topology
   * @param place the fields of the document of its place
   */
  public void addCatalog(String catalog, Map<String, String> place) {
    call(new Route(catalog, PartitionCatalogs.MESH), () -> members.add(catalog, place));
  }

  /** The target of a call: the catalog, null for the directory, and the partition in it. */
  private record Route(@Nullable String catalog, String partition) {
    Key key(Key key) {
      return new Key(partition, key.sort());
    }
  }

  @Override
  public Optional<Document> read(Key key) {
    Route route = route(key.partition());
    return route == null
        ? Optional.empty()
        : call(
            route,
            () ->
                find(route)
                    .flatMap(registry -> registry.read(route.key(key)))
                    .map(document -> new Document(key, document.json(), document.version())));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    Route route = route(partition);
    Page empty = new Page(List.of(), null);
    return route == null
        ? empty
        : call(
            route,
            () ->
                find(route)
                    .map(registry -> registry.list(route.partition(), sortPrefix, cursor))
                    .map(
                        page ->
                            new Page(
                                page.documents().stream()
                                    .map(
                                        document ->
                                            new Document(
                                                new Key(partition, document.key().sort()),
                                                document.json(),
                                                document.version()))
                                    .toList(),
                                page.nextCursor()))
                    .orElse(empty));
  }

  @Override
  public SortedSet<String> partitions() {
    SortedSet<String> all = new TreeSet<>(directory.partitions());
    for (String catalog : catalogs(directory)) {
      Route route = new Route(catalog, PartitionCatalogs.MESH);
      call(route, () -> find(route).map(Registry::partitions).orElseGet(TreeSet::new))
          .forEach(partition -> all.add(PartitionCatalogs.inMesh(catalog, partition)));
    }
    return Collections.unmodifiableSortedSet(all);
  }

  @Override
  public Outcome commit(Transaction transaction) {
    Route home = require(transaction.partition());
    List<Action> actions = new ArrayList<>();
    List<Key> changed = new ArrayList<>();
    for (Action action : transaction.actions()) {
      Route route = require(action.key().partition());
      if (sameCatalog(route, home)) {
        actions.add(
            new Action(
                action.kind(), route.key(action.key()), action.json(), action.expectedVersion()));
      } else if (action.kind() != Kind.CHECK
          || !PartitionCatalogs.isGovernance(action.key().partition())) {
        throw severalCatalogs(transaction, action.key());
      } else if (!isAsExpected(action)) {
        changed.add(action.key());
      }
    }
    if (!changed.isEmpty()) {
      return Outcome.conflict(changed);
    }
    Transaction routed = new Transaction(transaction.attemptId(), actions);
    Outcome outcome = call(home, () -> findOrCreate(home).commit(routed));
    return outcome.status() == Status.CONFLICT
        ? Outcome.conflict(originalKeys(transaction, outcome.conflicts()))
        : outcome;
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    Route route = require(partition);
    return call(route, () -> findOrCreate(route).resolve(route.partition(), attemptId));
  }

  @Override
  public Runnable awaitTurn(String partition, boolean conflicted, Duration atMost)
      throws InterruptedException {
    Route route = require(partition);
    Optional<Registry> registry = find(route);
    return registry.isPresent()
        ? registry.get().awaitTurn(route.partition(), conflicted, atMost)
        : NO_TURN;
  }

  @Override
  public boolean dropReplaced(String partition) {
    Route route = require(partition);
    return call(route, () -> findOrCreate(route).dropReplaced(route.partition()));
  }

  @Override
  public Optional<Instant> time() {
    return directory.time();
  }

  @Override
  public void close() {
    try {
      members.close();
    } finally {
      directory.close();
    }
  }

  private boolean isAsExpected(Action action) {
    return read(action.key())
        .map(Document::version)
        .orElse(Transaction.ABSENT)
        .equals(action.expectedVersion());
  }

  /** The keys of the transaction whose routed keys conflict. */
  private List<Key> originalKeys(Transaction transaction, List<Key> conflicts) {
    return transaction.actions().stream()
        .map(Action::key)
        .filter(key -> conflicts.contains(require(key.partition()).key(key)))
        .toList();
  }

  private static boolean sameCatalog(Route one, Route other) {
    return one.catalog() == null ? other.catalog() == null : one.catalog().equals(other.catalog());
  }

  private Optional<Registry> find(Route route) {
    String catalog = route.catalog();
    return catalog == null ? Optional.of(directory) : members.find(catalog);
  }

  private Registry findOrCreate(Route route) {
    String catalog = route.catalog();
    return catalog == null ? directory : members.findOrCreate(catalog);
  }

  private Route require(String partition) {
    Route route = route(partition);
    if (route == null) {
      throw Failure.of(MeshAction.of(Verb.USE, "partition '" + partition + "'"))
          .because("no catalog of this mesh is its home; the mesh is " + topology)
          .lasting(ErrorCode.CONFIG_INVALID);
    }
    return route;
  }

  /** Null if the topology has no catalog for the partition's domain. */
  private @Nullable Route route(String partition) {
    if (PartitionCatalogs.isMeshWide(partition)) {
      return new Route(null, partition);
    }
    Optional<String> catalog = PartitionCatalogs.catalog(topology, partition);
    return catalog
        .map(name -> new Route(name, PartitionCatalogs.inCatalog(partition)))
        .orElse(null);
  }

  private <R> R call(Route route, Supplier<R> request) {
    try {
      return request.get();
    } catch (BackendException e) {
      if (e.errorCode() == ErrorCode.DEADLINE_PASSED || e.errorCode() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      String catalog = route.catalog();
      Failure failure =
          catalog == null
              ? Failure.of(MeshAction.of(Verb.USE, "the registry that lists the mesh's catalogs"))
                  .fix(
                      fix(e)
                          + "While it is unavailable, the mesh cannot be opened, and domains cannot be registered"
                          + " or listed; domains that were used since it was opened still work.")
              : Failure.of(MeshAction.of(Verb.USE, "catalog '" + catalog + "' of the mesh"))
                  .fix(
                      fix(e)
                          + "Domains of other catalogs still work; operations on all catalogs do"
                          + " not.");
      failure.because(reason(e)).state(e.state()).cause(e);
      throw e.retryable() ? failure.passing(e.errorCode()) : failure.lasting(e.errorCode());
    }
  }

  /** The action and the reason of a failure. */
  private static String reason(BackendException failure) {
    return "cannot " + failure.action() + ", because " + failure.reason();
  }

  private static String fix(BackendException failure) {
    return failure.fix().isEmpty() ? "" : failure.fix() + " ";
  }

  private static BackendException severalCatalogs(Transaction transaction, Key key) {
    return Failure.of(MeshAction.of(Verb.COMMIT, "'" + transaction.partition() + "'"))
        .because("the transaction depends on '" + key + "', which is in another catalog")
        .fix("Use one transaction for each catalog. If you did, report this as a defect.")
        .lasting(ErrorCode.CONFIG_INVALID);
  }
}
