package io.meshwork.aws;

import io.meshwork.aws.internal.ServiceClient;
import io.meshwork.aws.internal.s3.S3Encryption;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.meter.Meters;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClientBuilder;
import software.amazon.awssdk.services.lakeformation.model.ConcurrentModificationException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The clients of one mesh, over one HTTP client. Every request has time-outs, and at most three
 * attempts; the registry sends commits once. Clients of the control plane send their calls through
 * {@link ControlPlane}, clients of files and documents do not. Thread-safe.
 */
final class AwsClients implements AutoCloseable {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
  private static final int THROTTLED = 10;

  private final AwsConfig config;
  private final AwsTimeouts timeouts;
  private final ControlPlane controlPlane;
  private final SdkHttpClient http;

  /** The newest first; they are closed in this order. */
  private final Deque<SdkAutoCloseable> open = new ArrayDeque<>();

  private boolean closed;

  /** Creates clients with the standard timeouts, and with limits of their own. */
  AwsClients(AwsConfig config) {
    this(config, new ControlPlane(MeshRuntime.systemClock(), Meters.none()), AwsTimeouts.STANDARD);
  }

  AwsClients(AwsConfig config, ControlPlane controlPlane, AwsTimeouts timeouts) {
    this.config = config;
    this.controlPlane = controlPlane;
    this.timeouts = timeouts;
    http =
        UrlConnectionHttpClient.builder()
            .connectionTimeout(timeouts.connect())
            .socketTimeout(timeouts.attempt())
            .build();
    keep(http);
  }

  /** Returns the clock of the mesh. */
  InstantSource clock() {
    return controlPlane.clock();
  }

  /** Returns clients with the same settings and limits, which are closed separately. */
  AwsClients separate() {
    return new AwsClients(config, controlPlane, timeouts);
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

  /** Opens a client for files. */
  S3Client s3(AwsCredentialsProvider credentials) {
    return build(s3Builder(config.region(), config.endpoint(), timeouts), credentials);
  }

  /** Opens a client for files of a role of an account, whose bucket has the configured key. */
  S3Client s3(String account, AwsCredentialsProvider credentials) {
    S3Encryption encryption = config.encryption(account);
    return encryption == null
        ? s3(credentials)
        : build(
            encrypting(s3Builder(config.region(), config.endpoint(), timeouts), encryption),
            credentials);
  }

  /** Adds the encryption to a client of S3. */
  static S3ClientBuilder encrypting(S3ClientBuilder builder, S3Encryption encryption) {
    return builder.overrideConfiguration(
        builder.overrideConfiguration().toBuilder().addExecutionInterceptor(encryption).build());
  }

  /** Opens a client for buckets in an account. */
  S3Client s3Administration(String account, AwsCredentialsProvider credentials) {
    return controlPlane.guard(S3Client.class, s3(credentials), account, "s3");
  }

  /** Opens a client for the items of the registry. */
  DynamoDbClient dynamoDb(AwsCredentialsProvider credentials) {
    return dynamoDb(config.region(), credentials);
  }

  DynamoDbClient dynamoDb(String region, AwsCredentialsProvider credentials) {
    return build(dynamoDbBuilder(region, config.endpoint(), timeouts), credentials);
  }

  /** Opens a client for tables in an account. */
  DynamoDbClient dynamoDbAdministration(String account, AwsCredentialsProvider credentials) {
    return controlPlane.guard(DynamoDbClient.class, dynamoDb(credentials), account, "dynamodb");
  }

  /**
   * Opens a client for roles.
   *
   * @param account whose calls are limited, as in {@link ControlPlane#guard}
   */
  StsClient sts(String account, AwsCredentialsProvider credentials) {
    StsClient client = build(stsBuilder(config.region(), config.endpoint(), timeouts), credentials);
    return controlPlane.guard(StsClient.class, client, account, "sts");
  }

  /** Opens a client of a service in an account. */
  <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
      C open(ServiceClient<B, C> service, String account, AwsCredentialsProvider credentials) {
    C client = build(builder(service, config.region(), config.endpoint(), timeouts), credentials);
    return controlPlane.guard(service.type(), client, account, service.name());
  }

  /** Opens a client for Lake Formation of an account. */
  LakeFormationClient lakeFormation(String account, AwsCredentialsProvider credentials) {
    LakeFormationClient client =
        build(lakeFormationBuilder(config.region(), config.endpoint(), timeouts), credentials);
    return controlPlane.guard(LakeFormationClient.class, client, account, "lakeformation");
  }

  private <
          B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
      C build(B builder, AwsCredentialsProvider credentials) {
    return keep(builder.httpClient(http).credentialsProvider(credentials).build());
  }

  /** Starts a client of S3; buckets may be in other regions. */
  static S3ClientBuilder s3Builder(String region, @Nullable URI endpoint, AwsTimeouts timeouts) {
    S3ClientBuilder builder =
        in(region, endpoint, timeouts, S3Client.builder())
            .forcePathStyle(endpoint != null)
            .crossRegionAccessEnabled(true);
    return endpoint == null ? builder.endpointProvider(RegionEndpoints.s3()) : builder;
  }

  /** Starts a client of DynamoDB. */
  static DynamoDbClientBuilder dynamoDbBuilder(
      String region, @Nullable URI endpoint, AwsTimeouts timeouts) {
    DynamoDbClientBuilder builder = in(region, endpoint, timeouts, DynamoDbClient.builder());
    return endpoint == null ? builder.endpointProvider(RegionEndpoints.dynamoDb()) : builder;
  }

  /** Starts a client of STS. */
  static StsClientBuilder stsBuilder(String region, @Nullable URI endpoint, AwsTimeouts timeouts) {
    StsClientBuilder builder = in(region, endpoint, timeouts, StsClient.builder());
    return endpoint == null ? builder.endpointProvider(RegionEndpoints.sts()) : builder;
  }

  /** Starts a client of another service. */
  static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
      B builder(
          ServiceClient<B, C> service,
          String region,
          @Nullable URI endpoint,
          AwsTimeouts timeouts) {
    B builder = in(region, endpoint, timeouts, service.builder().get());
    if (endpoint == null) {
      service.regional().accept(builder);
    }
    return builder;
  }

  /** Starts a client of Lake Formation. Conflicts of writers are tried again. */
  static LakeFormationClientBuilder lakeFormationBuilder(
      String region, @Nullable URI endpoint, AwsTimeouts timeouts) {
    LakeFormationClientBuilder builder =
        in(region, endpoint, timeouts, LakeFormationClient.builder())
            .overrideConfiguration(
                settings ->
                    settings
                        .retryStrategy(
                            retries(timeouts).toBuilder()
                                .retryOnException(ConcurrentModificationException.class)
                                .build())
                        .apiCallAttemptTimeout(timeouts.attempt())
                        .apiCallTimeout(timeouts.call()));
    return endpoint == null ? builder.endpointProvider(RegionEndpoints.lakeFormation()) : builder;
  }

  /** Returns the standard retries, with the pauses of a mesh. */
  private static StandardRetryStrategy retries(AwsTimeouts timeouts) {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .backoffStrategy(BackoffStrategy.exponentialDelay(timeouts.pause(), LONGEST_PAUSE))
        .throttlingBackoffStrategy(
            BackoffStrategy.exponentialDelay(
                timeouts.pause().multipliedBy(THROTTLED), LONGEST_PAUSE))
        .build();
  }

  @Override
  public synchronized void close() {
    closed = true;
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private static <B extends AwsClientBuilder<B, C>, C> B in(
      String region, @Nullable URI endpoint, AwsTimeouts timeouts, B builder) {
    builder
        .region(Region.of(region))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .retryStrategy(retries(timeouts))
                .apiCallAttemptTimeout(timeouts.attempt())
                .apiCallTimeout(timeouts.call())
                .build());
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }
}
