package io.meshwork.aws;

import io.meshwork.aws.internal.RoleSessions.RoleSession;
import io.meshwork.aws.internal.ServiceClient;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * One session of a role. Its clients are closed with it.
 *
 * @param clients the clients that are closed
 * @param account the account of the role
 */
record OpenedSession(AwsClients clients, String account, AwsCredentialsProvider credentials)
    implements RoleSession {
  @Override
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
      C client(ServiceClient<B, C> service) {
    return clients.open(service, account, credentials);
  }

  @Override
  public LakeFormationClient lakeFormation() {
    return clients.lakeFormation(account, credentials);
  }

  @Override
  public S3Client s3(AwsCredentialsProvider vended) {
    return clients.s3(vended);
  }

  @Override
  public void close() {
    clients.close();
  }
}
