package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
   * Returns a builder with settings for a mesh. Sends no request and opens no connection: its
   * {@code open()} asks AWS who this process is, and whether the mesh exists.
   *
   * @throws io.meshwork.error.InvalidRequestException if the configuration names no mesh
   */
  public static Mesh.Builder in(AwsConfig config) {
    return builder(
        ArgumentChecks.required("config", config),
        () -> DefaultCredentialsProvider.builder().build(),
        AwsTimeouts.STANDARD);
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

  /** As {@link #in(AwsConfig)}, with other credentials. */
  static Mesh.Builder in(AwsConfig config, AwsCredentialsProvider credentials) {
    return builder(config, () -> credentials, AwsTimeouts.STANDARD);
  }

  /** As {@link #make(AwsConfig)}, with other credentials. */
  static void make(AwsConfig config, AwsCredentialsProvider credentials) {
    creation(config, credentials, AwsTimeouts.STANDARD).open().close();
  }

  /** Returns a builder that creates a mesh when it is opened. */
  static Mesh.Builder creation(
      AwsConfig config, AwsCredentialsProvider credentials, AwsTimeouts timeouts) {
    return builder(config, () -> credentials, timeouts, AwsRoleCredentials::makeStores);
  }

  /**
   * Returns a builder that opens an existing mesh.
   *
   * @param credentials are requested when the mesh is opened, and closed with it if they can be
   */
  static Mesh.Builder builder(
      AwsConfig config, Supplier<AwsCredentialsProvider> credentials, AwsTimeouts timeouts) {
    return builder(config, credentials, timeouts, AwsRoleCredentials::requireMesh);
  }

  private static Mesh.Builder builder(
      AwsConfig config,
      Supplier<AwsCredentialsProvider> credentials,
      AwsTimeouts timeouts,
      Consumer<AwsRoleCredentials> preparation) {
    return Mesh.over(
        (clock, meters) -> {
          AwsRoleCredentials acting =
              AwsRoleCredentials.of(
                  config, credentials.get(), new ControlPlane(clock, meters), timeouts);
          try {
            preparation.accept(acting);
            return acting;
          } catch (RuntimeException e) {
            acting.close();
            throw e;
          }
        },
        config.root());
  }
}
