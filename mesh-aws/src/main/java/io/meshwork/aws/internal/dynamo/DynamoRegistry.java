package io.meshwork.aws.internal.dynamo;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The registry in one DynamoDB table, for any number of threads, processes and hosts.
 *
 * <p>Requests: a read, a page, a successful commit and a resolve take one each; a commit that
 * DynamoDB cancels takes one more to read its attempt's row, unless the response contains the row.
 * A request ends within {@link DynamoTimeouts}, and its signature expires within minutes.
 *
 * <p>The SDK may retry reads and resolves, which are idempotent. It never retries a commit, so the
 * response belongs to its only delivery. A second delivery, by a network or the caller, is
 * recognized by its token for ten minutes, and by its attempt's row for as long as the row exists.
 * A throttled request may be rejected before its token is checked, while another delivery is still
 * running. Therefore the attempt is fenced before the commit reports that nothing was committed,
 * and a retry needs a new attempt ID.
 *
 * <p>Its {@link #time} is taken from DynamoDB's responses, by which hosts with wrong clocks are
 * detected.
 *
 * <p>A key that another transaction is writing (TransactionConflict) may or may not have the
 * expected version, so it is not reported as a conflict: if there is no other conflict, the commit
 * throws a retryable {@link BackendException}.
 */
public final class DynamoRegistry implements Registry {
  private static final Logger LOG = LoggerFactory.getLogger(DynamoRegistry.class);
  private static final String CONDITION_FAILED = "ConditionalCheckFailed";

  private final DynamoDbClient client;
  private final DynamoRequests requests;
  private final DynamoFailure failure;
  private final DynamoClock clock = new DynamoClock(System::nanoTime);
  private volatile boolean closed;

  private DynamoRegistry(
      DynamoDbClient client, String table, DynamoTimeouts timeouts, DynamoFailure failure) {
    this.client = client;
    requests = new DynamoRequests(table, timeouts);
    this.failure = failure;
  }

  /**
   * Returns the registry in this table, which {@code DynamoTable} created. Sends no request.
   *
   * @param client the caller's client, which the registry does not close; its timeouts, and its
   *     retries of commits, are not used
   */
  public static DynamoRegistry over(DynamoDbClient client, String table) {
    return over(client, table, DynamoTimeouts.STANDARD);
  }

  /** Returns the registry in this table with other timeouts. */
  public static DynamoRegistry over(DynamoDbClient client, String table, DynamoTimeouts timeouts) {
    return new DynamoRegistry(client, table, timeouts, new DynamoFailure(table));
  }

  /**
   * Returns the registry in this table for a caller.
   *
   * @param arn the ARN of the table, by which messages name it
   * @param caller who sends the requests
   */
  public static DynamoRegistry over(
      DynamoDbClient client,
      String table,
      String arn,
      RegistryCaller caller,
      DynamoTimeouts timeouts) {
    return new DynamoRegistry(client, table, timeouts, new DynamoFailure(table, caller, arn));
  }

  @Override
  public Optional<Document> read(Key key) {
    MeshAction action = MeshAction.of(Verb.READ, "a document of");
    requireReady(action);
    try {
      return find(key);
    } catch (RuntimeException e) {
      throw failure.of(action, e);
    }
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    MeshAction action = MeshAction.of(Verb.LIST, "documents of");
    requireReady(action);
    try {
      QueryResponse response =
          timed(() -> client.query(requests.page(partition, sortPrefix, cursor)));
      List<Document> documents = new ArrayList<>();
      for (Map<String, AttributeValue> item : response.items()) {
        documents.add(requests.document(item));
      }
      return new Page(documents, DynamoRequests.nextCursor(response));
    } catch (RuntimeException e) {
      throw failure.of(action, e);
    }
  }

  /** Returns the partitions, by a scan of the whole table. */
  @Override
  public SortedSet<String> partitions() {
    MeshAction action = MeshAction.of(Verb.LIST, "the partitions of");
    requireReady(action);
    SortedSet<String> names = new TreeSet<>();
    try {
      ScanResponse page;
      Map<String, AttributeValue> last = Map.of();
      do {
        Map<String, AttributeValue> start = last;
        page = timed(() -> client.scan(requests.partitions(start)));
        page.items().forEach(item -> names.add(requests.partition(item)));
        last = page.lastEvaluatedKey();
      } while (page.hasLastEvaluatedKey() && !last.isEmpty());
    } catch (RuntimeException e) {
      throw failure.of(action, e);
    }
    return Collections.unmodifiableSortedSet(names);
  }

  @Override
  public Outcome commit(Transaction transaction) {
    MeshAction action = MeshAction.of(Verb.COMMIT);
    requireReady(action);
    DynamoCommit commit = DynamoCommit.of(transaction);
    if (commit.contradictsItself()) {
      return read(commit.attempt())
          .map(DynamoRegistry::outcomeOf)
          .orElseGet(() -> Outcome.conflict(List.of(commit.attempt())));
    }
    try {
      timed(() -> client.transactWriteItems(requests.write(commit)));
      return Outcome.COMMITTED;
    } catch (TransactionCanceledException e) {
      return cancelled(action, commit, e);
    } catch (IdempotentParameterMismatchException e) {
      return settled(commit.attempt(), null, e).orElseGet(() -> unknown(commit.attempt(), e));
    } catch (RuntimeException e) {
      if (!DynamoFailure.isUnsent(e) && DynamoFailure.isThrottled(e)) {
        return throttled(action, transaction, e);
      }
      if (DynamoFailure.isUnsent(e) || DynamoFailure.isRejected(e)) {
        throw failure.ofCommit(action, transaction, e);
      }
      return unknown(commit.attempt(), e);
    }
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    requireOpen(MeshAction.of(Verb.RESOLVE, "an attempt of"));
    Key attempt = DynamoCommit.attemptKey(partition, attemptId);
    if (Thread.currentThread().isInterrupted()) {
      return Outcome.UNKNOWN;
    }
    try {
      timed(() -> client.putItem(requests.fence(attempt, attemptId)));
      return Outcome.ABORTED;
    } catch (ConditionalCheckFailedException e) {
      return settled(attempt, e.hasItem() ? e.item() : null, e)
          .orElseGet(() -> unknown(attempt, e));
    } catch (RuntimeException e) {
      return unknown(attempt, e);
    }
  }

  /** Returns DynamoDB's time, from its responses; sends no request. */
  @Override
  public Optional<Instant> time() {
    return clock.time();
  }

  @Override
  public void close() {
    closed = true;
  }

  /**
   * Sends a request, and reads the time from the response. One that was denied did nothing: it is
   * sent again if the caller has its own role now.
   */
  private <R extends DynamoDbResponse> R timed(Supplier<R> request) {
    try {
      return sent(request);
    } catch (AwsServiceException e) {
      if (DynamoFailure.isUnsent(e) || !failure.mayRepeat(e)) {
        throw e;
      }
      return sent(request);
    }
  }

  private <R extends DynamoDbResponse> R sent(Supplier<R> request) {
    try {
      R response = request.get();
      clock.read(response.sdkHttpResponse());
      return response;
    } catch (AwsServiceException e) {
      AwsErrorDetails details = e.awsErrorDetails();
      clock.read(details == null ? null : details.sdkHttpResponse());
      throw e;
    }
  }

  /**
   * Determines the outcome of a cancelled commit. This request wrote nothing, but an earlier
   * delivery of the same attempt may have written everything, and then every condition fails.
   * Therefore the attempt's row is read first.
   */
  private Outcome cancelled(
      MeshAction action, DynamoCommit commit, TransactionCanceledException e) {
    List<CancellationReason> reasons = e.cancellationReasons();
    boolean rowExists = !reasons.isEmpty() && failed(reasons.get(0));
    Map<String, AttributeValue> row =
        rowExists && reasons.get(0).hasItem() ? reasons.get(0).item() : null;
    Optional<Outcome> settled = settled(commit.attempt(), row, e);
    if (settled.isPresent()) {
      return settled.get();
    }
    if (rowExists) {
      return unknown(commit.attempt(), e);
    }
    List<Key> conflicts = new ArrayList<>();
    for (int i = 1; i < reasons.size(); i++) {
      if (failed(reasons.get(i))) {
        conflicts.add(commit.actions().get(i - 1).key());
      }
    }
    if (!conflicts.isEmpty()) {
      return Outcome.conflict(conflicts);
    }
    throw failure.cancelled(action, e);
  }

  private Outcome throttled(MeshAction action, Transaction transaction, RuntimeException e) {
    Outcome outcome = resolve(transaction.partition(), transaction.attemptId());
    if (outcome.status() == Status.ABORTED) {
      throw failure.of(action, e);
    }
    return outcome;
  }

  /** Returns the attempt's outcome, from its row in the response or in the table. */
  private Optional<Outcome> settled(
      Key attempt, @Nullable Map<String, AttributeValue> row, RuntimeException response) {
    try {
      return (row == null ? find(attempt) : Optional.of(requests.document(row)))
          .map(DynamoRegistry::outcomeOf);
    } catch (RuntimeException e) {
      e.addSuppressed(response);
      return Optional.of(unknown(attempt, e));
    }
  }

  private Optional<Document> find(Key key) {
    GetItemResponse response = timed(() -> client.getItem(requests.read(key)));
    return response.hasItem() ? Optional.of(requests.document(response.item())) : Optional.empty();
  }

  private Outcome unknown(Key attempt, RuntimeException cause) {
    if (cause instanceof AbortedException) {
      Thread.currentThread().interrupt();
    }
    LOG.warn("The outcome of attempt {} is unknown: {}.", attempt, AwsFailure.describe(cause));
    return Outcome.UNKNOWN;
  }

  private void requireReady(MeshAction action) {
    requireOpen(action);
    if (Thread.currentThread().isInterrupted()) {
      throw Deadline.interrupted(failure.onTable(action), null);
    }
  }

  private void requireOpen(MeshAction action) {
    if (closed) {
      throw Failure.of(failure.onTable(action))
          .because("it was closed")
          .state("No request was sent.")
          .fix("Open it again.")
          .invalidRequest(ErrorCode.CLOSED);
    }
  }

  private static boolean failed(CancellationReason reason) {
    return CONDITION_FAILED.equals(reason.code());
  }

  private static Outcome outcomeOf(Document attempt) {
    return attempt.json().equals(ATTEMPT_COMMITTED) ? Outcome.COMMITTED : Outcome.ABORTED;
  }
}
