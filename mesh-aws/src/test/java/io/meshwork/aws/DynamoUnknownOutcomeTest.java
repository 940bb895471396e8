package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.aws.client.Answers;
import io.meshwork.aws.client.FaultyClient;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.sts.model.StsException;

/** Failures that DynamoDB Local does not produce; the registry reports each outcome correctly. */
class DynamoUnknownOutcomeTest {
  private static final Key CARD = new Key("commerce", "product/orders");
  private static final Key MAJOR = new Key("commerce", "major/1");
  private static final Transaction INSERT =
      Transaction.attempt("late").insert(CARD, "1").insert(MAJOR, "1").build();

  private static DynamoDbClient real;
  private FaultyClient client;
  private Registry registry;

  @BeforeAll
  static void connect() {
    real = LocalDynamo.client();
  }

  @AfterAll
  static void disconnect() {
    if (real != null) { // null if DynamoDB Local is missing
      real.close();
    }
  }

  @BeforeEach
  void open() {
    client = new FaultyClient(real);
    registry = DynamoRegistry.over(client, LocalDynamo.newTable(real));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
  void aConflictingOrThrottledTransactionMayBeRetriedWithTheSameId(String reason) {
    client.thenReject(Answers.cancelled("None", "None", reason));

    BackendException failure = failureOfCommit();

    assertThat(failure.retryable()).isTrue();
    assertThat(failure).hasMessageContainingAll(reason, "Nothing was committed", "R1");
    assertNothingWasWritten();
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void aCommitWhoseCredentialsCannotBeRenewedIsNotUnknown() {
    BackendException limited =
        Failure.of(MeshAction.of(Verb.USE, "the service 'sts'"))
            .because("at least half of the last calls failed")
            .passing(ErrorCode.BACKEND_FAILED);
    for (RuntimeException failure :
        List.of(
            limited,
            StsException.builder().statusCode(503).build(),
            StsException.builder().statusCode(429).build())) {
      client.thenReject(failure);

      assertThat(failureOfCommit().retryable()).as("%s", failure).isTrue();
      assertNothingWasWritten();
    }
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void aKeyThatAnotherTransactionIsWritingIsNotAConflict() {
    client.thenReject(Answers.cancelled("None", "TransactionConflict", "ConditionalCheckFailed"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.conflict(List.of(MAJOR)));
  }

  @Test
  void aLastingReasonIsNotRetryable() {
    client.thenReject(Answers.cancelled("None", "ValidationError", "TransactionConflict"));

    BackendException failure = failureOfCommit();

    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("ValidationError");
    assertNothingWasWritten();
  }

  @Test
  void aSecondDeliveryThatConflictsWithTheFirstIsCommitted() {
    client.thenDeliverAndFail(
        Answers.cancelled("None", "ConditionalCheckFailed", "ConditionalCheckFailed"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    assertBothWereWritten();
  }

  @Test
  void aSecondDeliveryThatIsThrottledAfterASuccessIsCommitted() {
    client.thenDeliverAndFail(Answers.cancelled("None", "ThrottlingError", "None"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    assertBothWereWritten();
  }

  @Test
  void aCancelledTransactionWhoseOwnRowCannotBeReadIsUnknown() {
    client
        .thenReject(Answers.cancelled("None", "ConditionalCheckFailed", "None"))
        .thenReject(Answers.reset());

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void aDeletedAttemptRowIsUnknown() {
    client.thenReject(Answers.cancelled("ConditionalCheckFailed", "None", "None"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded"
      })
  void aThrottledRequestIsFencedBeforeItIsReportedAsNotCommitted(String code) {
    client.thenReject(Answers.rejected(400, code));

    assertThat(failureOfCommit().retryable()).isTrue();

    assertThatThrownBy(() -> client.deliverLastWriteAgain())
        .as("another delivery that was still running")
        .isInstanceOf(TransactionCanceledException.class);
    assertNothingWasWritten();
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void aThrottledDeliveryAfterASuccessfulOneIsCommitted() {
    client.thenDeliverAndFail(Answers.rejected(400, "ThrottlingException"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    assertBothWereWritten();
  }

  @Test
  void aThrottledRequestThatCannotBeFencedIsUnknown() {
    client
        .thenReject(Answers.rejected(400, "ThrottlingException"))
        .thenReject(Answers.rejected(400, "ThrottlingException"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
  }

  static Stream<RuntimeException> uncertainResponses() {
    return Stream.of(
        Answers.timeout(),
        Answers.reset(),
        Answers.noConnection(),
        Answers.inProgress(),
        Answers.rejected(408, "RequestTimeoutException"),
        Answers.rejected(500, "InternalServerError"),
        Answers.rejected(503, "ServiceUnavailable"),
        new IllegalStateException(Answers.SECRET));
  }

  @ParameterizedTest
  @MethodSource("uncertainResponses")
  void anUncertainResponseAfterSuccessIsUnknownAndResolvesToCommitted(RuntimeException answer) {
    client.thenDeliverAndFail(answer);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.COMMITTED);
    assertBothWereWritten();
  }

  @ParameterizedTest
  @MethodSource("uncertainResponses")
  void anUncertainResponseBeforeSuccessIsFencedAndADelayedDeliveryFails(RuntimeException answer) {
    client.thenReject(answer);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);

    assertThatThrownBy(() -> client.deliverLastWriteAgain())
        .isInstanceOf(TransactionCanceledException.class);
    assertNothingWasWritten();
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void aDeliveryDuplicatedAfterSuccessChangesNothing() {
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    DynamoRegistry.over(real, client.lastWrite().transactItems().get(0).put().tableName())
        .commit(Transaction.attempt("next").replace(CARD, "2", "late").build());

    client.deliverLastWriteAgain();
    client.deliverLastWriteAgain();

    assertThat(registry.read(CARD)).contains(new Document(CARD, "2", "next"));
    assertThat(registry.read(MAJOR)).contains(new Document(MAJOR, "1", "late"));
  }

  @Test
  void theAttemptsRowDecidesForATokenWithOtherContent() {
    client.thenReject(Answers.parameterMismatch());
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    client.thenReject(Answers.parameterMismatch());
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void theTokenDependsOnTableIdAndContentAndHasAValidLength() {
    registry.commit(INSERT);
    String token = client.lastWrite().clientRequestToken();
    registry.commit(INSERT);
    assertThat(client.lastWrite().clientRequestToken()).isEqualTo(token).hasSize(36);

    registry.commit(Transaction.attempt("late").insert(CARD, "1").insert(MAJOR, "2").build());
    assertThat(client.lastWrite().clientRequestToken()).isNotEqualTo(token);
    registry.commit(Transaction.attempt("later").insert(CARD, "1").insert(MAJOR, "1").build());
    assertThat(client.lastWrite().clientRequestToken()).isNotEqualTo(token);
    DynamoRegistry.over(client, LocalDynamo.newTable(real)).commit(INSERT);
    assertThat(client.lastWrite().clientRequestToken()).isNotEqualTo(token);
  }

  @Test
  void theErrorOfARejectedCommitDoesNotContainTheTextOfAws() {
    client.thenReject(Answers.rejected(400, "AccessDeniedException"));

    BackendException failure = failureOfCommit();

    assertThat(failure.retryable()).isFalse();
    assertThat(failure)
        .hasMessageContainingAll("AccessDeniedException", "400", "R1", "Nothing was committed")
        .hasMessageNotContaining(Answers.SECRET);
  }

  @ParameterizedTest
  @MethodSource("uncertainResponses")
  void anAttemptThatCannotBeResolvedIsUnknown(RuntimeException answer) {
    client.thenReject(answer).thenDeliverAndFail(answer);

    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void anAttemptWhoseTransactionIsRunningIsUnknown() {
    client.thenReject(Answers.transactionConflict());

    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void failedReadsReportWhetherARetryMaySucceed() {
    for (RuntimeException passing :
        List.of(
            Answers.timeout(),
            Answers.reset(),
            Answers.noConnection(),
            Answers.rejected(500, "InternalServerError"),
            Answers.rejected(400, "ThrottlingException"))) {
      assertReadFails(passing, true);
    }
    assertReadFails(Answers.rejected(400, "AccessDeniedException"), false);
    assertReadFails(new IllegalStateException(Answers.SECRET), false);
  }

  @Test
  void anInterruptedThreadCommitsNothingAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try {
      BackendException failure = failureOfCommit();

      assertThat(failure.errorCode()).isEqualTo(ErrorCode.INTERRUPTED);
      assertThatThrownBy(() -> registry.read(CARD))
          .isInstanceOfSatisfying(
              BackendException.class,
              read -> assertThat(read.errorCode()).isEqualTo(ErrorCode.INTERRUPTED));
      assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertNothingWasWritten();
  }

  @Test
  void theInsertOfTheAttemptsRowChecksThatItIsAbsent() {
    Key own = new Key("commerce", Registry.ATTEMPT_PREFIX + "late");

    assertThat(
            registry.commit(
                Transaction.attempt("late").insert(CARD, "1").check(own, "another").build()))
        .isEqualTo(Outcome.conflict(List.of(own)));
    assertThat(
            registry.commit(Transaction.attempt("late").checkAbsent(own).insert(CARD, "1").build()))
        .isEqualTo(Outcome.COMMITTED);
    assertThat(
            registry.commit(
                Transaction.attempt("late").insert(CARD, "1").check(own, "another").build()))
        .isEqualTo(Outcome.COMMITTED);
  }

  private BackendException failureOfCommit() {
    return catchThrowableOfType(BackendException.class, () -> registry.commit(INSERT));
  }

  private void assertReadFails(RuntimeException answer, boolean retryable) {
    client.thenReject(answer).thenReject(answer);
    for (BackendException failure :
        List.of(
            catchThrowableOfType(BackendException.class, () -> registry.read(CARD)),
            catchThrowableOfType(
                BackendException.class, () -> registry.list("commerce", "", null)))) {
      assertThat(failure.retryable()).as("%s", answer).isEqualTo(retryable);
      assertThat(failure).hasMessageNotContaining(Answers.SECRET).hasMessageContaining("mesh-");
    }
  }

  private void assertNothingWasWritten() {
    assertThat(registry.read(CARD)).isEmpty();
    assertThat(registry.read(MAJOR)).isEmpty();
  }

  private void assertBothWereWritten() {
    assertThat(registry.read(CARD)).contains(new Document(CARD, "1", "late"));
    assertThat(registry.read(MAJOR)).contains(new Document(MAJOR, "1", "late"));
  }
}
