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
  private static final String ADMINISTRATOR = "administrator";

  @TempDir private Path folder;

  private final String account =
      "42" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private TestShell shell;

  private int published;

  record Order(String id, double amount) {}

  @BeforeEach
  void make() {
    AwsConfig config = config();
    aws.runAs(account, ADMINISTRATOR);
    AccountSetup.of(config, account)
        .role("etl", AwsRoleKind.producer("plant"), AwsRoleKind.maintenance("plant"))
        .notices()
        .templates()
        .forEach(template -> aws.deploy(template.stack(), template.body()));
    AwsMesh.make(config);
    try (Mesh mesh = AwsMesh.connect(config)) {
      mesh.client().registerDomain("plant").accounts(account).owner("p@example.org").commit();
      mesh.client().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
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

  /** Returns what waits in the queue of changes, and removes it. */
  private List<String> changes() {
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
          .filter(type -> type.equals("product.published"))
          .toList();
    }
  }

  @Test
  void theEventOfAPublishIsInTheQueueOfChangesWhenTheCommandEnds() throws IOException {
    assertThat(publish()).as(shell.err()).isZero();
    assertThat(changes()).as("the variable is not set").isEmpty();
    shell.variables.put("MESH_NOTIFIER", "eventbridge");

    assertThat(publish()).as(shell.err()).isZero();

    assertThat(changes()).isNotEmpty().containsOnly("product.published");
    assertThat(publish()).as(shell.err()).isZero();
    assertThat(changes()).containsExactly("product.published");
  }

  @Test
  void aPublishSucceedsAlsoIfItsEventCannotBeSentWhichTheNextDeliverySends() throws IOException {
    shell.variables.put("MESH_NOTIFIER", "eventbridge");
    assertThat(publish()).as(shell.err()).isZero();
    changes();
    aws.on("events", "PutEvents").fail500();

    assertThat(publish()).as(shell.err()).isZero();

    aws.reset();
    assertThat(changes()).isEmpty();
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
}
