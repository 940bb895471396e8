package io.meshwork.examples.sparkaws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.Finding;
import io.meshwork.examples.awsmesh.MeshAccounts;
import io.meshwork.examples.awsmesh.StoryEmulator;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.examples.spark.SparkProcess.Result;
import io.meshwork.examples.sparkpublish.OrderRows;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * Spark publishes to a mesh on the emulator of AWS. The driver is a producer; its executors are
 * processes of another role, which has the policy of tasks alone and never calls DynamoDB. No
 * credentials are in what Spark plans and logs, and what killed processes leave is deleted.
 */
public final class SparkAwsStory implements AutoCloseable {
  private static final String GOVERNANCE = "111111111111";
  private static final String COMMERCE = "222222222222";
  private static final Principal ADMIN = Principal.of(GOVERNANCE, "spark-admin");
  private static final Principal STEWARD = Principal.of(COMMERCE, "spark-steward");
  private static final Principal DRIVER = Principal.of(COMMERCE, "spark-driver");
  private static final Principal EXECUTORS = Principal.of(COMMERCE, "spark-executors");
  private static final Principal MAINTENANCE = Principal.of(COMMERCE, "spark-maintenance");

  /** The products whose files executors use. */
  private static final List<String> PRODUCTS =
      List.of("orders", "unwritten", "unread", "killed-executor", "killed-driver");

  private static final int ROWS = 5_000;
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);
  private static final Duration AFTER_ALL_ATTEMPTS = Duration.ofDays(9);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AwsEmulator aws;
  private final StoryReport report;
  private final Path folder;
  private final AwsConfig config;
  private final MeshAccounts accounts;
  private final String mesh;

  /** What no plan may contain. */
  private final List<String> secrets = new ArrayList<>();

  private final String policy;
  private final BucketFiles files;
  private final SparkProcess spark;

  private SparkAwsStory(AwsEmulator aws, Path folder, StoryReport report) throws IOException {
    this.aws = aws;
    this.report = report;
    this.folder = folder.toAbsolutePath();
    this.mesh = "aws:" + aws.region() + "/" + GOVERNANCE + "/trade?endpoint=" + aws.endpoint();
    this.config = AwsConfig.of(mesh);
    this.accounts = new MeshAccounts(aws, GOVERNANCE, config, this.folder);
    accounts.makeMesh();
    String root = accounts.makeBucket(COMMERCE);
    accounts.createRole(ADMIN, AwsRoleKind.governance());
    accounts.createRole(STEWARD, AwsRoleKind.steward("commerce"));
    accounts.createRole(DRIVER, AwsRoleKind.producer("commerce"));
    accounts.createRole(MAINTENANCE, AwsRoleKind.maintenance("commerce"));
    this.policy = accounts.createTasksRole(EXECUTORS, "commerce", PRODUCTS);
    accounts.as(
        ADMIN,
        governance ->
            governance
                .registerDomain("commerce")
                .accounts(COMMERCE)
                .administrators(STEWARD)
                .owner("orders@example.org")
                .location(root)
                .commit());
    this.files = new BucketFiles(aws, COMMERCE, root);
    this.spark = start();
  }

  /** Runs the story in a folder, empty or new; the argument names it. */
  public static void main(String[] arguments) throws IOException {
    StoryEmulator.run(
        "spark-aws", arguments, (aws, folder) -> run(aws, folder, new StoryReport(System.out)));
  }

  /** Runs it on an emulator without roles, buckets, and tables of these names. */
  public static void run(AwsEmulator aws, Path folder, StoryReport report) {
    try (SparkAwsStory story = new SparkAwsStory(aws, folder, report)) {
      story.tell();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    spark.kill();
  }

  /** Starts a driver whose executors have other credentials, as instances have their roles. */
  private SparkProcess start() throws IOException {
    Path started = Files.createDirectories(folder.resolve("spark"));
    Path credentials = folder.resolve("credentials");
    Files.writeString(credentials, profile("driver", DRIVER) + profile("executors", EXECUTORS));
    Files.createDirectories(folder.resolve("events"));
    SparkLaunch launch =
        new SparkLaunch("4.1", started)
            .forShortJobs()
            .jar(System.getProperty("mesh.spark.aws.jar"))
            .mesh(mesh, DRIVER.toString())
            .executors(2)
            .environment(
                Map.of(
                    "AWS_SHARED_CREDENTIALS_FILE",
                    credentials.toString(),
                    "AWS_CONFIG_FILE",
                    folder.resolve("no-config").toString(),
                    "AWS_PROFILE",
                    "driver"))
            .settings(
                Map.of(
                    "spark.executorEnv.AWS_PROFILE",
                    "executors",
                    "spark.eventLog.enabled",
                    "true",
                    "spark.eventLog.compress",
                    "false",
                    "spark.eventLog.dir",
                    folder.resolve("events").toUri().toString()));
    return SparkProcess.start(launch, started.resolve("spark.log"));
  }

  /** Returns a profile with a session of a role. */
  private String profile(String name, Principal role) {
    aws.runAs(role.account(), role.role());
    String secret = System.getProperty("aws.secretAccessKey");
    String token = System.getProperty("aws.sessionToken");
    secrets.addAll(List.of(secret, token));
    return """
           [%s]
           aws_access_key_id=%s
           aws_secret_access_key=%s
           aws_session_token=%s
           """
        .formatted(name, System.getProperty("aws.accessKeyId"), secret, token);
  }

  private void tell() throws IOException {
    report.step(
        "policy",
        "[s3:GetObject, s3:PutObject, s3:AbortMultipartUpload] on files of products true",
        actions(policy) + " on files of products " + !policy.contains("data/commerce/*"));
    long rows = published();
    report.step(
        "calls",
        "of executors [s3:GetObject, s3:PutObject]",
        "of executors " + new TreeSet<>(calls()));
    refusedForAnotherProduct();
    refusedWithout("s3:PutObject");
    refusedWithout("s3:GetObject");
    Set<String> leftovers = killedExecutor();
    secret();
    leftovers.addAll(killedDriver());
    long registryCalls = calls().stream().filter(call -> call.startsWith("dynamodb:")).count();
    registry();
    report.number("rows", rows);
    report.number("executorCallsToDynamoDb", registryCalls);
    report.number("filesLeft", maintained(leftovers));
    report.endWithoutSteps();
  }

  /** Also moves rows with keys of other tasks to the quarantine, so that executors read files. */
  private long published() {
    define("orders-by-sdk");
    define("orders");
    PublishReceipt expected =
        accounts.as(
            DRIVER,
            driver ->
                driver
                    .publish("commerce/orders-by-sdk")
                    .records(OrderRows.objects(ROWS).map(OrderRows::withRepeatedKey).toList())
                    .commit());
    insert("orders", rows(3)).rowsOrThrow();
    PublishReceipt receipt =
        accounts.as(DRIVER, driver -> driver.publishHistory("commerce/orders").receipts().get(0));
    report.step(
        "published",
        counts(expected) + ", executors 2",
        counts(receipt) + ", executors " + processes().size());
    return receipt.rowsAccepted();
  }

  private static String counts(PublishReceipt receipt) {
    return "accepted "
        + receipt.rowsAccepted()
        + ", quarantined "
        + receipt.quality().rowsQuarantined();
  }

  /** Publishes to a product of the domain that the policy of executors does not have. */
  private void refusedForAnotherProduct() {
    define("orders-of-others");
    Result refused = insert("orders-of-others", rows(2));
    report.step(
        "other-product",
        "PERMISSION_MISSING, publishes 0",
        refused.failure().split(" ", 2)[0] + ", publishes " + publishes("orders-of-others"));
  }

  /** Takes an action from the policy of executors: then nothing is published. */
  private void refusedWithout(String action) throws IOException {
    JsonNode less = JSON.readTree(policy);
    ArrayNode actions = (ArrayNode) less.path("Statement").path(0).path("Action");
    for (int i = 0; i < actions.size(); i++) {
      if (actions.get(i).asText().equals(action)) {
        actions.remove(i);
      }
    }
    String product = action.equals("s3:GetObject") ? "unread" : "unwritten";
    define(product);
    accounts.putPolicy(EXECUTORS, "files", less.toString());
    Result refused = insert(product, rows(2));
    accounts.putPolicy(EXECUTORS, "files", policy);
    report.step(
        product,
        "without " + action + " PERMISSION_MISSING, publishes 0",
        "without "
            + (refused.failure().contains(action) ? action : refused.failure())
            + " "
            + refused.failure().split(" ", 2)[0]
            + ", publishes "
            + publishes(product));
  }

  /** Returns the files that a killed executor left. */
  private Set<String> killedExecutor() {
    define("killed-executor");
    Set<String> before = files.below("commerce/killed_executor_v1");
    CompletableFuture<Result> job =
        CompletableFuture.supplyAsync(() -> insert("killed-executor", slow(rows(4))));
    await(
        "a task writes",
        job,
        () -> !before.containsAll(files.below("commerce/killed_executor_v1")));
    Set<Long> started = processes();
    spark
        .executors()
        .filter(process -> started.contains(process.pid()))
        .findFirst()
        .orElseThrow()
        .destroyForcibly();
    job.join().rowsOrThrow();
    Set<String> leftovers = files.below("commerce/killed_executor_v1");
    leftovers.removeAll(referenced("killed_executor_v1"));
    leftovers.removeAll(referenced("killed_executor_v1_quarantine"));
    report.step(
        "killed-executor",
        "executor replaced true, publishes 1, left true",
        "executor replaced "
            + !started.containsAll(processes())
            + ", publishes "
            + publishes("killed-executor")
            + ", left "
            + !leftovers.isEmpty());
    return leftovers;
  }

  private Set<Long> processes() {
    return spark.executors().map(ProcessHandle::pid).collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> referenced(String table) {
    return spark
        .sql("SELECT file_path FROM mesh.commerce." + table + ".all_files")
        .rowsOrThrow()
        .stream()
        .map(row -> row.get("file_path").asText())
        .collect(Collectors.toSet());
  }

  /** Looks for credentials in the plan, and in the log from which Spark's pages are made. */
  private void secret() throws IOException {
    String plan =
        spark
            .sql("EXPLAIN EXTENDED INSERT INTO mesh.commerce.orders_v1 " + rows(2))
            .rowsOrThrow()
            .toString();
    StringBuilder log = new StringBuilder();
    try (Stream<Path> logs = Files.walk(folder.resolve("events"))) {
      for (Path each : logs.filter(Files::isRegularFile).toList()) {
        log.append(Files.readString(each));
      }
    }
    report.step(
        "secret",
        "in the plan 0, in the event log 0; of checked writes true, true",
        "in the plan "
            + secretsIn(plan)
            + ", in the event log "
            + secretsIn(log.toString())
            + "; of checked writes "
            + plan.contains("orders_v1")
            + ", "
            + log.toString().contains("AppendData"));
  }

  private long secretsIn(String text) {
    return secrets.stream().filter(text::contains).count();
  }

  private List<String> calls() {
    return aws.calls(EXECUTORS.account(), EXECUTORS.role());
  }

  /** Returns the files that a driver leaves which is killed before it commits. */
  private Set<String> killedDriver() {
    define("killed-driver");
    CompletableFuture<Result> job =
        CompletableFuture.supplyAsync(() -> insert("killed-driver", slow(rows(4))));
    await("a task writes", job, () -> !files.below("commerce/killed_driver_v1").isEmpty());
    spark.kill();
    job.exceptionally(e -> new Result(List.of(), "killed")).join();
    Set<String> leftovers = files.below("commerce/killed_driver_v1");
    report.step(
        "killed-driver",
        "publishes 0, left true",
        "publishes " + publishes("killed-driver") + ", left " + !leftovers.isEmpty());
    return leftovers;
  }

  /** Reads the registry as the role of executors. */
  private void registry() {
    aws.runAs(EXECUTORS.account(), EXECUTORS.role());
    String refusal = "none";
    try (DynamoDbClient client =
        DynamoDbClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .build()) {
      client.listTables();
    } catch (DynamoDbException e) {
      refusal = e.awsErrorDetails().errorCode();
    }
    report.step(
        "registry",
        "a call by executors: AccessDeniedException",
        "a call by executors: " + refusal);
  }

  /** Returns how many of the files are there after maintenance. */
  private int maintained(Set<String> leftovers) {
    List<Finding> remaining = accounts.maintain(MAINTENANCE, AFTER_ALL_ATTEMPTS);
    Set<String> present = files.below("commerce/");
    present.retainAll(leftovers);
    report.step(
        "maintained",
        "remaining [], left 0",
        "remaining " + remaining + ", left " + present.size());
    return present.size();
  }

  private void define(String product) {
    accounts.as(
        STEWARD,
        steward ->
            steward
                .defineProduct("commerce/" + product)
                .contract(OrderRows.keyedContract(OnViolation.QUARANTINE))
                .commit());
  }

  private int publishes(String product) {
    return accounts.as(
        DRIVER, driver -> driver.publishHistory("commerce/" + product).receipts().size());
  }

  private Result insert(String product, String query) {
    return spark.sql("INSERT INTO mesh.commerce." + product.replace('-', '_') + "_v1 " + query);
  }

  /** The rows as a query in tasks. */
  private static String rows(int tasks) {
    return OrderRows.withRepeatedKeys(OrderRows.query(ROWS, tasks));
  }

  private static String slow(String query) {
    return "SELECT * FROM ("
        + query
        + ") WHERE reflect('java.lang.Thread', 'sleep', 1L) IS NOT NULL";
  }

  private static List<String> actions(String policy) {
    try {
      List<String> actions = new ArrayList<>();
      JSON.readTree(policy)
          .path("Statement")
          .forEach(
              statement -> statement.path("Action").forEach(each -> actions.add(each.asText())));
      return actions;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something is so, while a job runs. */
  private static void await(String what, CompletableFuture<Result> job, BooleanSupplier isSo) {
    long start = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      if (job.isDone() || System.nanoTime() - start > PATIENCE) {
        throw new StoryFailedException(
            "The job ended before " + what + ": " + (job.isDone() ? job.join().failure() : ""));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
