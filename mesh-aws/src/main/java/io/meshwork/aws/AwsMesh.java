package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.runtime.ArgumentChecks;
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
   * <p>The bucket keeps versions, is encrypted, blocks public access, refuses requests without TLS
   * and requests that replace files, removes unfinished uploads after 7 days, and deleted files
   * after 30. The table is billed per request, is encrypted, has point-in-time recovery, and cannot
   * be deleted by accident.
   *
   * @throws io.meshwork.error.MeshException as {@link #connect}
   */
  public static void make(AwsConfig config) {
    make(ArgumentChecks.required("config", config), DefaultCredentialsProvider.builder().build());
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
      over(config, acting, acting.as(acting.self())).consumersApart().open().close();
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
