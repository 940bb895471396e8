package io.meshwork.aws;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.aws.internal.OperationsModule;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.meter.Meters;
import io.meshwork.notice.Notifier;
import io.meshwork.registry.Warehouse;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * A mesh on AWS: its registry in a DynamoDB table, its files in S3. Programs are the same as with
 * an embedded mesh, except that they open it differently.
 *
 * <pre>{@code
 * AwsConfig config = AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");
 * try (Mesh mesh = AwsMesh.connect(config)) {
 *   mesh.client().publish("commerce/orders").records(orders).commit();
 * }
 * }</pre>
 *
 * <p>The process is the IAM role that its credentials belong to, as AWS's STS confirms it. The
 * credentials come from the default chain of the AWS SDK: system properties, environment, profile,
 * container, or instance. Principals are roles of any account. Files, and tables in its account, a
 * principal uses with its own credentials; a table in another account with the role {@code
 * mesh-<name>-<account>-<role>} there, or else {@code mesh-<name>-reader}.
 */
public final class AwsMesh {
  private AwsMesh() {}

  /**
   * Opens a mesh. Never creates one.
   *
   * @return the mesh, to be closed; {@code client()} is the role of this process
   * @throws io.meshwork.error.InvalidRequestException if the configuration names no mesh, or the
   *     table has no mesh
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if the credentials do not
   *     belong to a role
   * @throws io.meshwork.error.BackendException if the table does not exist, if AWS cannot be
   *     reached or denies a request, or if the process has no credentials
   */
  public static Mesh connect(AwsConfig config) {
    return builder(config).open();
  }

  /**
   * Returns a builder with settings for a mesh. Sends no request and opens no connection: its
   * {@code open()} asks AWS who this process is, and whether the mesh exists.
   *
   * @throws io.meshwork.error.InvalidRequestException if the configuration names no mesh
   */
  public static Mesh.Builder builder(AwsConfig config) {
    return builder(
        ArgumentChecks.required("config", config),
        () -> DefaultCredentialsProvider.builder().build(),
        AwsTimeouts.STANDARD);
  }

  /**
   * Returns a notifier that sends each notice to the event bus {@code mesh-<name>} of the first
   * account of its recipient's domain, in Amazon EventBridge, and each event to the bus of the
   * domain whose log has it. {@link AccountSetup#notices} creates the bus, and the queue {@code
   * mesh-<name>-notices} behind it. Needs the module mesh-aws-operations. Sends its first request
   * with the first event, with the credentials of the process.
   *
   * <p>The source is {@code meshwork.<name>}, and the detail type {@code notice.<KIND>} or the type
   * of the event. The detail follows the schema {@code sent-event-1.json}; it has no free text and
   * no reasons. What is delivered is parked at once if its recipient has no account or no bus, or
   * if the bus does not permit it; what fails because EventBridge is slow, overloaded, or down is
   * delivered again later. The notifier needs no closing.
   *
   * @throws io.meshwork.error.InvalidRequestException CONFIG_INVALID if the configuration names no
   *     mesh, or the module is missing
   */
  public static Notifier notifier(AwsConfig config) {
    return notifier(
        ArgumentChecks.required("config", config),
        DefaultCredentialsProvider.builder().build(),
        AwsTimeouts.STANDARD);
  }

  /** As {@link #notifier(AwsConfig)}, with other credentials. */
  static Notifier notifier(
      AwsConfig config, AwsCredentialsProvider credentials, AwsTimeouts timeouts) {
    ControlPlane limits = new ControlPlane(MeshRuntime.systemClock(), Meters.none());
    AwsClients clients = new AwsClients(config, limits, timeouts);
    return OperationsModule.events("notices by EventBridge")
        .notifier(config.meshName(), config.names(), new OwnServiceClients(clients, credentials));
  }

  /**
   * Creates a mesh: its bucket and its table with their protections, and its first documents. What
   * exists remains, so an interrupted run is completed by the next one. A new mesh has one catalog.
   * Needs administrative permissions in the account of the mesh, and takes up to two minutes.
   *
   * <p>The bucket has versioning, is encrypted, blocks public access, refuses requests without TLS
   * and requests that replace files, removes unfinished uploads after 7 days, and deleted files
   * after 30. The table is billed per request, is encrypted, has point-in-time recovery, and cannot
   * be deleted by accident.
   *
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static void make(AwsConfig config) {
    setUp(config, setup -> setup.make(Optional.empty()));
  }

  /**
   * Creates a mesh with a topology. In a mesh of several catalogs, this account has the directory
   * of the catalogs; add each with {@link #addCatalog} before its first domain is registered.
   *
   * @param topology as in {@link Mesh.Builder#topology(Topology)}; it is fixed
   * @throws io.meshwork.error.MeshException as {@link #make(AwsConfig)}; CONFIG_INVALID if the mesh
   *     exists with another topology
   */
  public static void make(AwsConfig config, Topology topology) {
    ArgumentChecks.required("topology", topology);
    setUp(config, setup -> setup.make(Optional.of(topology)));
  }

  /**
   * Creates the bucket {@code mesh-<name>-<account>-<region>} in the account of this process, with
   * the protections of {@link #make(AwsConfig)}, so that a domain of this account can store its
   * data there. Its policy lets the account of the mesh list the bucket and mark it as a place of
   * data, not read the data; with {@link AwsConfig#lakeFormation()}, its role {@code
   * mesh-registration} alone reads it: in a mesh of several catalogs, use {@link
   * #makeBucket(AwsConfig, String)}. A policy that exists remains. It can be repeated. Needs
   * administrative permissions in this account.
   *
   * @return the root for {@code location(..)}, such as {@code
   *     s3://mesh-sales-222222222222-eu-central-1}
   * @throws io.meshwork.error.MeshException as {@link #connect}, except that the mesh need not
   *     exist
   */
  public static String makeBucket(AwsConfig config) {
    return setUp(config, AwsSetup::makeBucket);
  }

  /**
   * As {@link #makeBucket(AwsConfig)}, with a policy, such as the one in the account's templates.
   * In the account of the mesh, call it before {@link #make(AwsConfig, Topology)}, which retains
   * the policy.
   *
   * @param policy JSON, such as from {@code AccountSetup.bucketPolicy()}
   * @throws io.meshwork.error.InvalidRequestException if the policy is for another bucket
   * @throws io.meshwork.error.MeshException as {@link #makeBucket(AwsConfig)}
   */
  public static String makeBucket(AwsConfig config, String policy) {
    ArgumentChecks.text("policy", policy);
    return setUp(config, setup -> setup.makeBucket(policy));
  }

  /**
   * Creates the table {@code mesh-<name>} in the account of this process, with the protections of
   * {@link #make(AwsConfig)}, for a catalog of a mesh of several catalogs. It can be repeated.
   * Needs administrative permissions in this account.
   *
   * @throws io.meshwork.error.MeshException as {@link #connect}, except that the mesh need not
   *     exist
   */
  public static void makeTable(AwsConfig config) {
    setUp(config, AwsSetup::makeTable);
  }

  /**
   * Adds a catalog to a mesh of several catalogs: writes the first documents of its table, and
   * records in the directory where the table is. It can be repeated, and completes an interrupted
   * run. Run it as a role of governance, which may write both tables.
   *
   * @param catalog the storage name of a line of business, or of a domain of a federated mesh
   * @param account the account in which an administrator called {@link #makeTable}
   * @throws io.meshwork.error.InvalidRequestException if the mesh has no such catalog
   * @throws io.meshwork.error.AlreadyExistsException if the catalog has another table, or the table
   *     another catalog
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static void addCatalog(AwsConfig config, String catalog, String account) {
    ArgumentChecks.text("catalog", catalog);
    AwsConfig.checkedAccount(account);
    setUp(config, setup -> setup.addCatalog(catalog, TablePlace.in(config, account)));
  }

  /**
   * Moves an embedded mesh to AWS. The commit creates bucket and table, unless they exist, copies
   * and verifies the mesh, and ends writing to the folder. Needs administrative permissions in the
   * account of the mesh. Do not call {@link #make} before.
   *
   * <p>Accounts of an embedded mesh need the 12 digits of their AWS accounts: set them with {@code
   * account(..)}. Each catalog of several needs an account for its table, in which an administrator
   * called {@link #makeTable}: set it with {@code catalog(..)}. This process writes that table with
   * a registry role that is of the kind {@link AwsRoleKind#move}. A backup that {@link #backUp}
   * wrote needs neither.
   *
   * <p>Tables outside of places move to the bucket of the mesh. For domains whose account is not
   * the mesh's, attach the policy of {@link AwsPolicies#crossAccountDomain} to this bucket.
   *
   * @param folder the folder of an embedded mesh, or of a backup
   */
  @CheckReturnValue
  public static MoveMesh move(Path folder, AwsConfig config) {
    return move(
        ArgumentChecks.required("folder", folder),
        ArgumentChecks.required("config", config),
        DefaultCredentialsProvider.builder().build());
  }

  /**
   * Copies a mesh on AWS to a folder, while it is in use. The copy is an embedded mesh: open it to
   * check it, and restore it with {@link #move}. It is checked before this returns; see {@code
   * LocalMesh.backUp}. The role is of the kind {@link AwsRoleKind#backup}. In a mesh of several
   * catalogs, the tables of all catalogs are copied, each as of another moment.
   *
   * @param target an empty or missing folder on a local disk
   * @throws io.meshwork.error.InvalidRequestException if the table has no mesh, or the target is
   *     not empty
   * @throws io.meshwork.error.BackendException if the table does not exist
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static LocalMesh.Copy backUp(AwsConfig config, Path target) {
    return backUp(
        ArgumentChecks.required("config", config),
        ArgumentChecks.required("target", target),
        DefaultCredentialsProvider.builder().build());
  }

  /**
   * Restores deleted files that the registries of all catalogs name, from their versions: after a
   * table was restored to an earlier time, or files were deleted by mistake. It restores the bucket
   * of the account of this process; run it as an administrator of each account with data, of the
   * kind {@link AwsRoleKind#backup} for the tables of all catalogs. Stop all jobs before, and run
   * the doctor afterwards: it reports files that have no version. Repeating it has no effect.
   *
   * @return the number of restored files
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static long restoreFiles(AwsConfig config) {
    return restoreFiles(
        ArgumentChecks.required("config", config), DefaultCredentialsProvider.builder().build());
  }

  /** As {@link #restoreFiles(AwsConfig)}, with other credentials. */
  static long restoreFiles(AwsConfig config, AwsCredentialsProvider credentials) {
    try (AwsRoleCredentials acting = AwsRoleCredentials.of(config, credentials)) {
      Ports own = acting.own().ports();
      return new FileRestoration(own.files(), acting.deletedFiles()).run(own, config.root());
    }
  }

  /** As {@link #move(Path, AwsConfig)}, with other credentials. */
  static MoveMesh move(Path folder, AwsConfig config, AwsCredentialsProvider credentials) {
    return LocalMesh.move(folder, new AwsMoveTarget(config, credentials));
  }

  /** As {@link #backUp(AwsConfig, Path)}, with other credentials. */
  static LocalMesh.Copy backUp(AwsConfig config, Path target, AwsCredentialsProvider credentials) {
    try (AwsRoleCredentials acting = AwsRoleCredentials.of(config, credentials)) {
      Ports own = acting.own().ports();
      Warehouse.Ports mesh = new Warehouse.Ports(own.registry(), own.files(), config.root());
      return LocalMesh.backUp(mesh, own.catalogs(), target, MeshRuntime.systemClock());
    }
  }

  /** As {@link #builder(AwsConfig)}, with other credentials. */
  static Mesh.Builder builder(AwsConfig config, AwsCredentialsProvider credentials) {
    return builder(config, () -> credentials, AwsTimeouts.STANDARD);
  }

  /**
   * Returns a builder that opens an existing mesh.
   *
   * @param credentials are requested when the mesh is opened, and closed with it if they can be
   */
  static Mesh.Builder builder(
      AwsConfig config, Supplier<AwsCredentialsProvider> credentials, AwsTimeouts timeouts) {
    return builder(
        config,
        credentials,
        timeouts,
        (acting, clock) ->
            AwsSetup.requireMesh(config, acting.own().registry(TablePlace.ofDirectory(config))));
  }

  /** Returns a builder that creates a mesh of one catalog when it is opened. */
  static Mesh.Builder creation(
      AwsConfig config, AwsCredentialsProvider credentials, AwsTimeouts timeouts) {
    return builder(
            config,
            () -> credentials,
            timeouts,
            (acting, clock) -> new AwsSetup(config, acting, clock).makeStores())
        .partitionConsumers();
  }

  private static Mesh.Builder builder(
      AwsConfig config,
      Supplier<AwsCredentialsProvider> credentials,
      AwsTimeouts timeouts,
      BiConsumer<AwsRoleCredentials, InstantSource> preparation) {
    return Mesh.builder(
        (clock, meters) -> {
          AwsRoleCredentials acting =
              AwsRoleCredentials.of(
                  config, credentials.get(), new ControlPlane(clock, meters), timeouts);
          try {
            preparation.accept(acting, clock);
            return acting;
          } catch (RuntimeException e) {
            acting.close();
            throw e;
          }
        },
        config.root());
  }

  /** As {@link #make(AwsConfig)}, with other credentials. */
  static void make(AwsConfig config, AwsCredentialsProvider credentials) {
    setUp(config, credentials, MeshRuntime.systemClock(), setup -> setup.make(Optional.empty()));
  }

  private static <R> R setUp(AwsConfig config, Function<AwsSetup, R> step) {
    return setUp(
        ArgumentChecks.required("config", config),
        DefaultCredentialsProvider.builder().build(),
        MeshRuntime.systemClock(),
        step);
  }

  /** Runs a step with other credentials, and another clock. */
  static <R> R setUp(
      AwsConfig config,
      AwsCredentialsProvider credentials,
      InstantSource clock,
      Function<AwsSetup, R> step) {
    try (AwsRoleCredentials acting =
        AwsRoleCredentials.of(
            config, credentials, new ControlPlane(clock, Meters.none()), AwsTimeouts.STANDARD)) {
      return step.apply(new AwsSetup(config, acting, clock));
    }
  }
}
