package io.meshwork.aws;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/**
 * A real account for the tests of the profile {@code aws-live}, with further accounts for catalogs.
 * The tests create only what has the prefix of the run, and {@link #removeAll} removes all of it in
 * all of these accounts. Thread-safe.
 */
final class AwsLiveAccount {
  /** The number of further accounts that tests use: one for each catalog of a federated mesh. */
  static final int MAX_FURTHER = 4;

  private static final String SWITCH = "MESH_LIVE";
  private static final String REGION = "MESH_LIVE_REGION";
  private static final String ACCOUNT = "MESH_LIVE_ACCOUNT";
  private static final String PREFIX = "MESH_LIVE_PREFIX";
  private static final String ENDPOINT = "MESH_LIVE_ENDPOINT";
  private static final String ROLES = "MESH_LIVE_ROLES";
  private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::([0-9]{12}):role/.+");
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
  private final List<AwsLiveAccount> further = new ArrayList<>();

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
    String roles = environment.getOrDefault(ROLES, "").strip();
    for (String role : roles.isEmpty() ? List.<String>of() : List.of(roles.split("\\s*,\\s*"))) {
      live.addFurther(role, environment);
    }
    return live;
  }

  /** Adds the account of a role that this process assumes. */
  private void addFurther(String role, Map<String, String> environment) {
    Matcher arn = ROLE.matcher(role);
    if (!arn.matches()) {
      throw refusedRoles("'" + role + "' is not the ARN of a role");
    }
    String other = arn.group(1);
    if (other.equals(account) || further.stream().anyMatch(each -> each.account.equals(other))) {
      throw refusedRoles("the account '" + other + "' is named twice");
    }
    if (further.size() == MAX_FURTHER) {
      throw refusedRoles("it has more than " + MAX_FURTHER + " roles");
    }
    Map<String, String> ofOther = new TreeMap<>(environment);
    ofOther.put(ACCOUNT, other);
    AwsLiveAccount live = new AwsLiveAccount(ofOther, assumed(role));
    live.verifyCredentials();
    further.add(live);
  }

  /** Returns credentials that last as long as this JVM, and renew themselves. */
  AwsCredentialsProvider assumed(String role) {
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(configured(StsClient.builder()).build())
        .refreshRequest(request -> request.roleArn(role).roleSessionName("mesh-live"))
        .build();
  }

  private static IllegalStateException refusedRoles(String reason) {
    return refused(
        ROLES
            + " is not a list of roles in further accounts, separated by commas, which this process"
            + " may assume: "
            + reason
            + ".");
  }

  /** A profile of another account in the shell must not decide which account is changed. */
  private void verifyCredentials() {
    GetCallerIdentityResponse caller;
    try (StsClient sts = configured(StsClient.builder()).build()) {
      caller = sts.getCallerIdentity();
    } catch (SdkException e) {
      throw refused("STS does not confirm the credentials of this process: " + e.getMessage());
    }
    if (!caller.account().equals(account)) {
      throw refused(
          ACCOUNT
              + " is '"
              + account
              + "', but the credentials belong to '"
              + caller.account()
              + "'.");
    }
    if (!caller.arn().contains(":assumed-role/")) {
      throw refused(
          "The credentials of this process are those of "
              + caller.arn()
              + ", not of a role. Assume a role, such as with a profile.");
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

  /** Returns the further accounts, of which each has the table of one catalog of a mesh. */
  List<AwsLiveAccount> further() {
    return List.copyOf(further);
  }

  String region() {
    return region;
  }

  String account() {
    return account;
  }

  /** Returns a client of another service. */
  <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
    return configured(builder).build();
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
   * Removes all tables and buckets with the prefix in all accounts, also those of runs that were
   * interrupted, and returns what is left, with the reasons.
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
    for (AwsLiveAccount other : further) {
      other.removeAll().forEach(each -> left.add("account " + other.account + ": " + each));
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

  /** Returns region, accounts, and prefix. */
  @Override
  public String toString() {
    String others =
        further.stream().map(each -> " and " + each.account).collect(Collectors.joining());
    return "account " + account + others + " in " + region + ", prefix " + stem();
  }
}
