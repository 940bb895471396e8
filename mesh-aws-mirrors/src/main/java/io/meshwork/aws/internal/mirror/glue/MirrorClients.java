package io.meshwork.aws.internal.mirror.glue;

import io.meshwork.product.Principal;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Opens the services that mirrors change, as a principal. Thread-safe. */
public interface MirrorClients {
  /** Returns the data catalog of the principal's account. */
  GlueClient glue(Principal principal);

  /** Returns Lake Formation in the principal's account. */
  LakeFormationClient lakeFormation(Principal principal);

  /** Returns what other accounts share with the principal's account. */
  RamClient ram(Principal principal);

  /** Returns the buckets of the principal's account. */
  S3Client s3(Principal principal);

  /**
   * Opens clients of a reader, for one use.
   *
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if this process may not act
   *     as it
   * @throws io.meshwork.error.BackendException if that is not known, such as if STS is overloaded
   */
  ReaderClients reader(Principal principal);

  /** The clients of a role for a short time. Close them after use. Used by one thread. */
  interface ReaderClients extends AutoCloseable {
    /** Returns the data catalog of the role's account. */
    GlueClient glue();

    /** Returns Lake Formation in the role's account. */
    LakeFormationClient lakeFormation();

    /** Returns S3 with credentials that Lake Formation gave the role. */
    S3Client s3(AwsCredentialsProvider vended);

    @Override
    void close();
  }
}
