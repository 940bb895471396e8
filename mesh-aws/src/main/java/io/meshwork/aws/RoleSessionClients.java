package io.meshwork.aws;

import io.meshwork.aws.internal.mirror.MirrorClients.ReaderClients;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The clients of one session of a role, which are closed with it.
 *
 * @param session the clients that are closed
 */
record RoleSessionClients(AwsClients session, GlueClient glue, LakeFormationClient lakeFormation)
    implements ReaderClients {
  @Override
  public S3Client s3(AwsCredentialsProvider vended) {
    return session.s3(vended);
  }

  @Override
  public void close() {
    session.close();
  }
}
