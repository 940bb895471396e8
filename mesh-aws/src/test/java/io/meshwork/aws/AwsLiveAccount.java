package io.meshwork.aws;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * A real account for the tests of the profile {@code aws-live}. They create only what has the
 * prefix of the run, and {@link #removeAll} removes all of it. Thread-safe.
 */
final class AwsLiveAccount {
  private static final String SWITCH = "MESH_LIVE";
  private static final String REGION = "MESH_LIVE_REGION";
  private static final String ACCOUNT = "MESH_LIVE_ACCOUNT";
  private static final String PREFIX = "MESH_LIVE_PREFIX";
  private static final String ENDPOINT = "MESH_LIVE_ENDPOINT";
  private static final Map<String, String> FORMS = new LinkedHashMap<>();
  private static final Map<String, String> MEANINGS = new LinkedHashMap<>();
  private static AwsLiveAccount current;

  static {
    FORMS.put(REGION, "[a-z]{2,4}(-[a-z]+)+-[0-9]");
    FORMS.put(ACCOUNT, "[0-9]{12}");
    FORMS.put(PREFIX, "[a-z][a-z0-9]{3,7}");
    MEANINGS.put(REGION, "the region, such as eu-central-1");
    MEANINGS.put(ACCOUNT, "the account that the credentials belong to, 12 digits");
    MEANINGS.put(
        PREFIX,
        "4 to 8 lower-case letters and digits, starting with a letter, with which nothing else in"
            + " the account is named: everything that starts with mesh-<prefix>- is removed");
  }

  private final String region;
  private final String account;
  private final String prefix;
  private final Optional<URI> endpoint;
  private final AwsCredentialsProvider credentials;

  private AwsLiveAccount(Map<String, String> environment, AwsCredentialsProvider credentials) {
    region = environment.get(REGION);
    account = environment.get(ACCOUNT);
    prefix = environment.get(PREFIX);
    endpoint = Optional.ofNullable(environment.get(ENDPOINT)).map(URI::create);
    this.credentials = credentials;
  }

  /**
   * Returns the account of this run; empty if it is not one of the profile {@code aws-live}.
   *
   * @throws IllegalStateException if variables are missing, or the credentials are of another
   *     account
   */
  static synchronized Optional<AwsLiveAccount> current() {
    if (!"true".equals(System.getenv(SWITCH))) {
      return Optional.empty();
    }
    if (current == null) {
      current = of(System.getenv(), DefaultCredentialsProvider.builder().build());
    }
    return Optional.of(current);
  }

  /** Returns the account that an environment describes. */
  static AwsLiveAccount of(Map<String, String> environment, AwsCredentialsProvider credentials) {
    List<String> faults = new ArrayList<>();
    FORMS.forEach(
        (variable, form) -> {
          String value = environment.get(variable);
          if (value == null || !value.matches(form)) {
            faults.add(
                variable
                    + (value == null ? " is missing" : " is '" + value + "'")
                    + ". It is "
                    + MEANINGS.get(variable)
                    + ".");
          }
        });
    if (!faults.isEmpty()) {
      throw refused(String.join(" ", faults));
    }
    AwsLiveAccount live = new AwsLiveAccount(environment, credentials);
    live.verifyCredentials();
    return live;
  }

  /** A profile of another account in the shell must not decide which account is changed. */
  private void verifyCredentials() {
    String actual;
    try (StsClient sts = configured(StsClient.builder()).build()) {
      actual = sts.getCallerIdentity().account();
    } catch (SdkException e) {
      throw refused("STS does not confirm the credentials of this process: " + e.getMessage());
    }
    if (!actual.equals(account)) {
      throw refused(
          ACCOUNT + " is '" + account + "', but the credentials belong to '" + actual + "'.");
    }
  }

  private static IllegalStateException refused(String reason) {
    return new IllegalStateException(
        "Cannot run the tests on live AWS, and nothing was created: " + reason);
  }

  /** Returns the name of a new bucket or table. */
  String newName() {
    return stem() + random(20);
  }

  /** Returns the configuration of a mesh that does not exist yet. */
  AwsConfig newMesh() {
    AwsConfig config = AwsConfig.inRegion(region).mesh(account, prefix + "-" + random(8));
    return endpoint.map(config::endpoint).orElse(config);
  }

  AwsCredentialsProvider credentials() {
    return credentials;
  }

  String region() {
    return region;
  }

  S3Client s3(ExecutionInterceptor... interceptors) {
    return configured(S3Client.builder().forcePathStyle(endpoint.isPresent()), interceptors)
        .build();
  }

  DynamoDbClient dynamoDb(ExecutionInterceptor... interceptors) {
    return configured(DynamoDbClient.builder(), interceptors).build();
  }

  /** Returns true if a bucket or table is one of this prefix. */
  boolean owns(String name) {
    return name.startsWith(stem());
  }

  /**
   * Removes all tables and buckets with the prefix, also those of runs that were interrupted, and
   * returns what is left, with the reasons.
   */
  List<String> removeAll() {
    List<String> left = new ArrayList<>();
    try (DynamoDbClient dynamoDb = dynamoDb();
        S3Client s3 = s3()) {
      list(
          "tables",
          left,
          () ->
              dynamoDb.listTablesPaginator().tableNames().stream()
                  .filter(this::owns)
                  .toList()
                  .forEach(table -> remove("table " + table, left, () -> delete(dynamoDb, table))));
      list(
          "buckets",
          left,
          () ->
              s3.listBuckets().buckets().stream()
                  .map(bucket -> bucket.name())
                  .filter(this::owns)
                  .toList()
                  .forEach(bucket -> remove("bucket " + bucket, left, () -> delete(s3, bucket))));
    }
    return left;
  }

  private static void list(String what, List<String> left, Runnable removal) {
    remove("the " + what + ", which could not be listed", left, removal);
  }

  private static void remove(String what, List<String> left, Runnable removal) {
    try {
      removal.run();
    } catch (SdkException e) {
      left.add(what + ": " + e.getMessage());
    }
  }

  private static void delete(DynamoDbClient dynamoDb, String table) {
    boolean isProtected =
        Boolean.TRUE.equals(
            dynamoDb.describeTable(r -> r.tableName(table)).table().deletionProtectionEnabled());
    if (isProtected) {
      dynamoDb.updateTable(r -> r.tableName(table).deletionProtectionEnabled(false));
      dynamoDb.waiter().waitUntilTableExists(r -> r.tableName(table));
    }
    dynamoDb.deleteTable(r -> r.tableName(table));
    dynamoDb.waiter().waitUntilTableNotExists(r -> r.tableName(table));
  }

  private static void delete(S3Client s3, String bucket) {
    s3.listMultipartUploadsPaginator(r -> r.bucket(bucket)).uploads().stream()
        .toList()
        .forEach(
            upload ->
                s3.abortMultipartUpload(
                    r -> r.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
    s3.listObjectVersionsPaginator(r -> r.bucket(bucket))
        .forEach(
            page -> {
              page.versions()
                  .forEach(
                      version ->
                          s3.deleteObject(
                              r ->
                                  r.bucket(bucket)
                                      .key(version.key())
                                      .versionId(version.versionId())));
              page.deleteMarkers()
                  .forEach(
                      marker ->
                          s3.deleteObject(
                              r ->
                                  r.bucket(bucket)
                                      .key(marker.key())
                                      .versionId(marker.versionId())));
            });
    s3.deleteBucket(r -> r.bucket(bucket));
  }

  private String stem() {
    return "mesh-" + prefix + "-";
  }

  private static String random(int length) {
    return UUID.randomUUID().toString().replace("-", "").substring(0, length);
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(
      B builder, ExecutionInterceptor... interceptors) {
    builder
        .region(Region.of(region))
        .credentialsProvider(credentials)
        .overrideConfiguration(
            settings -> {
              settings.apiCallTimeout(Duration.ofSeconds(90));
              List.of(interceptors).forEach(settings::addExecutionInterceptor);
            });
    return endpoint.map(builder::endpointOverride).orElse(builder);
  }

  /** Returns region, account, and prefix. */
  @Override
  public String toString() {
    return "account " + account + " in " + region + ", prefix " + stem();
  }
}
