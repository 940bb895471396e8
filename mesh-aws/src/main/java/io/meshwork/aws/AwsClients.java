package io.meshwork.aws;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The clients of one mesh, over one HTTP client. Every request has time-outs, and at most three
 * attempts; the registry sends commits once. Thread-safe.
 */
final class AwsClients implements AutoCloseable {
  static final Duration CONNECT = Duration.ofSeconds(3);
  static final Duration ATTEMPT = Duration.ofSeconds(30);
  private static final Duration CALL = Duration.ofSeconds(90);

  private final AwsConfig config;
  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(ATTEMPT).build();

  /** The newest first; they are closed in this order. */
  private final Deque<SdkAutoCloseable> open = new ArrayDeque<>();

  private boolean closed;

  AwsClients(AwsConfig config) {
    this.config = config;
    keep(http);
  }

  /** Closes something with the clients, or at once if they are closed. */
  synchronized <T extends SdkAutoCloseable> T keep(T closeable) {
    if (closed) {
      closeable.close();
    } else {
      open.push(closeable);
    }
    return closeable;
  }

  S3Client s3(AwsCredentialsProvider credentials) {
    return keep(
        s3Builder(config.region(), config.endpoint())
            .httpClient(http)
            .credentialsProvider(credentials)
            .build());
  }

  DynamoDbClient dynamoDb(AwsCredentialsProvider credentials) {
    return dynamoDb(config.region(), credentials);
  }

  DynamoDbClient dynamoDb(String region, AwsCredentialsProvider credentials) {
    return keep(
        in(region, config.endpoint(), DynamoDbClient.builder())
            .httpClient(http)
            .credentialsProvider(credentials)
            .build());
  }

  StsClient sts(AwsCredentialsProvider credentials) {
    return keep(
        in(config.region(), config.endpoint(), StsClient.builder())
            .httpClient(http)
            .credentialsProvider(credentials)
            .build());
  }

  /** Starts a client of S3; buckets may be in other regions, except at an endpoint. */
  static S3ClientBuilder s3Builder(String region, @Nullable URI endpoint) {
    return in(region, endpoint, S3Client.builder())
        .forcePathStyle(endpoint != null)
        .crossRegionAccessEnabled(endpoint == null);
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private static <B extends AwsClientBuilder<B, C>, C> B in(
      String region, @Nullable URI endpoint, B builder) {
    builder
        .region(Region.of(region))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy())
                .apiCallAttemptTimeout(ATTEMPT)
                .apiCallTimeout(CALL)
                .build());
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }
}
