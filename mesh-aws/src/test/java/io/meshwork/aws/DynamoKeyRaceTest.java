package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Two meshes with separate registry objects publish the same keys to one DynamoDB table. */
@Timeout(180)
class DynamoKeyRaceTest {
  private static final String ACCOUNTS = "lab/accounts";
  private static final int ROUNDS = 4;
  private static final int ROWS = 20;

  @TempDir private Path folder;

  record Account(long number, String openedBy) {}

  @Test
  void exactlyOneOfTwoRegistriesSucceedsInEachRound() throws Exception {
    try (DynamoDbClient first = LocalDynamo.client();
        DynamoDbClient second = LocalDynamo.client()) {
      String table = LocalDynamo.newTable(first);
      try (Mesh one = mesh(first, table);
          Mesh two = mesh(second, table)) {
        lab(one).registerDomain("lab").owner("lab@example.org").commit();
        lab(one)
            .defineProduct(ACCOUNTS)
            .contract(Contract.of(Account.class).primaryKey("number"))
            .commit();
        for (int round = 0; round < ROUNDS; round++) {
          assertThat(race(one, two, round))
              .containsExactlyInAnyOrder("won", "rejected by primaryKey");
        }
        assertThat(numbers(lab(two))).doesNotHaveDuplicates().hasSize(ROUNDS * ROWS);
        assertThat(two.doctor().problems()).isEmpty();
      }
    }
  }

  private Mesh mesh(DynamoDbClient client, String table) {
    return Mesh.builder(DynamoRegistry.over(client, table), new LocalFileIO(), folder.toString())
        .open();
  }

  private static MeshClient lab(Mesh mesh) {
    return mesh.clientAs(Principal.of("lab", "etl"));
  }

  /** Lets both check their rows before either commits. */
  private static List<String> race(Mesh one, Mesh two, int round) throws Exception {
    CyclicBarrier checked = new CyclicBarrier(2);
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      List<Callable<String>> publishers =
          List.of(
              () -> publish(lab(one), "one", round, checked),
              () -> publish(lab(two), "two", round, checked));
      List<String> results = new ArrayList<>();
      for (Future<String> result : executor.invokeAll(publishers)) {
        results.add(result.get());
      }
      return results;
    } finally {
      executor.shutdownNow();
    }
  }

  private static String publish(MeshClient lab, String name, int round, CyclicBarrier checked) {
    List<Account> rows = new ArrayList<>();
    for (long number = 0; number < ROWS; number++) {
      rows.add(new Account((long) round * ROWS + number, name));
    }
    try {
      lab.publish(ACCOUNTS)
          .records(rows)
          .onProgress(
              (phase, done, total) -> {
                if (phase.equals("commit") && done == 0) {
                  await(checked);
                }
              })
          .commit();
      return "won";
    } catch (ContractViolationException rejected) {
      return "rejected by " + rejected.findings().get(0).where();
    }
  }

  private static void await(CyclicBarrier checked) {
    try {
      checked.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Long> numbers(MeshClient lab) {
    List<Long> numbers = new ArrayList<>();
    try (Rows<Account> rows = lab.read(ACCOUNTS).as(Account.class).rows()) {
      rows.forEach(row -> numbers.add(row.number()));
    }
    return numbers;
  }
}
