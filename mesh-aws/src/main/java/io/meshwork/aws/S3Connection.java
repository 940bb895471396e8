package io.meshwork.aws;

import io.meshwork.aws.internal.s3.S3Encryption;
import io.meshwork.aws.internal.s3.S3Files.S3Access;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Opens clients of S3 with the credentials of the process. Immutable.
 *
 * @param region such as {@code eu-central-1}
 * @param endpoint null for the region's
 * @param encryption of new files; null for their buckets' encryption
 */
record S3Connection(String region, @Nullable URI endpoint, @Nullable S3Encryption encryption)
    implements S3Access {
  @Override
  public S3Client open() {
    return open(DefaultCredentialsProvider.builder().build());
  }

  /** Opens a client with these credentials. */
  S3Client open(AwsCredentialsProvider credentials) {
    S3ClientBuilder builder = AwsClients.s3Builder(region, endpoint, AwsTimeouts.STANDARD);
    return (encryption == null ? builder : AwsClients.encrypting(builder, encryption))
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(AwsTimeouts.STANDARD.connect())
                .socketTimeout(AwsTimeouts.STANDARD.attempt()))
        .credentialsProvider(credentials)
        .build();
  }
}
