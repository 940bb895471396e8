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

/** Two processes publish the same keys to one folder; both check them before either commits. */
class KeyRaceProcessesTest {
  private static final String ACCOUNTS = "lab/accounts";
  private static final int ROUNDS = 5;
  private static final int ROWS = 50;

  @TempDir Path folder;

  record Account(long number, String openedBy) {}

  @Test
  @Timeout(180)
  void exactlyOneOfTwoProcessesSucceedsInEachRound() throws Exception {
    try (Mesh mesh = LocalMesh.builder(folder).open()) {
      MeshClient lab = lab(mesh);
      lab.registerDomain("lab").owner("lab@example.org").commit();
      lab.defineProduct(ACCOUNTS)
          .contract(Contract.of(Account.class).primaryKey("number"))
          .commit();
      try (Publisher one = new Publisher(folder, "one");
          Publisher two = new Publisher(folder, "two")) {
        for (int round = 0; round < ROUNDS; round++) {
          one.send("publish");
          two.send("publish");
          assertThat(one.receive()).isEqualTo("checked " + round);
          assertThat(two.receive()).isEqualTo("checked " + round);
          one.send("commit");
          two.send("commit");

          assertThat(List.of(one.receive(), two.receive()))
              .containsExactlyInAnyOrder("won " + round, "rejected " + round + " by primaryKey");
        }
      }
      assertThat(numbers(lab)).doesNotHaveDuplicates().hasSize(ROUNDS * ROWS);
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  private static MeshClient lab(Mesh mesh) {
    return mesh.clientAs(Principal.of("lab", "etl"));
  }

  private static List<Long> numbers(MeshClient lab) {
    List<Long> numbers = new ArrayList<>();
    try (Rows<Account> rows = lab.read(ACCOUNTS).as(Account.class).rows()) {
      rows.forEach(row -> numbers.add(row.number()));
    }
    return numbers;
  }

  /** A process that publishes on request. */
  private static final class Publisher implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private final Writer input;

    Publisher(Path folder, String name) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
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

    void send(String word) throws IOException {
      input.write(word + "\n");
      input.flush();
    }

    String receive() throws IOException {
      return output.readLine();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Takes folder and name; publishes a range of keys per round, and waits before each commit. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      try (Mesh mesh = LocalMesh.builder(Path.of(arguments[0])).open()) {
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
                    System.out.println("checked " + round);
                    await(input);
                  }
                })
            .commit();
        return "won " + round;
      } catch (ContractViolationException rejected) {
        return "rejected " + round + " by " + rejected.findings().get(0).where();
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
