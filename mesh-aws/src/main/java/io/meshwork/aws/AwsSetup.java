package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.routing.TopologyDocument;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Page;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates what a mesh has in AWS accounts. Each step runs with the credentials of an administrator
 * of one account, and retains what exists, so that an interrupted run is completed by the next one.
 */
final class AwsSetup {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final AwsConfig config;
  private final AwsRoleCredentials acting;
  private final InstantSource clock;

  AwsSetup(AwsConfig config, AwsRoleCredentials acting, InstantSource clock) {
    this.config = config;
    this.acting = acting;
    this.clock = clock;
  }

  /**
   * Creates bucket and table in the account of the mesh, and the first documents; returns the root.
   */
  String make(Optional<Topology> topology) {
    String root = makeStores();
    Mesh.Builder mesh =
        Mesh.builder((time, meters) -> acting, config.root()).partitionConsumers().clock(clock);
    topology.ifPresent(mesh::topology);
    mesh.open().close();
    return root;
  }

  /** Creates bucket and table in the account of the mesh; returns the root. */
  String makeStores() {
    requireAccountOfMesh();
    String root = makeBucket();
    makeTable();
    return root;
  }

  /** As {@link #makeBucket(String)}, with the policy of a mesh of one catalog. */
  String makeBucket() {
    return makeBucket(AwsPolicies.of(config).bucket(acting.self().account()));
  }

  /** Creates the bucket of the account of this process; returns its root. */
  String makeBucket(String policy) {
    String bucket = config.bucketIn(acting.self().account());
    if (!policy.contains(":s3:::" + bucket)) {
      throw ArgumentChecks.refused(
          "policy",
          "does not name '" + bucket + "', the bucket of the account of this process",
          "Pass the policy that the setup of this account prints, or run it in the other account.");
    }
    new S3Bucket(acting.s3(), config, acting.self(), policy).ensure();
    return "s3://" + bucket;
  }

  /** Creates the table in the account of this process; returns its place. */
  TablePlace makeTable() {
    DynamoTable.ensureProtected(acting.dynamoDb(), config, acting.self());
    return TablePlace.in(config, acting.self().account());
  }

  /** Adds a catalog whose table exists, or completes its addition; returns its place. */
  TablePlace addCatalog(String catalog, TablePlace place) {
    Registry directory = acting.own().registry(TablePlace.ofDirectory(config));
    requireMesh(config, directory);
    MeshRuntime runtime =
        new MeshRuntime(clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, DEADLINE);
    Topology topology = TopologyDocument.find(new Ledger(directory, runtime));
    requireAddable(config, directory, topology, catalog, place);
    new RoutedRegistry(directory, topology, runtime, name -> acting.own().registry(place))
        .addCatalog(catalog, place.fields());
    return place;
  }

  static void requireMesh(AwsConfig config, Registry directory) {
    if (directory.read(MeshRoot.KEY).isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the " + config))
          .because("the table '" + config.table() + "' has no mesh")
          .fix("Correct account, name, and region, or create it with AwsMesh.make(..).")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  private void requireAccountOfMesh() {
    if (!acting.self().account().equals(config.account())) {
      throw Failure.of(MeshAction.of(Verb.CREATE, "the " + config))
          .because("this process is " + acting.self() + ", a role of another account")
          .state("Nothing was created.")
          .fix("Run it as an administrator of the account " + config.account() + ".")
          .accessDenied(
              ErrorCode.NOT_THIS_PRINCIPAL, "a role in the account " + config.account(), List.of());
    }
  }

  /** Requires that a mesh has or may get a catalog with this table. */
  static void requireAddable(
      AwsConfig config, Registry directory, Topology topology, String catalog, TablePlace place) {
    requireCatalog(topology, catalog);
    requireFree(config, directory, catalog, place);
  }

  private static void requireCatalog(Topology topology, String catalog) {
    boolean isCatalog =
        topology.shape() == Topology.Shape.FEDERATED
            ? topology.findCatalog(catalog).equals(Optional.of(catalog))
            : topology.shape() == Topology.Shape.LINES && topology.catalogs().contains(catalog);
    if (!isCatalog) {
      throw ArgumentChecks.refused(
          "catalog",
          "is '" + catalog + "', and the mesh is " + topology,
          topology.shape() == Topology.Shape.CENTRAL
              ? "Add no catalog: the registry of a central mesh is the table in its account."
              : "Use the storage name of "
                  + (topology.shape() == Topology.Shape.LINES ? "a line" : "a domain")
                  + ", in lower case with underscores.");
    }
  }

  /** Requires that the catalog has no other table, and the table no other catalog. */
  private static void requireFree(
      AwsConfig config, Registry directory, String catalog, TablePlace place) {
    TablePlace.find(directory, catalog)
        .filter(existing -> !existing.equals(place))
        .ifPresent(
            existing -> {
              throw taken(catalog, "its registry is " + existing, "Use this account.");
            });
    if (place.equals(TablePlace.ofDirectory(config))) {
      throw taken(
          catalog,
          place + " lists the catalogs of the mesh, so it is not the registry of one",
          "Use another account.");
    }
    String prefix = RoutedRegistry.place("").sort();
    String partition = RoutedRegistry.place("").partition();
    @Nullable String cursor = null;
    do {
      Page page = directory.list(partition, prefix, cursor);
      for (Document document : page.documents()) {
        String domain = document.key().sort().substring(prefix.length());
        if (!domain.equals(catalog) && TablePlace.of(document).equals(place)) {
          throw taken(
              catalog,
              place + " is the registry of the catalog '" + domain + "'",
              "Use another account: an account has the table of one catalog.");
        }
      }
      cursor = page.nextCursor();
    } while (cursor != null);
  }

  private static AlreadyExistsException taken(String catalog, String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.ADD, "the catalog '" + catalog + "'"))
        .because(reason)
        .state("Nothing was changed.")
        .fix(fix)
        .alreadyExists(ErrorCode.ALREADY_EXISTS);
  }
}
