package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Status;
import io.meshwork.registry.Registry.Transaction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Other processes that use the file: killed, holding its lock, or failing in the middle of a
 * commit.
 */
class SqliteProcessesTest {
  private static final Key COUNTER = new Key("commerce", "counter");

  @TempDir private Path folder;

  @Test
  void noReportedCommitIsMissingAfterAProcessIsKilled() throws Exception {
    long seed = 20_261_120L;
    Random random = new Random(seed);
    int acknowledged = 0;
    for (int round = 0; round < 5; round++) {
      int acksBeforeDeath = 1 + random.nextInt(60);
      Process child = start(List.of(), CommittingChild.class);
      try (BufferedReader output = outputOf(child)) {
        for (int i = 0; i < acksBeforeDeath; i++) {
          acknowledged = Integer.parseInt(output.readLine());
        }
        // Process.destroyForcibly would close the pipe and lose the last lines.
        child.toHandle().destroyForcibly();
        for (String line; (line = wholeLine(output)) != null; ) {
          acknowledged = Integer.parseInt(line);
        }
        child.waitFor();
      }

      try (Registry registry = SqliteRegistry.open(file())) {
        int counted = Integer.parseInt(registry.read(COUNTER).orElseThrow().json());
        assertThat(counted)
            .as("seed %s, round %s: one commit may have no printed line", seed, round)
            .isBetween(acknowledged, acknowledged + 1);
        for (int n = 1; n <= acknowledged; n++) {
          assertThat(registry.resolve("commerce", "attempt-" + n)).isEqualTo(Outcome.COMMITTED);
        }
        acknowledged = counted;
      }
      assertIntegrity();
    }
  }

  @Test
  void aTurnOfAnotherProcessIsAwaitedForALimitedTimeAndEndsWithTheProcess() throws Exception {
    try (Registry registry = SqliteRegistry.open(file())) {
      assertThat(registry.awaitTurn("sales", false, Duration.ofDays(1)))
          .as("no process had to wait so far")
          .isSameAs(Registry.NO_TURN);
      Process child = start(List.of(), TurnChild.class);
      try (BufferedReader output = outputOf(child)) {
        assertThat(output.readLine()).isEqualTo("turn");
        assertThat(registry.awaitTurn("commerce", true, Duration.ofMillis(50)))
            .isSameAs(Registry.NO_TURN);
        registry.awaitTurn("other", true, Duration.ofDays(1)).run();
      } finally {
        child.destroyForcibly();
      }

      Runnable end = registry.awaitTurn("sales", true, Duration.ofDays(1));
      assertThat(end).isNotSameAs(Registry.NO_TURN);
      end.run();
      end = registry.awaitTurn("sales", false, Duration.ofDays(1));
      assertThat(end).as("processes took turns before").isNotSameAs(Registry.NO_TURN);
      end.run();
    }
  }

  /** Takes the turn of two partitions until it is killed. */
  static final class TurnChild {
    public static void main(String[] arguments) throws Exception {
      try (Registry registry = SqliteRegistry.open(Path.of(arguments[0]))) {
        Runnable commerce = registry.awaitTurn("commerce", true, Duration.ofDays(1));
        Runnable sales = registry.awaitTurn("sales", true, Duration.ofDays(1));
        System.out.println(commerce == sales ? "none" : "turn");
        System.in.readAllBytes();
        sales.run();
        commerce.run();
      }
    }
  }

  @Test
  void aLockThatIsHeldTooLongIsARetryableError() throws Exception {
    try (Registry registry = SqliteRegistry.open(file(), Duration.ofMillis(50))) {
      registry.commit(Transaction.attempt("a").insert(COUNTER, "1").build());
      Transaction second = Transaction.attempt("b").replace(COUNTER, "2", "a").build();
      Process child = start(List.of(), LockingChild.class);
      try (BufferedReader output = outputOf(child)) {
        assertThat(output.readLine()).isEqualTo("locked");

        assertThatThrownBy(() -> registry.commit(second))
            .isInstanceOfSatisfying(
                BackendException.class, busy -> assertThat(busy.retryable()).isTrue())
            .hasMessageContainingAll(file().toString(), "Nothing was committed");
        assertThat(registry.resolve("commerce", "c")).isEqualTo(Outcome.UNKNOWN);
        assertThat(registry.read(COUNTER))
            .as("readers do not wait for a writer")
            .contains(new Document(COUNTER, "1", "a"));

        child.getOutputStream().close();
        child.waitFor();
      }
      assertThat(registry.commit(second)).isEqualTo(Outcome.COMMITTED);
    }
  }

  /** A limit on the size of files simulates a full disk: writing at COMMIT fails. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aCommitThatFailsAtItsEndIsUnknownAndIsResolved() throws Exception {
    SqliteRegistry.open(file()).close();
    Process child =
        start(List.of("/bin/sh", "-c", "ulimit -f 16384; exec \"$@\"", "sh"), GrowingChild.class);
    List<String> lines = new ArrayList<>();
    try (BufferedReader output = outputOf(child)) {
      output.lines().forEach(lines::add);
    }
    child.waitFor();

    assertThat(lines.get(lines.size() - 1)).matches("\\d+ UNKNOWN");
    int committed = lines.size() - 1;
    assertThat(committed).isPositive();
    try (Registry registry = SqliteRegistry.open(file())) {
      for (int n = 0; n < committed; n++) {
        assertThat(lines.get(n)).isEqualTo(n + " COMMITTED");
        assertThat(registry.resolve("commerce", "attempt-" + n)).isEqualTo(Outcome.COMMITTED);
      }
      Outcome end = registry.resolve("commerce", "attempt-" + committed);
      assertThat(end.status()).isIn(Status.COMMITTED, Status.ABORTED);
      assertThat(registry.commit(GrowingChild.transaction(committed))).isEqualTo(end);
      assertThat(registry.read(GrowingChild.key(committed)).isPresent())
          .isEqualTo(end.equals(Outcome.COMMITTED));
      assertThat(registry.commit(GrowingChild.transaction(committed + 1)))
          .isEqualTo(Outcome.COMMITTED);
    }
    assertIntegrity();
  }

  /** Counts endlessly and prints each number after its commit. */
  static final class CommittingChild {
    public static void main(String[] arguments) {
      try (Registry registry = SqliteRegistry.open(Path.of(arguments[0]))) {
        while (true) {
          String base = registry.read(COUNTER).map(Document::version).orElse(Transaction.ABSENT);
          int next = registry.read(COUNTER).map(d -> Integer.parseInt(d.json())).orElse(0) + 1;
          Outcome outcome =
              registry.commit(
                  Transaction.attempt("attempt-" + next)
                      .replace(COUNTER, Integer.toString(next), base)
                      .build());
          if (!outcome.equals(Outcome.COMMITTED)) {
            throw new IllegalStateException(outcome.toString());
          }
          System.out.println(next);
        }
      }
    }
  }

  /** Holds the writer's lock until its input ends. */
  static final class LockingChild {
    public static void main(String[] arguments) throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]);
          Statement statement = connection.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        System.out.println("locked");
        System.in.readAllBytes();
        statement.execute("ROLLBACK");
      }
    }
  }

  /** Commits documents until a commit fails. */
  static final class GrowingChild {
    public static void main(String[] arguments) {
      try (Registry registry = SqliteRegistry.open(Path.of(arguments[0]))) {
        Status status = Status.COMMITTED;
        for (int n = 0; status == Status.COMMITTED; n++) {
          status = registry.commit(transaction(n)).status();
          System.out.println(n + " " + status);
        }
      }
    }

    static Transaction transaction(int n) {
      return Transaction.attempt("attempt-" + n)
          .insert(key(n), "\"" + "x".repeat(200_000) + "\"")
          .build();
    }

    static Key key(int n) {
      return new Key("commerce", "large/" + n);
    }
  }

  private Process start(List<String> before, Class<?> program) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            file().toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static BufferedReader outputOf(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Reads a complete line; ignores one without its end. */
  private static String wholeLine(BufferedReader output) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c; (c = output.read()) >= 0; ) {
      if (c == '\n') {
        return line.toString();
      }
      line.append((char) c);
    }
    return null;
  }

  private void assertIntegrity() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA integrity_check").getString(1)).isEqualTo("ok");
    }
  }

  private Path file() {
    return folder.resolve("registry").resolve("mesh.db");
  }
}
