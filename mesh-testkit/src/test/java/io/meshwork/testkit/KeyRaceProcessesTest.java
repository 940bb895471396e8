package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes publish the same keys to one folder: both have judged before either commits. */
class KeyRaceProcessesTest {
  private static final String ACCOUNTS = "lab/accounts";
  private static final int ROUNDS = 5;
  private static final int ROWS = 50;

  @TempDir Path folder;

  record Account(long number, String openedBy) {}

  @Test
  @Timeout(180)
  void exactlyOneOfTwoProcessesSucceedsInEachRound() throws Exception {
    try (Mesh mesh = LocalMesh.in(folder).open()) {
      MeshClient lab = lab(mesh);
      lab.registerDomain("lab").ownedBy("lab@example.org").commit();
      lab.defineProduct(ACCOUNTS)
          .contract(Contract.of(Account.class).primaryKey("number"))
          .commit();
      try (Publisher one = new Publisher(folder, "one");
          Publisher two = new Publisher(folder, "two")) {
        for (int round = 0; round < ROUNDS; round++) {
          one.say("publish");
          two.say("publish");
          assertThat(one.hear()).isEqualTo("judged " + round);
          assertThat(two.hear()).isEqualTo("judged " + round);
          one.say("commit");
          two.say("commit");

          assertThat(List.of(one.hear(), two.hear()))
              .containsExactlyInAnyOrder("won " + round, "refused " + round + " by primaryKey");
        }
      }
      assertThat(numbers(lab)).doesNotHaveDuplicates().hasSize(ROUNDS * ROWS);
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  private static MeshClient lab(Mesh mesh) {
    return mesh.actingAs(Principal.of("lab", "etl"));
  }

  private static List<Long> numbers(MeshClient lab) {
    List<Long> numbers = new ArrayList<>();
    try (Rows<Account> rows = lab.read(ACCOUNTS).as(Account.class).read()) {
      rows.forEach(row -> numbers.add(row.number()));
    }
    return numbers;
  }

  /** A process that publishes when it is told to. */
  private static final class Publisher implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    Publisher(Path folder, String name) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Child.class.getName(),
                  folder.toString(),
                  name)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      output = process.inputReader(StandardCharsets.UTF_8);
      input = process.outputWriter(StandardCharsets.UTF_8);
    }

    void say(String word) throws IOException {
      input.write(word + "\n");
      input.flush();
    }

    String hear() throws IOException {
      return output.readLine();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Folder and name; publishes a range of keys a round, and waits for a word before the commit. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      try (Mesh mesh = LocalMesh.in(Path.of(arguments[0])).open()) {
        for (int round = 0; input.readLine() != null; round++) {
          System.out.println(publish(lab(mesh), arguments[1], round, input));
        }
      }
    }

    private static String publish(MeshClient lab, String name, int round, BufferedReader input) {
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
                    System.out.println("judged " + round);
                    await(input);
                  }
                })
            .commit();
        return "won " + round;
      } catch (ContractViolationException refused) {
        return "refused " + round + " by " + refused.findings().get(0).where();
      }
    }

    private static void await(BufferedReader input) {
      try {
        input.readLine();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
