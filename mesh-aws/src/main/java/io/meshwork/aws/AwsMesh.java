package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * A mesh on AWS: its registry in a DynamoDB table, its files in S3. Programs are those of an
 * embedded mesh; only the opening differs.
 *
 * <pre>{@code
 * AwsConfig config = AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");
 * try (Mesh mesh = AwsMesh.connect(config)) {
 *   mesh.acting().publish("commerce/orders").records(orders).commit();
 * }
 * }</pre>
 *
 * <p>The process is the IAM role that its credentials belong to, as AWS's STS confirms it. The
 * credentials come from the default chain of the AWS SDK: system properties, environment, profile,
 * container, or instance. All principals are roles in the account of the mesh.
 */
public final class AwsMesh {
  private AwsMesh() {}

  /**
   * Opens a mesh. Never creates one.
   *
   * @return the mesh, to be closed; {@code acting()} is the role of this process
   * @throws io.meshwork.error.InvalidRequestException if the configuration names no mesh, or the
   *     mesh does not exist
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if the credentials are not
   *     those of a role in the account of the mesh
   * @throws io.meshwork.error.BackendException if AWS cannot be reached or denies a request, or the
   *     process has no credentials
   */
  public static Mesh connect(AwsConfig config) {
    return in(config).open();
  }

  /**
   * Returns a builder with settings for a mesh. It asks AWS who this process is, and whether the
   * mesh exists. Its clients of AWS stay open until the mesh is closed or {@code open()} fails, so
   * open each builder, and use it once.
   *
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static Mesh.Builder in(AwsConfig config) {
    return in(
        ArgumentChecks.required("config", config), DefaultCredentialsProvider.builder().build());
  }

  /**
   * Creates a mesh: its bucket and its table with their protections, and its first documents. What
   * exists is kept, so an interrupted run is completed by the next one. Needs administrative
   * permissions in the account of the mesh, and takes up to a minute.
   *
   * <p>The bucket keeps versions, is encrypted, blocks public access, refuses requests without TLS,
   * removes unfinished uploads after 7 days, and deleted or replaced files after 30. The table is
   * billed per request, is encrypted, has point-in-time recovery, and cannot be deleted by
   * accident.
   *
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static void make(AwsConfig config) {
    make(ArgumentChecks.required("config", config), DefaultCredentialsProvider.builder().build());
  }

  /**
   * Moves an embedded mesh to AWS. The commit creates bucket and table, unless they exist, copies
   * and verifies the mesh, and ends writing to the folder. Needs administrative permissions in the
   * account of the mesh. Do not call {@link #make} before.
   *
   * <p>Accounts of an embedded mesh need the 12 digits of their AWS accounts: set them with {@code
   * account(..)}. A backup that {@link #backUp} wrote needs none.
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
   * LocalMesh.backUp}. Needs the permission {@code dynamodb:Scan} and reads all files.
   *
   * @param target an empty or missing folder on a local disk
   * @throws io.meshwork.error.InvalidRequestException if there is no mesh, or the target is not
   *     empty
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static LocalMesh.Backup backUp(AwsConfig config, Path target) {
    return backUp(
        ArgumentChecks.required("config", config),
        ArgumentChecks.required("target", target),
        DefaultCredentialsProvider.builder().build());
  }

  /**
   * Restores deleted files of the bucket that the registry names, from their versions: after the
   * table was restored to an earlier time, or files were deleted by mistake. Stop all jobs before,
   * and run the doctor afterwards: it reports files that have no version. Repeating it has no
   * effect. Places of data in other buckets are not restored.
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
    AwsRoleCredentials acting = AwsRoleCredentials.of(config, credentials);
    try {
      Ports own = acting.as(acting.self());
      return new FileRestoration(own.registry(), own.files(), acting.deletedFiles())
          .run(config.root());
    } finally {
      acting.close();
    }
  }

  /** As {@link #move(Path, AwsConfig)}, with other credentials. */
  static MoveMesh move(Path folder, AwsConfig config, AwsCredentialsProvider credentials) {
    return LocalMesh.move(folder, new AwsMoveTarget(config, credentials));
  }

  /** As {@link #backUp(AwsConfig, Path)}, with other credentials. */
  static LocalMesh.Backup backUp(
      AwsConfig config, Path target, AwsCredentialsProvider credentials) {
    AwsRoleCredentials acting = AwsRoleCredentials.of(config, credentials);
    try {
      Ports own = acting.as(acting.self());
      Warehouse.Ports mesh = new Warehouse.Ports(own.registry(), own.files(), config.root());
      return LocalMesh.backUp(mesh, target, MeshRuntime.systemClock());
    } finally {
      acting.close();
    }
  }

  /** As {@link #in(AwsConfig)}, with other credentials. */
  static Mesh.Builder in(AwsConfig config, AwsCredentialsProvider credentials) {
    AwsRoleCredentials acting = AwsRoleCredentials.of(config, credentials);
    try {
      Ports own = acting.as(acting.self());
      if (own.registry().read(MeshRoot.KEY).isEmpty()) {
        throw missing(config);
      }
      return over(config, acting, own);
    } catch (RuntimeException e) {
      acting.close();
      throw e;
    }
  }

  /** As {@link #make(AwsConfig)}, with other credentials. */
  static void make(AwsConfig config, AwsCredentialsProvider credentials) {
    AwsRoleCredentials acting = AwsRoleCredentials.of(config, credentials);
    try {
      acting.makeStores();
      over(config, acting, acting.as(acting.self())).open().close();
    } finally {
      acting.close();
    }
  }

  private static Mesh.Builder over(AwsConfig config, AwsRoleCredentials acting, Ports own) {
    return Mesh.over(own.registry(), own.files(), config.root()).actingThrough(acting);
  }

  private static RuntimeException missing(AwsConfig config) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the " + config))
        .because("the table '" + config.table() + "' has no mesh")
        .fix("Correct account, name, and region, or create it with AwsMesh.make(..).")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }
}
