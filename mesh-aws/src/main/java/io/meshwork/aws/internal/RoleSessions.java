package io.meshwork.aws.internal;

import io.meshwork.product.Principal;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Opens clients as roles, with the settings and limits of the mesh. Each is opened once and closed
 * with the mesh. Thread-safe.
 */
public interface RoleSessions {
  /** Returns a client of a service in the role's account. */
  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
      C client(Principal role, ServiceClient<B, C> service);

  /** Returns Lake Formation in the role's account. */
  LakeFormationClient lakeFormation(Principal role);

  /** Returns the buckets of the role's account. */
  S3Client s3(Principal role);

  /**
   * Opens a session of a role, for one use.
   *
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if this process may not act
   *     as it
   * @throws io.meshwork.error.BackendException if that is not known, such as if STS is overloaded
   */
  RoleSession session(Principal role);

  /** Opens clients of a role for a short time. Close it after use. Used by one thread. */
  interface RoleSession extends AutoCloseable {
    /** Opens a client of a service in the role's account. */
    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
        C client(ServiceClient<B, C> service);

    /** Opens Lake Formation in the role's account. */
    LakeFormationClient lakeFormation();

    /** Opens S3 with credentials that Lake Formation gave the role. */
    S3Client s3(AwsCredentialsProvider vended);

    @Override
    void close();
  }
}
