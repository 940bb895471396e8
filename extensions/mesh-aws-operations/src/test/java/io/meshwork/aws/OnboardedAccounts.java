package io.meshwork.aws;

import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Accounts of a mesh that are onboarded, with names that no other test has.
 *
 * @param governance the account of the mesh, of whose role {@code platform} this process is
 * @param commerce another account, in which this process has no role
 * @param other an account without a part of the mesh
 * @param waited how long was waited for CloudFormation, which moves the clock on
 */
record OnboardedAccounts(
    AwsEmulator aws,
    AwsConfig config,
    String governance,
    String commerce,
    String other,
    AtomicReference<Duration> waited) {
  static final String PLATFORM = "platform";
  static final String ADMINISTRATOR = "administrator";
  static final String DEPLOYER = "mesh-deployer";

  /** Where templates are written that this process may not deploy. */
  static final Path TEMPLATES = Path.of("target", "by-hand").toAbsolutePath();

  static OnboardedAccounts on(AwsEmulator aws) {
    String governance = newAccount();
    String name = "o" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
    OnboardedAccounts accounts =
        new OnboardedAccounts(
            aws,
            AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(governance, name),
            governance,
            newAccount(),
            newAccount(),
            new AtomicReference<>(Duration.ZERO));
    aws.withoutRole(accounts.governance, DEPLOYER);
    aws.withoutRole(accounts.commerce, DEPLOYER);
    aws.runAs(governance, PLATFORM);
    return accounts;
  }

  /** Returns the same accounts of a mesh with other settings. */
  OnboardedAccounts with(UnaryOperator<AwsConfig> setting) {
    return new OnboardedAccounts(aws, setting.apply(config), governance, commerce, other, waited);
  }

  private static String newAccount() {
    return "8" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  AccountSetup ofGovernance() {
    return AccountSetup.of(config, governance).role("mesh-admin", AwsRoleKind.governance());
  }

  AccountSetup ofCommerce() {
    return AccountSetup.of(config, commerce).role("etl", AwsRoleKind.producer("commerce"));
  }

  /** Uses operations as this process is. */
  <T> T with(AccountSetup setup, Function<OnboardAccount, T> use) {
    return with(setup, UnaryOperator.identity(), use);
  }

  /** Uses operations whose waits last as long as this function says. */
  <T> T with(AccountSetup setup, UnaryOperator<Duration> waiting, Function<OnboardAccount, T> use) {
    Sleeper waits = time -> waited.updateAndGet(before -> before.plus(waiting.apply(time)));
    try (AwsOperations operations =
        AwsOperations.of(
            config,
            DefaultCredentialsProvider.builder().build(),
            new AwsTimeouts(
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                DynamoTimeouts.STANDARD,
                Duration.ofMillis(1)),
            () -> Instant.now().plus(waited.get()),
            waits)) {
      return use.apply(operations.onboard(setup).templatesTo(TEMPLATES));
    }
  }

  Plan<Report> plan(AccountSetup setup) {
    return with(setup, OnboardAccount::plan);
  }

  Report run(AccountSetup setup) {
    return with(setup, OnboardAccount::commit);
  }

  List<String> verbs(AccountSetup setup) {
    return plan(setup).steps().stream().map(Plan.Step::verb).toList();
  }

  /** Deploys the stack of the deployer of an account, as its administrator does by hand. */
  void deployByHand(AccountSetup setup) {
    deployByHand(setup.templates().get(0));
  }

  /** Turns the termination protection of a stack on or off, as its administrator does. */
  void protect(AccountSetup.Template template, boolean on) {
    try (CloudFormationClient client =
        EmulatedClients.administrator(aws, template.account())
            .client(CloudFormationClient.builder())) {
      client.updateTerminationProtection(
          change -> change.stackName(template.stack()).enableTerminationProtection(on));
    }
  }

  /** Deploys a stack as the administrator of its account does. */
  void deployByHand(AccountSetup.Template template) {
    aws.runAs(template.account(), ADMINISTRATOR);
    aws.deploy(template.stack(), template.body());
    protect(template, true);
    aws.runAs(governance, PLATFORM);
  }

  /** Returns all versions of files, uploads, and documents. */
  List<String> stored() {
    List<String> all = new ArrayList<>();
    for (String account : List.of(governance, commerce)) {
      String bucket = config.bucketIn(account);
      try (S3Client s3 = EmulatedClients.administrator(aws, account).s3()) {
        s3.listObjectVersions(list -> list.bucket(bucket))
            .versions()
            .forEach(file -> all.add(file.key() + " " + file.versionId()));
        s3.listObjectVersions(list -> list.bucket(bucket))
            .deleteMarkers()
            .forEach(marker -> all.add("deleted " + marker.key()));
        s3.listMultipartUploads(list -> list.bucket(bucket))
            .uploads()
            .forEach(upload -> all.add("upload " + upload.key()));
      }
    }
    try (DynamoDbClient table = EmulatedClients.administrator(aws, governance).dynamoDb()) {
      table
          .scanPaginator(scan -> scan.tableName(config.table()))
          .items()
          .forEach(item -> all.add(item.toString()));
    }
    return all.stream().sorted().toList();
  }
}
