package io.meshwork.aws;

import io.meshwork.aws.S3Files.S3Access;
import java.io.ObjectStreamException;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Opens clients of S3 with the credentials that Lake Formation vended for a table. A copy in
 * another process, such as an executor of Spark, has those of the time of the copy, which are valid
 * for at most an hour, and never uses its own. Immutable.
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

  private Object writeReplace() throws ObjectStreamException {
    AwsSessionCredentials session = credentials.resolveCredentials();
    return new CopiedSession(
        connection, session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
  }

  private record CopiedSession(S3Connection connection, String key, String secret, String token)
      implements S3Access {
    @Override
    public S3Client open() {
      return connection.open(
          StaticCredentialsProvider.create(AwsSessionCredentials.create(key, secret, token)));
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
      return "a session of " + key;
    }
  }
}
