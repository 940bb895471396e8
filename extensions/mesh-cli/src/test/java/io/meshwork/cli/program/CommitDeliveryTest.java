package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** A command that publishes on AWS sends its event at once, if the variable says so. */
class CommitDeliveryTest {
  private static final String ORDERS = "plant/orders";
  private static final String PUBLISHED = "product.published";
  private static final String MILL = "430000000001";
  private static final String ADMINISTRATOR = "administrator";

  @TempDir private Path folder;

  private final String account =
      "42" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  private int published;

  @BeforeEach
  void make() {
    AwsConfig config = config();
    aws.runAs(account, ADMINISTRATOR);
    AccountSetup.of(config, account)
        .role("etl", AwsRoleKind.producer("plant"), AwsRoleKind.maintenance("plant"))
        .role("steward", AwsRoleKind.steward("plant"), AwsRoleKind.maintenance("plant"))
        .role("governor", AwsRoleKind.governance())
        .notices()
        .templates()
        .forEach(template -> aws.deploy(template.stack(), template.body()));
    AwsMesh.make(config);
    try (Mesh mesh = AwsMesh.connect(config)) {
      mesh.client().registerDomain("plant").accounts(account).owner("p@example.org").commit();
      mesh.client().defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
    }
    shell = new TestShell(folder);
    shell.variables.put(
        "MESH_URL", "aws:%s/%s/sent?endpoint=%s".formatted(aws.region(), account, aws.endpoint()));
  }

  private AwsConfig config() {
    return AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(account, "sent");
  }

  private int publish() throws IOException {
    Path rows = folder.resolve("rows" + published + ".csv");
    Files.writeString(rows, "id,amount\no" + published++ + ",1.5\n");
    aws.runAs(account, "etl");
    return shell.run("publish", ORDERS, rows.toString());
  }

  /** Returns the events of a type that wait in the queue of changes, and removes all. */
  private List<String> changes(String type) {
    aws.runAs(account, ADMINISTRATOR);
    try (SqsClient sqs =
        SqsClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .httpClient(UrlConnectionHttpClient.builder().build())
            .build()) {
      String url = sqs.getQueueUrl(get -> get.queueName("mesh-sent-changes")).queueUrl();
      List<Message> some =
          sqs.receiveMessage(get -> get.queueUrl(url).maxNumberOfMessages(10)).messages();
      some.forEach(
          message ->
              sqs.deleteMessage(
                  delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle())));
      return some.stream()
          .map(message -> message.body().replaceAll("(?s).*\"event\": ?\"([^\"]+)\".*", "$1"))
          .filter(type::equals)
          .toList();
    }
  }

  @Test
  void theEventOfAPublishIsInTheQueueOfChangesWhenTheCommandEnds() throws IOException {
    assertThat(publish()).as(shell.err()).isZero();
    assertThat(changes(PUBLISHED)).as("the variable is not set").isEmpty();
    shell.variables.put("MESH_NOTIFIER", "eventbridge");

    assertThat(publish()).as(shell.err()).isZero();

    assertThat(changes(PUBLISHED)).isNotEmpty().containsOnly(PUBLISHED);
    assertThat(publish()).as(shell.err()).isZero();
    assertThat(changes(PUBLISHED)).containsExactly(PUBLISHED);
  }

  @Test
  void aPublishSucceedsAlsoIfItsEventCannotBeSentWhichTheNextDeliverySends() throws IOException {
    shell.variables.put("MESH_NOTIFIER", "eventbridge");
    assertThat(publish()).as(shell.err()).isZero();
    changes(PUBLISHED);
    aws.on("events", "PutEvents").fail500();

    assertThat(publish()).as(shell.err()).isZero();

    aws.reset();
    assertThat(changes(PUBLISHED)).isEmpty();
    aws.runAs(account, "etl");
    try (Mesh mesh = AwsMesh.connect(config())) {
      assertThat(mesh.client().health().findings())
          .extracting(Finding::code)
          .contains(FindingCode.NOTICE_FAILING);
    }
  }

  @Test
  void anotherNotifierIsRefusedBeforeAnythingIsPublished() throws IOException {
    shell.variables.put("MESH_NOTIFIER", "pigeon");

    assertThat(publish()).isEqualTo(ExitCode.WRONG_REQUEST);

    assertThat(shell.err()).contains("Set MESH_NOTIFIER to eventbridge");
  }

  @Test
  void aFolderIsRefusedByTheNameOfTheVariable() {
    shell.variables.put("MESH_URL", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "plant/etl");
    assertThat(shell.run("init")).as(shell.err()).isZero();
    shell.variables.put("MESH_NOTIFIER", "eventbridge");

    assertThat(shell.run("domain", "add", "plant", "--owner", "p@example.org"))
        .isEqualTo(ExitCode.WRONG_REQUEST);

    assertThat(shell.err())
        .contains("MESH_NOTIFIER=eventbridge is for a mesh on AWS; remove it for a folder.")
        .doesNotContain("--to");
  }

  @Test
  void foldersOutsideAMeshOnAwsAreRefusedWithAndWithoutTheVariable() throws IOException {
    String folders = "lake=" + folder;
    aws.runAs(account, "etl");
    assertThat(shell.run("describe", ORDERS, "--reading-from", folders))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    String refusal = shell.err();
    assertThat(refusal).contains("Omit --reading-from.");

    assertThat(shell.run("deliver", "--to", "eventbridge", "--reading-from", folders))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).isEqualTo(refusal);

    shell.variables.put("MESH_NOTIFIER", "eventbridge");
    assertThat(
            shell.run(
                "domain", "add", "plant", "--owner", "q@example.org", "--reading-from", folders))
        .isEqualTo(ExitCode.WRONG_REQUEST);
    assertThat(shell.err()).isEqualTo(refusal);
  }

  @Test
  void whatACommandCommittedIsSentAlsoIfItFailsAfterwards() throws IOException {
    Files.writeString(
        folder.resolve("parts.avsc"),
        """
        {"type": "record", "name": "Part", "fields": [{"name": "id", "type": "string"}]}
        """);
    Path code =
        Files.writeString(
            folder.resolve("mesh.yaml"),
            """
            format: 1
            domain: {name: plant, owner: p@example.org}
            products:
              parts: {contract: parts.avsc}
            grants:
              - {on: parts, to: [finance], because: Closing}
            """);
    shell.variables.put("MESH_NOTIFIER", "eventbridge");
    aws.runAs(account, "steward");

    assertThat(shell.run("apply", code.toString())).isNotZero();

    assertThat(shell.err()).contains("+ product plant/parts", "Cannot grant plant/parts");
    assertThat(changes("product.defined")).contains("product.defined");
  }

  @Test
  void aRoleThatMayNotSendChangesTheMeshAllTheSame() {
    shell.variables.put("MESH_NOTIFIER", "eventbridge");
    aws.runAs(account, "governor");

    assertThat(shell.run("domain", "add", "mill", "--owner", "m@example.org", "--accounts", MILL))
        .as(shell.err())
        .isZero();

    assertThat(shell.run("domain", "show", "mill")).as(shell.err()).isZero();
  }
}
