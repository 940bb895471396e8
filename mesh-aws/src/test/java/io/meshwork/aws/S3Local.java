package io.meshwork.aws;

import io.meshwork.aws.internal.s3.S3Files;
import io.meshwork.aws.internal.s3.S3Files.S3Access;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Buckets and files on S3: the emulator's, or that of a live account. */
public final class S3Local {
  static final String CALLER = "111111111111/etl";

  private S3Local() {}

  public static S3Client client(ExecutionInterceptor... interceptors) {
    return AwsLiveAccount.current()
        .map(live -> live.s3(interceptors))
        .orElseGet(() -> client(AwsLocal.emulator().endpoint(), interceptors));
  }

  public static S3Client client(URI endpoint, ExecutionInterceptor... interceptors) {
    return client(endpoint, Region.EU_CENTRAL_1, interceptors);
  }

  public static S3Client client(URI endpoint, Region region, ExecutionInterceptor... interceptors) {
    return builder(endpoint, region, interceptors).build();
  }

  /** Opens a client whose attempts have a time-out. */
  public static S3Client client(
      URI endpoint, Duration attempt, ExecutionInterceptor... interceptors) {
    S3ClientBuilder builder = builder(endpoint, Region.EU_CENTRAL_1, interceptors);
    return builder
        .overrideConfiguration(
            builder.overrideConfiguration().toBuilder().apiCallAttemptTimeout(attempt).build())
        .build();
  }

  private static S3ClientBuilder builder(
      URI endpoint, Region region, ExecutionInterceptor... interceptors) {
    return S3Client.builder()
        .endpointOverride(endpoint)
        .region(region)
        .forcePathStyle(true)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(AwsLocal.keys(AwsLocal.ACCOUNT))
        .overrideConfiguration(
            configuration -> {
              configuration.retryStrategy(StandardRetryStrategy.builder().maxAttempts(3).build());
              List.of(interceptors).forEach(configuration::addExecutionInterceptor);
            });
  }

  static S3Files files(S3Client client) {
    S3Access access =
        AwsLiveAccount.current().isPresent()
            ? S3Local::client
            : new Access(AwsLocal.emulator().endpoint());
    return new S3Files(client, CALLER, access);
  }

  /** Creates an empty bucket and returns its location. */
  public static String newBucket(S3Client client) {
    String bucket =
        AwsLiveAccount.current()
            .map(AwsLiveAccount::newName)
            .orElseGet(() -> "mesh-" + UUID.randomUUID());
    client.createBucket(request -> request.bucket(bucket)); // in the region of the client
    return "s3://" + bucket;
  }

  /** How copies of the files open a client. */
  private record Access(URI endpoint) implements S3Access {
    @Override
    public S3Client open() {
      return client(endpoint);
    }
  }
}
