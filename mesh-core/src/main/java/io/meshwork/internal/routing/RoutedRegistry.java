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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The registries of a mesh's catalogs as one: a partition's name says where it lies, see {@link
 * PartitionCatalogs}. {@code _mesh/@<catalog>} is {@code _mesh} in the registry of that catalog;
 * all else is called there as it is called here. Thread-safe.
 *
 * <p>A transaction is one transaction of one catalog. Of another it may check who somebody is, a
 * document of {@code _mesh}: this is compared right before the rest is sent and is no part of what
 * is atomic, so what changes in between is not seen. Nothing that guards a product may be checked
 * so; that is refused.
 */
public final class RoutedRegistry implements Registry {
  /** Sort keys of the catalogs that there are start so, in {@code _mesh}. */
  public static final String CATALOGS = "catalog/";

  private final Registry directory;
  private final Topology topology;
  private final CatalogRegistries members;

  /**
   * Routes.
   *
   * @param directory what the mesh was opened with: it says which catalogs there are
   * @param opening the registry of a catalog, by its name; opens or makes it
   */
  public RoutedRegistry(
      Registry directory,
      Topology topology,
      MeshRuntime runtime,
      Function<String, Registry> opening) {
    this.directory = directory;
    this.topology = topology;
    this.members = new CatalogRegistries(new Ledger(directory, runtime), runtime, opening);
  }

  /** Where a call goes: the catalog, which is null for the directory, and the partition there. */
  private record Place(@Nullable String catalog, String partition) {
    Key key(Key key) {
      return new Key(partition, key.sort());
    }
  }

  @Override
  public Optional<Document> read(Key key) {
    Place place = place(key.partition());
    return place == null
        ? Optional.empty()
        : call(
            place,
            () ->
                find(place)
                    .flatMap(registry -> registry.read(place.key(key)))
                    .map(found -> new Document(key, found.json(), found.version())));
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    Place place = place(partition);
    Page nothing = new Page(List.of(), null);
    return place == null
        ? nothing
        : call(
            place,
            () ->
                find(place)
                    .map(registry -> registry.list(place.partition(), sortPrefix, cursor))
                    .map(
                        page ->
                            new Page(
                                page.documents().stream()
                                    .map(
                                        found ->
                                            new Document(
                                                new Key(partition, found.key().sort()),
                                                found.json(),
                                                found.version()))
                                    .toList(),
                                page.nextCursor()))
                    .orElse(nothing));
  }

  @Override
  public Outcome commit(Transaction transaction) {
    Place home = require(transaction.partition());
    List<Action> actions = new ArrayList<>();
    List<Key> changed = new ArrayList<>();
    for (Action action : transaction.actions()) {
      Place place = require(action.key().partition());
      if (sameCatalog(place, home)) {
        actions.add(
            new Action(
                action.kind(), place.key(action.key()), action.json(), action.expectedVersion()));
      } else if (action.kind() != Kind.CHECK
          || !PartitionCatalogs.isGovernance(action.key().partition())) {
        throw spans(transaction, action.key());
      } else if (!isAsExpected(action)) {
        changed.add(action.key());
      }
    }
    if (!changed.isEmpty()) {
      return Outcome.conflict(changed);
    }
    Transaction there = new Transaction(transaction.attemptId(), actions);
    Outcome outcome = call(home, () -> make(home).commit(there));
    return outcome.status() == Status.CONFLICT
        ? Outcome.conflict(asAsked(transaction, outcome.conflicts()))
        : outcome;
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    Place place = require(partition);
    return call(place, () -> make(place).resolve(place.partition(), attemptId));
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

  private List<Key> asAsked(Transaction transaction, List<Key> conflicts) {
    return transaction.actions().stream()
        .map(Action::key)
        .filter(key -> conflicts.contains(require(key.partition()).key(key)))
        .toList();
  }

  private static boolean sameCatalog(Place one, Place other) {
    return one.catalog() == null ? other.catalog() == null : one.catalog().equals(other.catalog());
  }

  private Optional<Registry> find(Place place) {
    String catalog = place.catalog();
    return catalog == null ? Optional.of(directory) : members.find(catalog);
  }

  private Registry make(Place place) {
    String catalog = place.catalog();
    return catalog == null ? directory : members.findOrMake(catalog);
  }

  private Place require(String partition) {
    Place place = place(partition);
    if (place == null) {
      throw Failure.of(MeshAction.of(Verb.USE, "partition '" + partition + "'"))
          .because("no catalog of this mesh is its home; the mesh is " + topology)
          .lasting(ErrorCode.CONFIG_INVALID);
    }
    return place;
  }

  /** Null if no domain of this name can be in the mesh, so that there is nothing to be found. */
  private @Nullable Place place(String partition) {
    if (PartitionCatalogs.isOfMesh(partition)) {
      return new Place(null, partition);
    }
    Optional<String> catalog = PartitionCatalogs.catalog(topology, partition);
    return catalog
        .map(
            name ->
                new Place(
                    name,
                    PartitionCatalogs.isGovernance(partition) ? PartitionCatalogs.MESH : partition))
        .orElse(null);
  }

  private <R> R call(Place place, Supplier<R> asking) {
    try {
      return asking.get();
    } catch (BackendException e) {
      if (e.errorCode() == ErrorCode.DEADLINE_PASSED || e.errorCode() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      String catalog = place.catalog();
      String message =
          catalog == null
              ? "The registry that says which catalogs the mesh has cannot be asked, which takes"
                  + " opening the mesh, registering domains and listing all of them; work with"
                  + " domains that were used since it was opened goes on. "
              : "Catalog '"
                  + catalog
                  + "' of the mesh cannot be asked; domains that live in other catalogs go on, and"
                  + " whatever asks all catalogs waits for it. ";
      // The code is added again at the end.
      message += String.valueOf(e.getMessage()).replace(" [" + e.code() + "]", "");
      throw e.retryable()
          ? BackendException.passing(e.errorCode(), message, e)
          : BackendException.lasting(e.errorCode(), message, e);
    }
  }

  private static BackendException spans(Transaction transaction, Key key) {
    return BackendException.lasting(
        ErrorCode.CONFIG_INVALID,
        "A transaction that writes in '"
            + transaction.partition()
            + "' may not rest on '"
            + key
            + "', which lies in another catalog. Nothing was done. Do each catalog's part by"
            + " itself; if you did, report this as a defect.",
        null);
  }
}
