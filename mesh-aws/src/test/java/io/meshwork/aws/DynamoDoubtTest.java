package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
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

/** What AWS answers now and then and DynamoDB Local never does; each end is an honest one. */
class DynamoDoubtTest {
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
    real.close();
  }

  @BeforeEach
  void open() {
    client = new FaultyClient(real);
    registry = DynamoRegistry.over(client, LocalDynamo.newTable(real));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
  void aConcurrentOrThrottledTransactionMayBeRetriedUnderItsId(String reason) {
    client.thenRefuse(Answers.cancelled("None", "None", reason));

    BackendException failure = failureOfCommit();

    assertThat(failure.retryable()).isTrue();
    assertThat(failure).hasMessageContainingAll(reason, "Nothing was committed", "R1");
    assertNothingIsThere();
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void aKeyInAnotherTransactionIsNoConflictAndADifferentVersionIs() {
    client.thenRefuse(Answers.cancelled("None", "TransactionConflict", "ConditionalCheckFailed"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.conflict(List.of(MAJOR)));
  }

  @Test
  void aPermanentReasonIsNotRetryable() {
    client.thenRefuse(Answers.cancelled("None", "ValidationError", "TransactionConflict"));

    BackendException failure = failureOfCommit();

    assertThat(failure.retryable()).isFalse();
    assertThat(failure).hasMessageContaining("ValidationError");
    assertNothingIsThere();
  }

  @Test
  void aSecondDeliveryThatSeesItsOwnSuccessAsAConflictIsCommitted() {
    client.thenDoAndAnswer(
        Answers.cancelled("None", "ConditionalCheckFailed", "ConditionalCheckFailed"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    assertBothAreThere();
  }

  @Test
  void aSecondDeliveryThatIsThrottledAfterASuccessIsCommitted() {
    client.thenDoAndAnswer(Answers.cancelled("None", "ThrottlingError", "None"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    assertBothAreThere();
  }

  @Test
  void aCancelledTransactionWhoseOwnRowCannotBeReadIsUnknown() {
    client
        .thenRefuse(Answers.cancelled("None", "ConditionalCheckFailed", "None"))
        .thenRefuse(Answers.reset());

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void anAttemptRowThatDisappearedIsUnknown() {
    client.thenRefuse(Answers.cancelled("ConditionalCheckFailed", "None", "None"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded"
      })
  void aThrottledRequestIsFencedBeforeNothingWasDoneIsSaid(String code) {
    client.thenRefuse(Answers.refused(400, code));

    assertThat(failureOfCommit().retryable()).isTrue();

    assertThatThrownBy(() -> client.deliverLastWriteAgain())
        .as("another delivery that was still under way")
        .isInstanceOf(TransactionCanceledException.class);
    assertNothingIsThere();
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void aThrottledDeliveryOfACommittedAttemptIsCommitted() {
    client.thenDoAndAnswer(Answers.refused(400, "ThrottlingException"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    assertBothAreThere();
  }

  @Test
  void aThrottledRequestThatCannotBeFencedIsUnknown() {
    client
        .thenRefuse(Answers.refused(400, "ThrottlingException"))
        .thenRefuse(Answers.refused(400, "ThrottlingException"));

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
  }

  static Stream<RuntimeException> doubtfulAnswers() {
    return Stream.of(
        Answers.timeOut(),
        Answers.reset(),
        Answers.noConnection(),
        Answers.inProgress(),
        Answers.refused(408, "RequestTimeoutException"),
        Answers.refused(500, "InternalServerError"),
        Answers.refused(503, "ServiceUnavailable"),
        new IllegalStateException(Answers.SECRET));
  }

  @ParameterizedTest
  @MethodSource("doubtfulAnswers")
  void anUncertainResponseAfterSuccessIsUnknownAndResolvesToCommitted(RuntimeException answer) {
    client.thenDoAndAnswer(answer);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.COMMITTED);
    assertBothAreThere();
  }

  @ParameterizedTest
  @MethodSource("doubtfulAnswers")
  void anUncertainResponseBeforeSuccessIsFencedAndNeverCommits(RuntimeException answer) {
    client.thenRefuse(answer);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);

    assertThatThrownBy(() -> client.deliverLastWriteAgain())
        .isInstanceOf(TransactionCanceledException.class);
    assertNothingIsThere();
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
  void aReusedTokenIsResolvedByTheRowOfTheAttempt() {
    client.thenRefuse(Answers.otherContent());
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.UNKNOWN);

    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
    client.thenRefuse(Answers.otherContent());
    assertThat(registry.commit(INSERT)).isEqualTo(Outcome.COMMITTED);
  }

  @Test
  void theTokenCoversTableIdAndContentWithinTheLengthLimit() {
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
  void aRejectedCommitIsReportedWithoutTheTextOfAws() {
    client.thenRefuse(Answers.refused(400, "AccessDeniedException"));

    BackendException failure = failureOfCommit();

    assertThat(failure.retryable()).isFalse();
    assertThat(failure)
        .hasMessageContainingAll("AccessDeniedException", "400", "R1", "Nothing was committed")
        .hasMessageNotContaining(Answers.SECRET);
  }

  @ParameterizedTest
  @MethodSource("doubtfulAnswers")
  void anUnresolvedAttemptIsRetried(RuntimeException answer) {
    client.thenRefuse(answer).thenDoAndAnswer(answer);

    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void anAttemptInProgressIsRetried() {
    client.thenRefuse(Answers.itemInTransaction());

    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.UNKNOWN);
    assertThat(registry.resolve("commerce", "late")).isEqualTo(Outcome.ABORTED);
  }

  @Test
  void failedReadsReportWhetherTheyAreRetryable() {
    for (RuntimeException passing :
        List.of(
            Answers.timeOut(),
            Answers.reset(),
            Answers.noConnection(),
            Answers.refused(500, "InternalServerError"),
            Answers.refused(400, "ThrottlingException"))) {
      assertReadFails(passing, true);
    }
    assertReadFails(Answers.refused(400, "AccessDeniedException"), false);
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
    assertNothingIsThere();
  }

  @Test
  void aCheckOfTheOwnRowIsPartOfInsertingIt() {
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
    client.thenRefuse(answer).thenRefuse(answer);
    for (BackendException failure :
        List.of(
            catchThrowableOfType(BackendException.class, () -> registry.read(CARD)),
            catchThrowableOfType(
                BackendException.class, () -> registry.list("commerce", "", null)))) {
      assertThat(failure.retryable()).as("%s", answer).isEqualTo(retryable);
      assertThat(failure).hasMessageNotContaining(Answers.SECRET).hasMessageContaining("mesh-");
    }
  }

  private void assertNothingIsThere() {
    assertThat(registry.read(CARD)).isEmpty();
    assertThat(registry.read(MAJOR)).isEmpty();
  }

  private void assertBothAreThere() {
    assertThat(registry.read(CARD)).contains(new Document(CARD, "1", "late"));
    assertThat(registry.read(MAJOR)).contains(new Document(MAJOR, "1", "late"));
  }
}
