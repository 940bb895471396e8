package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a loss of power amid a commit leaves of the registry's file. With a write-ahead log and full
 * sync, which each opening reads back and refuses otherwise, all commits before lie on the disk and
 * of this one any part of the log does. That a checkpoint syncs the log before the file is SQLite's
 * own promise.
 */
class SqlitePowerLossTest {
  private static final Key ONE = new Key("commerce", "one");
  private static final Key OTHER = new Key("commerce", "other");
  private static final int SECTOR = 512;
  private static final int LAST = 4;

  @TempDir private Path folder;
  private byte[] file = {};
  private byte[] log = {};
  private int before;

  /** Four commits that change two documents each, the last of which the power may cut off. */
  private void commitFourTimes() throws Exception {
    Path path = folder.resolve("whole").resolve("registry.db");
    Path logPath = path.resolveSibling("registry.db-wal");
    try (Registry registry = SqliteRegistry.open(path)) {
      for (int commit = 1; commit <= LAST; commit++) {
        before = Files.exists(logPath) ? (int) Files.size(logPath) : 0;
        assertThat(commit(registry, commit)).isEqualTo(Outcome.COMMITTED);
      }
      file = Files.readAllBytes(path);
      log = Files.readAllBytes(logPath);
    }
    assertThat(log.length).as("the log grows").isGreaterThan(before + 4 * SECTOR);
  }

  private static Outcome commit(Registry registry, int number) {
    Transaction.Builder transaction = Transaction.attempt("attempt-" + number);
    for (Key key : new Key[] {ONE, OTHER}) {
      String json = "{\"n\":" + number + ",\"text\":\"" + "x".repeat(3_000) + "\"}";
      if (number == 1) {
        transaction.insert(key, json);
      } else {
        transaction.replace(key, json, "attempt-" + (number - 1));
      }
    }
    return registry.commit(transaction.build());
  }

  /** Opens what is left, looks, and commits once more. */
  private int found(String what, byte[] leftOfLog) throws Exception {
    Path path = folder.resolve(what).resolve("registry.db");
    Files.createDirectories(folder.resolve(what));
    Files.write(path, file);
    Files.write(path.resolveSibling("registry.db-wal"), leftOfLog);
    try (Registry registry = SqliteRegistry.openExisting(path)) {
      Document one = registry.read(ONE).orElseThrow();
      Document other = registry.read(OTHER).orElseThrow();
      assertThat(one.version()).as(what).isEqualTo(other.version());
      assertThat(one.json()).as(what).isEqualTo(other.json());
      int number = Integer.parseInt(one.version().substring("attempt-".length()));
      assertThat(commit(registry, number + 1)).as(what).isEqualTo(Outcome.COMMITTED);
      assertThat(registry.read(OTHER).orElseThrow().version())
          .as(what)
          .isEqualTo("attempt-" + (number + 1));
      return number;
    }
  }

  @Test
  void aTruncatedCommitIsLostWhollyAndEarlierOnesAreKept() throws Exception {
    commitFourTimes();

    assertThat(found("whole log", log)).isEqualTo(LAST);
    assertThat(found("nothing of the last", Arrays.copyOf(log, before))).isEqualTo(LAST - 1);
    for (int cut = before + 1; cut < log.length; cut += 2 * SECTOR + 7) {
      assertThat(found("cut at " + cut, Arrays.copyOf(log, cut))).isEqualTo(LAST - 1);
    }
  }

  @Test
  void aPartlyWrittenCommitIsLostWholly() throws Exception {
    commitFourTimes();

    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      byte[] left = log.clone();
      for (int at = before; at < left.length; at += SECTOR) {
        if (random.nextInt(4) == 0) {
          Arrays.fill(left, at, Math.min(left.length, at + SECTOR), (byte) 0);
        }
      }
      int expected = Arrays.equals(left, log) ? LAST : LAST - 1;
      assertThat(found("seed " + seed, left)).isEqualTo(expected);
    }
  }
}
