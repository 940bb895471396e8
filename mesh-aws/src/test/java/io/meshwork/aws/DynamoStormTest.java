package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Writers whose requests are lost, delayed, throttled and delivered again, all at random. */
@Timeout(120)
class DynamoStormTest {
  private static final long SEED = 20_261_120L;
  private static final int WRITERS = 3;
  private static final int INCREMENTS = 40;
  private static final Key COUNTER = new Key("commerce", "counter");

  @Test
  void noIncrementIsLostOrRepeatedForAnyResponse() throws Exception {
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
   * Counts as a careful caller does: it settles each doubt, and tries again when nothing was done.
   */
  private static final class Writer {
    private final String name;
    private final Random random;
    private final FaultyClient client;
    private final Registry registry;
    private int attempts;
    private int aborted;
    private boolean mayComeAgain;

    Writer(int number, DynamoDbClient real, String table) {
      name = "writer-" + number;
      random = new Random(SEED + number);
      client = new FaultyClient(real);
      registry = DynamoRegistry.over(client, table);
    }

    /** How many attempts were fenced until everything was counted. */
    int count() {
      for (int done = 0; done < INCREMENTS; ) {
        if (increment().equals(Outcome.COMMITTED)) {
          done++;
        }
        if (mayComeAgain && random.nextInt(4) == 0) {
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
      } catch (BackendException nothingWasDone) {
        return Outcome.ABORTED;
      }
    }

    /** A cancelled transaction was answered, so its one delivery is over; all others may return. */
    private void fault() {
      mayComeAgain = true;
      switch (random.nextInt(12)) {
        case 0 -> client.thenRefuse(Answers.timeOut());
        case 1 -> client.thenDoAndAnswer(Answers.timeOut());
        case 2 -> client.thenDoAndAnswer(Answers.refused(500, "InternalServerError"));
        case 3 -> {
          client.thenRefuse(Answers.cancelled("None", "TransactionConflict"));
          mayComeAgain = false;
        }
        case 4 -> client.thenDoAndAnswer(Answers.cancelled("None", "ConditionalCheckFailed"));
        case 5 -> client.thenRefuse(Answers.refused(400, "ThrottlingException"));
        case 6 -> client.thenDoAndAnswer(Answers.refused(400, "ThrottlingException"));
        case 7 -> client.thenRefuse(Answers.timeOut()).thenRefuse(Answers.itemInTransaction());
        case 8 -> client.thenDoAndAnswer(Answers.reset()).thenRefuse(Answers.timeOut());
        default -> {}
      }
    }

    private void deliverAgain() {
      try {
        client.deliverLastWriteAgain();
      } catch (AwsServiceException refused) {
        assertThat(refused.statusCode()).isEqualTo(400);
      }
    }
  }
}
