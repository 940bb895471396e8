package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.internal.mirror.ChangeQueue.Change;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.meter.Meters;
import io.meshwork.product.Domain;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Events of changes come from the bus of each account to the queue in that of the mesh. */
class ChangeQueueTest {
  private static final String RUNNER = "mesh-operator";

  /** Short, because requests hang until they end. */
  private static final AwsTimeouts IMPATIENT =
      new AwsTimeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(2),
          DynamoTimeouts.STANDARD,
          Duration.ofMillis(1));

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private EventAccounts accounts;

  @BeforeEach
  void start() {
    accounts = EventAccounts.on(aws);
  }

  private AccountSetup ofFinance() {
    return AccountSetup.of(accounts.config(), accounts.finance())
        .role(EventAccounts.OPERATOR, AwsRoleKind.maintenance("finance"))
        .notices();
  }

  /** Sends an event of a domain as the operator of its account. */
  private void send(String domain, String account, String type) {
    aws.runAs(account, EventAccounts.OPERATOR);
    String entry =
        """
        {"format":1,"sequence":7,"at":"2026-11-20T08:00:00Z","event":"%s","principal":"a/b",
         "subject":"%s/orders","details":{}}
        """
            .formatted(type, domain);
    AwsMesh.notifier(accounts.config())
        .deliver(
            MeshEvent.fromJson(domain + "/orders", entry),
            new Domain(domain, "", "", "", List.of(account), List.of(), List.of()));
  }

  private AwsRoleCredentials runner(String role) {
    aws.runAs(accounts.commerce(), role);
    return AwsRoleCredentials.of(
        accounts.config(),
        DefaultCredentialsProvider.builder().build(),
        new ControlPlane(MeshRuntime.systemClock(), Meters.none()),
        IMPATIENT);
  }

  private List<Change> received() {
    try (AwsRoleCredentials runner = runner(RUNNER)) {
      ChangeQueue queue = runner.changes();
      List<Change> changes = queue.receive(Duration.ZERO);
      if (!changes.isEmpty()) {
        queue.remove(changes);
      }
      return changes;
    }
  }

  @Test
  void changesOfEachAccountComeToTheAccountOfTheMeshAndNothingElseDoes() {
    accounts.deploy(accounts.ofCommerce().notices(accounts.finance()), ofFinance());
    send("commerce", accounts.commerce(), "product.published");
    send("finance", accounts.finance(), "rollout.retired");
    send("finance", accounts.finance(), "product.late");

    assertThat(received())
        .extracting(Change::type, Change::subject)
        .containsExactlyInAnyOrder(
            tuple(MeshEvent.Type.PRODUCT_PUBLISHED, "commerce/orders"),
            tuple(MeshEvent.Type.ROLLOUT_RETIRED, "finance/orders"));
    assertThat(received()).as("they were removed").isEmpty();
  }

  @Test
  void nothingComesFromAnAccountThatTheBusOfTheMeshDoesNotName() {
    accounts.deploy(accounts.ofCommerce(), ofFinance());
    send("finance", accounts.finance(), "product.published");

    assertThat(received()).isEmpty();
  }

  @Test
  void eachFailureOfARequestCanBeRepeatedAndTheMessageStays() {
    accounts.deploy(accounts.ofCommerce());
    List<Consumer<AwsEmulator.FaultRule>> faults =
        List.of(
            AwsEmulator.FaultRule::throttle,
            AwsEmulator.FaultRule::fail500,
            AwsEmulator.FaultRule::expireToken,
            AwsEmulator.FaultRule::hang);
    send("commerce", accounts.commerce(), "product.published");
    for (Consumer<AwsEmulator.FaultRule> fault : faults) {
      try (AwsRoleCredentials runner = runner(RUNNER)) {
        fault.accept(aws.on("sqs", "ReceiveMessage"));
        assertRepeatable(() -> runner.changes().receive(Duration.ZERO));
        aws.reset();
      }
    }
    try (AwsRoleCredentials runner = runner(RUNNER)) {
      List<Change> changes = runner.changes().receive(Duration.ZERO);
      assertThat(changes).hasSize(1);
      for (Consumer<AwsEmulator.FaultRule> fault : faults) {
        try (AwsRoleCredentials other = runner(RUNNER)) {
          fault.accept(aws.on("sqs", "DeleteMessageBatch"));
          assertRepeatable(() -> other.changes().remove(changes));
          aws.reset();
        }
      }
      runner.changes().remove(changes);
    }
  }

  /** Returns how many messages the queue has, with those that are hidden. */
  private long messages() {
    aws.runAs(accounts.commerce(), "administrator");
    try (SqsClient sqs = accounts.sqs()) {
      String name = "mesh-" + accounts.config().meshName() + "-changes";
      String url = sqs.getQueueUrl(get -> get.queueName(name)).queueUrl();
      return sqs
          .getQueueAttributes(
              get ->
                  get.queueUrl(url)
                      .attributeNames(
                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
          .attributes()
          .values()
          .stream()
          .mapToLong(Long::parseLong)
          .sum();
    }
  }

  @Test
  void aMessageStaysIfItsReplyIsLostAndIsRemovedOnceIfThatReplyIsLost() {
    accounts.deploy(accounts.ofCommerce());
    send("commerce", accounts.commerce(), "product.published");
    aws.reset();
    aws.on("sqs", "ReceiveMessage").loseReply();
    try (AwsRoleCredentials runner = runner(RUNNER)) {
      assertRepeatable(() -> runner.changes().receive(Duration.ZERO));
    }
    aws.reset();
    assertThat(messages()).isEqualTo(1);

    send("commerce", accounts.commerce(), "product.published");
    try (AwsRoleCredentials runner = runner(RUNNER)) {
      List<Change> changes = runner.changes().receive(Duration.ZERO);
      assertThat(changes).as("the first one is hidden").hasSize(1);
      aws.on("sqs", "DeleteMessageBatch").nth(1).loseReply();
      runner.changes().remove(changes);
    }
    assertThat(messages()).isEqualTo(1);
  }

  @Test
  void aMessageOfAProcessThatWasKilledStaysUntilItsRemovalTookEffect() {
    accounts.deploy(accounts.ofCommerce());
    send("commerce", accounts.commerce(), "product.published");
    aws.reset();
    aws.on("sqs", "ReceiveMessage").nth(1).killCaller();
    try (AwsRoleCredentials killed = runner(RUNNER)) {
      assertRepeatable(() -> killed.changes().receive(Duration.ZERO));
    }
    aws.reset();
    assertThat(messages()).as("it is hidden, and comes again").isEqualTo(1);

    send("commerce", accounts.commerce(), "product.published");
    aws.reset();
    try (AwsRoleCredentials killed = runner(RUNNER)) {
      List<Change> changes = killed.changes().receive(Duration.ZERO);
      aws.on("sqs", "DeleteMessageBatch").nth(1).killCaller();
      assertRepeatable(() -> killed.changes().remove(changes));
    }
    aws.reset();
    assertThat(messages()).as("the second one was removed").isEqualTo(1);
  }

  @Test
  void aRoleThatMayNotRemoveMessagesIsNamed() {
    accounts.deploy(accounts.ofCommerce());
    send("commerce", accounts.commerce(), "product.published");
    List<Change> changes;
    try (AwsRoleCredentials runner = runner(RUNNER)) {
      changes = runner.changes().receive(Duration.ZERO);
    }
    try (AwsRoleCredentials other = runner(EventAccounts.OPERATOR)) {
      assertThatThrownBy(() -> other.changes().remove(changes))
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
          .hasMessageContaining("sqs:DeleteMessage");
    }
    assertThat(messages()).isEqualTo(1);
  }

  /** The three actions that AWS documents for the role of a function with a queue of SQS. */
  @Test
  void theOperatorMayDoWhatAnEventSourceMappingOfLambdaDoes() {
    accounts.deploy(accounts.ofCommerce());
    send("commerce", accounts.commerce(), "product.published");
    aws.runAs(accounts.commerce(), "administrator");
    String name = "mesh-" + accounts.config().meshName() + "-changes";
    try (SqsClient administrator = accounts.sqs()) {
      String url = administrator.getQueueUrl(get -> get.queueName(name)).queueUrl();
      aws.runAs(accounts.commerce(), RUNNER);
      try (SqsClient mapping = accounts.sqs()) {
        mapping.getQueueAttributes(
            get -> get.queueUrl(url).attributeNames(QueueAttributeName.VISIBILITY_TIMEOUT));
        String receipt =
            mapping.receiveMessage(get -> get.queueUrl(url)).messages().get(0).receiptHandle();
        mapping.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(receipt));
      }
    }
    assertThat(messages()).isZero();
  }

  private static void assertRepeatable(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContaining("-changes of ");
  }

  @Test
  void aMissingQueueAndAMissingPermissionAreNamed() {
    accounts.deploy(
        AccountSetup.of(accounts.config(), accounts.commerce())
            .role("reader", AwsRoleKind.reader()));
    try (AwsRoleCredentials runner = runner("administrator")) {
      assertThatThrownBy(() -> runner.changes().receive(Duration.ZERO))
          .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isFalse())
          .hasMessageContaining("the queue does not exist");
    }
    try (AwsRoleCredentials runner = runner("reader")) {
      assertThatThrownBy(() -> runner.changes().receive(Duration.ZERO))
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
          .hasMessageContainingAll("sqs:ReceiveMessage", accounts.commerce() + "/reader");
    }
  }
}
