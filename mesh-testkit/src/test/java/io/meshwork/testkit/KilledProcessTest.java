package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.internal.testkit.ClassArchive;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes use one folder and are killed during a publish, a copy of polled rows, or
 * maintenance: nothing is lost, repeated or partial, and leftovers are removed.
 */
class KilledProcessTest {
  private static final long SEED = 20_261_120;

  /** With this many kills, the longest operations are killed at least once. */
  private static final int ENOUGH = 50;

  /** Has the classes of the children: a child loads them for longer than it lives otherwise. */
  private static ClassArchive archive;

  @TempDir private Path folder;

  @BeforeAll
  static void archiveClasses(@TempDir Path archived) throws Exception {
    Path rehearsal = archived.resolve("rehearsal");
    try (Mesh mesh = LocalMesh.open(rehearsal)) {
      KilledChild.define(mesh);
    }
    archive =
        ClassArchive.of(
            archived,
            KilledChild.class,
            rehearsal.toString(),
            "rehearsal",
            "0",
            Integer.toString(2 * KilledChild.ROUND));
  }

  @Test
  void twentyKillsLoseAndRepeatNothing() throws Exception {
    kill(Integer.getInteger("mesh.kills", 20) / 2, SEED);
  }

  @Tag("nightly")
  @Test
  void aThousandKillsLoseAndRepeatNothing() throws Exception {
    for (long seed = SEED + 1; seed <= SEED + 10; seed++) {
      kill(50, seed);
    }
  }

  private void kill(int killsOfEach, long seed) throws Exception {
    Path place = folder.resolve("mesh-" + seed);
    try (Mesh mesh = LocalMesh.open(place)) {
      KilledChild.define(mesh);
      Watched left = new Watched(mesh, place, "left", seed);
      Watched right = new Watched(mesh, place, "right", seed + 1_000_000);

      int killed = 0;
      ExecutorService executor = Executors.newFixedThreadPool(2);
      try {
        Future<Integer> killedLeft = executor.submit(() -> left.run(killsOfEach));
        killed = right.run(killsOfEach) + killedLeft.get();
      } finally {
        executor.shutdownNow();
      }

      assertThat(killed).as("seed %d", seed).isEqualTo(2 * killsOfEach);
      if (killsOfEach >= ENOUGH) {
        Set<Integer> killedAmid = new TreeSet<>(left.killedAmid);
        killedAmid.addAll(right.killedAmid);
        assertThat(killedAmid)
            .as("seed %d", seed)
            .contains(KilledChild.COPY, KilledChild.MAINTENANCE);
      }
      List<String> keys = new ArrayList<>(left.finish());
      keys.addAll(right.finish());
      List<PublishReceipt> receipts =
          new ArrayList<>(KilledChild.lab(mesh).publishHistory(KilledChild.EVENTS).receipts());
      receipts.addAll(KilledChild.lab(mesh).publishHistory(KilledChild.STATES).receipts());
      assertThat(receipts)
          .as("seed %d", seed)
          .extracting(PublishReceipt::idempotencyKey)
          .containsExactlyInAnyOrderElementsOf(keys);
      assertThat(mesh.doctor().problems()).as("seed %d", seed).isEmpty();
    }
    requireThatMaintenanceRemovesOnlyLeftovers(place, seed);
  }

  /** Runs days later, when no process can be running. */
  static void requireThatMaintenanceRemovesOnlyLeftovers(Path place, long seed) {
    ManualClock later = ManualClock.at(Instant.now().plus(Duration.ofDays(8)));
    try (OpenedMesh open =
        OpenedMesh.of(new FolderPlace(place), later, seed, Faults.seeded(seed))) {
      MeshInvariants killed = MeshInvariants.of(open);
      assertThat(killed.broken()).as("seed %d", seed).isEmpty();
      assertThat(killed.left()).as("seed %d", seed).isNotEmpty();
      List<String> rows = open.story().rows();

      open.mesh().maintain().commit();

      MeshInvariants maintained = MeshInvariants.of(open);
      assertThat(maintained.broken()).as("seed %d", seed).isEmpty();
      assertThat(maintained.left()).as("seed %d", seed).isEmpty();
      assertThat(open.story().rows()).as("seed %d", seed).isEqualTo(rows);
    }
  }

  /**
   * Successive children with one name, each of which continues where the previous one was killed.
   */
  private static final class Watched {
    private final Mesh mesh;
    private final Path place;
    private final String name;
    private final long seed;
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Set<Integer> killedAmid = new TreeSet<>();

    Watched(Mesh mesh, Path place, String name, long seed) {
      this.mesh = mesh;
      this.place = place;
      this.name = name;
      this.seed = seed;
    }

    int run(int kills) throws InterruptedException {
      return KillHarness.jvm(KilledChild.class)
          .options(archive.options())
          .arguments(() -> List.of(place.toString(), name, acknowledged.toString()))
          .kills(kills)
          .withinLines(700)
          .seed(seed)
          .afterEach(this::check)
          .run();
    }

    /**
     * All that was acknowledged is there, and at most the one operation more that was under way.
     */
    private void check(KillHarness.Life life) {
      for (String line : life.lines()) {
        if (line.startsWith(KilledChild.DONE)) {
          acknowledged.set(1 + Integer.parseInt(line.substring(KilledChild.DONE.length())));
        }
      }
      int done = acknowledged.get();
      killedAmid.add(KilledChild.kind(done));
      assertThat(KilledChild.seen(mesh, name))
          .as(
              "seed %d, %s, life %d, killed after line %d",
              seed, name, life.number(), life.killedAfter())
          .isIn(KilledChild.expectedAfter(done), KilledChild.expectedAfter(done + 1));
      if (life.number() % 10 == 0) {
        assertThat(mesh.doctor().problems())
            .as("seed %d, %s, life %d", seed, name, life.number())
            .isEmpty();
      }
    }

    /** Repeats the last operation with its key: it is stored once, whether it was stored or not. */
    List<String> finish() {
      int last = acknowledged.get();
      boolean there =
          KilledChild.seen(mesh, name).equals(KilledChild.expectedAfter(last + 1))
              && !KilledChild.expectedAfter(last).equals(KilledChild.expectedAfter(last + 1));
      boolean replayed = new KilledChild(mesh, name).operate(last);
      assertThat(replayed).as("seed %d, %s-%d", seed, name, last).isEqualTo(there);
      assertThat(KilledChild.seen(mesh, name))
          .as("seed %d, %s", seed, name)
          .isEqualTo(KilledChild.expectedAfter(last + 1));
      List<String> keys = new ArrayList<>();
      for (int operation = 0; operation <= last; operation++) {
        if (KilledChild.hasKey(operation)) {
          keys.add(name + "-" + operation);
        }
      }
      return keys;
    }
  }
}
