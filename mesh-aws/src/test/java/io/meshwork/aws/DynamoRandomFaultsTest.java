package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.client.Answers;
import io.meshwork.aws.client.FaultyClient;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.error.BackendException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Page;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Writers whose requests are lost, delayed, throttled and redelivered at random. */
@Timeout(120)
class DynamoRandomFaultsTest {
  private static final long SEED = 20_261_120L;
  private static final int WRITERS = 3;
  private static final int INCREMENTS = 40;
  private static final Key COUNTER = new Key("commerce", "counter");

  @Test
  void noIncrementIsLostOrRepeated() throws Exception {
    try (DynamoDbClient real = LocalDynamo.client()) {
      String table = LocalDynamo.newTable(real);
      List<Callable<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Writer writer = new Writer(i, real, table);
        writers.add(writer::count);
      }
      int aborted = 0;
      ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
      try {
        for (Future<Integer> writer : executor.invokeAll(writers)) {
          aborted += writer.get();
        }
      } finally {
        executor.shutdownNow();
      }

      Registry registry = DynamoRegistry.over(real, table);
      assertThat(registry.read(COUNTER))
          .as("seed %s", SEED)
          .map(Document::json)
          .contains(Integer.toString(WRITERS * INCREMENTS));
      assertThat(committedAttempts(registry)).as("seed %s", SEED).isEqualTo(WRITERS * INCREMENTS);
      assertThat(aborted).as("attempts that were fenced").isPositive();
    }
  }

  private static long committedAttempts(Registry registry) {
    long committed = 0;
    String cursor = null;
    do {
      Page page = registry.list("commerce", Registry.ATTEMPT_PREFIX, cursor);
      committed +=
          page.documents().stream()
              .filter(row -> row.json().equals(Registry.ATTEMPT_COMMITTED))
              .count();
      cursor = page.nextCursor();
    } while (cursor != null);
    return committed;
  }

  /**
   * Increments as a caller must: resolves each unknown outcome, and retries when nothing was
   * committed.
   */
  private static final class Writer {
    private final String name;
    private final Random random;
    private final FaultyClient client;
    private final Registry registry;
    private int attempts;
    private int aborted;
    private boolean mayBeRedelivered;

    Writer(int number, DynamoDbClient real, String table) {
      name = "writer-" + number;
      random = new Random(SEED + number);
      client = new FaultyClient(real);
      registry = DynamoRegistry.over(client, table);
    }

    /** Increments the counter and returns how many attempts were fenced. */
    int count() {
      for (int done = 0; done < INCREMENTS; ) {
        if (increment().equals(Outcome.COMMITTED)) {
          done++;
        }
        if (mayBeRedelivered && random.nextInt(4) == 0) {
          deliverAgain();
        }
      }
      return aborted;
    }

    private Outcome increment() {
      Optional<Document> base = registry.read(COUNTER);
      int next = base.map(document -> Integer.parseInt(document.json())).orElse(0) + 1;
      Transaction transaction =
          Transaction.attempt(name + "-" + attempts++)
              .replace(
                  COUNTER,
                  Integer.toString(next),
                  base.map(Document::version).orElse(Transaction.ABSENT))
              .build();
      try {
        fault();
        Outcome outcome = registry.commit(transaction);
        while (outcome.status() == Status.UNKNOWN) {
          outcome = registry.resolve("commerce", transaction.attemptId());
        }
        aborted += outcome.status() == Status.ABORTED ? 1 : 0;
        return outcome;
      } catch (BackendException nothingCommitted) {
        return Outcome.ABORTED;
      }
    }

    /**
     * A cancelled transaction had a response, so its delivery is over; others may be redelivered.
     */
    private void fault() {
      mayBeRedelivered = true;
      switch (random.nextInt(12)) {
        case 0 -> client.thenReject(Answers.timeout());
        case 1 -> client.thenDeliverAndFail(Answers.timeout());
        case 2 -> client.thenDeliverAndFail(Answers.rejected(500, "InternalServerError"));
        case 3 -> {
          client.thenReject(Answers.cancelled("None", "TransactionConflict"));
          mayBeRedelivered = false;
        }
        case 4 -> client.thenDeliverAndFail(Answers.cancelled("None", "ConditionalCheckFailed"));
        case 5 -> client.thenReject(Answers.rejected(400, "ThrottlingException"));
        case 6 -> client.thenDeliverAndFail(Answers.rejected(400, "ThrottlingException"));
        case 7 -> client.thenReject(Answers.timeout()).thenReject(Answers.transactionConflict());
        case 8 -> client.thenDeliverAndFail(Answers.reset()).thenReject(Answers.timeout());
        default -> {}
      }
    }

    private void deliverAgain() {
      try {
        client.deliverLastWriteAgain();
      } catch (AwsServiceException rejected) {
        assertThat(rejected.statusCode()).isEqualTo(400);
      }
    }
  }
}
