package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.internal.testkit.ClassArchive;
import io.meshwork.local.LocalMesh;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.State;
import io.meshwork.testkit.KilledRollout.Step;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed during each step of a rollout, above all in back-fills and publishes to both
 * major versions: both have the same rows, and the next process continues.
 */
class KilledRolloutTest {
  private static final long SEED = 20_261_121;

  /** With this many kills, back-fills and publishes are killed. */
  private static final int ENOUGH = 24;

  /** Has the classes of the children: a child loads them for longer than it lives otherwise. */
  private static ClassArchive archive;

  @TempDir private Path folder;

  @BeforeAll
  static void archiveClasses(@TempDir Path archived) throws Exception {
    Path rehearsal = archived.resolve("rehearsal");
    try (Mesh mesh = LocalMesh.open(rehearsal)) {
      KilledRollout.define(mesh);
    }
    archive =
        ClassArchive.of(
            archived,
            KilledRollout.class,
            rehearsal.toString(),
            Integer.toString(Step.values().length));
  }

  @Test
  void killsDuringARolloutLeaveBothMajorVersionsEqual() throws Exception {
    kill(Integer.getInteger("mesh.kills", 6), SEED);
  }

  @Tag("nightly")
  @Test
  void fourHundredKillsDuringRolloutsLeaveBothMajorVersionsEqual() throws Exception {
    for (long seed = SEED + 1; seed <= SEED + 8; seed++) {
      kill(50, seed);
    }
  }

  private void kill(int kills, long seed) throws Exception {
    Path place = folder.resolve("mesh-" + seed);
    try (Mesh mesh = LocalMesh.open(place)) {
      KilledRollout.define(mesh);
      Map<Step, Integer> killedAmid = new EnumMap<>(Step.class);

      KillHarness.jvm(KilledRollout.class)
          .options(archive.options())
          .arguments(() -> List.of(place.toString()))
          .kills(kills)
          .withinLines(700)
          .seed(seed)
          .afterEach(life -> check(mesh, seed, life, killedAmid))
          .run();

      System.out.println("killed during " + killedAmid + ", seed " + seed);
      if (kills >= ENOUGH) {
        assertThat(killedAmid).as("seed %d", seed).containsKey(Step.BACK_FILL);
        assertThat(killedAmid.keySet()).as("seed %d", seed).anyMatch(Step::isPublish);
      }
      complete(mesh, seed);
    }
    KilledProcessTest.requireThatMaintenanceRemovesOnlyLeftovers(place, seed);
  }

  /** What was reported as done is there, and no step is half done. */
  private static void check(
      Mesh mesh, long seed, KillHarness.Life life, Map<Step, Integer> killedAmid) {
    String at = "seed %d, life %d, killed after line %d";
    List<String> lines = life.lines();
    lines.stream()
        .filter(line -> !line.equals("."))
        .reduce((earlier, later) -> later)
        .filter(line -> line.startsWith(KilledRollout.BEGIN))
        .map(line -> Step.valueOf(line.substring(KilledRollout.BEGIN.length())))
        .ifPresent(step -> killedAmid.merge(step, 1, Integer::sum));
    List<String> keys =
        KilledRollout.lab(mesh).publishHistory(KilledRollout.SALES).receipts().stream()
            .map(receipt -> receipt.idempotencyKey())
            .toList();
    for (String line : lines) {
      boolean publish = line.startsWith(KilledRollout.DONE) && isPublish(line);
      if (publish) {
        assertThat(keys)
            .as(at, seed, life.number(), life.killedAfter())
            .contains(line.substring(KilledRollout.DONE.length()));
      }
    }
    requireLevel(mesh, at.formatted(seed, life.number(), life.killedAfter()));
    if (life.number() % 6 == 0) {
      assertThat(mesh.doctor().problems()).as("seed %d, life %d", seed, life.number()).isEmpty();
    }
  }

  private static boolean isPublish(String line) {
    String key = line.substring(KilledRollout.DONE.length());
    return Step.valueOf(key.substring(0, key.lastIndexOf('-'))).isPublish();
  }

  /** From the cut-over to the abort, both major versions have the same rows. */
  private static void requireLevel(Mesh mesh, String at) {
    Set<Long> expected = KilledRollout.expected(mesh);
    assertThat(KilledRollout.ids(mesh, 1)).as(at).isEqualTo(expected);
    MajorRollout rollout = KilledRollout.rollout(mesh).orElse(null);
    if (rollout != null && rollout.cutOver().isPresent() && rollout.state() != State.ABORTED) {
      assertThat(KilledRollout.ids(mesh, rollout.to())).as(at).isEqualTo(expected);
      assertThat(rollout.mayDiffer()).as(at).isFalse();
    }
  }

  /** The parent completes the rollout at which the last child was killed, and one more. */
  private static void complete(Mesh mesh, long seed) {
    KilledRollout parent = new KilledRollout(mesh);
    int last = KilledRollout.rollout(mesh).map(Rollout::number).orElse(0) + 1;
    Step step = parent.next();
    while (parent.take(step) < last || step != Step.PURGE) {
      requireLevel(mesh, "seed %d, completed by %s".formatted(seed, step));
      if (step == Step.ERASE) {
        MajorRollout.Verification verification =
            KilledRollout.rollout(mesh).orElseThrow().verify().commit();
        assertThat(verification.isEqual()).as("seed %d: %s", seed, verification).isTrue();
      }
      step = parent.next();
    }
    assertThat(KilledRollout.ids(mesh, 1)).isEqualTo(KilledRollout.expected(mesh));
    assertThat(mesh.doctor().problems()).as("seed %d", seed).isEmpty();
  }
}
