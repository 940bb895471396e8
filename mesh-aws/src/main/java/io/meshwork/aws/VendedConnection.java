package io.meshwork.aws;

import io.meshwork.aws.internal.s3.S3Files.S3Access;
import io.meshwork.aws.internal.s3.VendedCredentials;
import io.meshwork.aws.internal.s3.VendedCredentials.VendedTable;
import java.io.NotSerializableException;
import java.io.ObjectStreamException;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Opens clients of S3 with the credentials that Lake Formation vended for a table. A copy in
 * another process, such as an executor of Spark, has none of them: it asks Lake Formation as the
 * role of that process. Immutable.
 */
final class VendedConnection implements S3Access {
  private static final long serialVersionUID = 1L;

  private final S3Connection connection;
  private final transient VendedCredentials credentials;

  VendedConnection(S3Connection connection, VendedCredentials credentials) {
    this.connection = connection;
    this.credentials = credentials;
  }

  @Override
  public S3Client open() {
    return connection.open(credentials);
  }

  /** Only the process that Lake Formation trusts filters rows: another one would see all. */
  private Object writeReplace() throws ObjectStreamException {
    if (credentials.isOfTrustedEngine()) {
      throw new NotSerializableException(
          "The files of "
              + credentials.table().name()
              + " are for the process that filters them. Read them there.");
    }
    return new CopiedConnection(connection, credentials.table());
  }

  private record CopiedConnection(S3Connection connection, VendedTable table) implements S3Access {
    @Override
    public S3Client open() {
      LakeFormationClient client =
          AwsClients.lakeFormationBuilder(
                  connection.region(), connection.endpoint(), AwsTimeouts.STANDARD)
              .httpClientBuilder(UrlConnectionHttpClient.builder())
              .credentialsProvider(DefaultCredentialsProvider.builder().build())
              .build();
      return connection.open(
          new VendedCredentials(() -> client, null, table, Optional.empty(), Clock.systemUTC()));
    }
  }
}
