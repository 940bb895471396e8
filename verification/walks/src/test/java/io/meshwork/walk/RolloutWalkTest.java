package io.meshwork.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The walks over rollouts that the build runs. */
class RolloutWalkTest {
  /** A build runs one of these parts of the walks, by its seed; otherwise, all are one part. */
  private static final int PARTS = Boolean.getBoolean("mesh.tests.sampled") ? 30 : 1;

  private static final int WALKS = 300 / PARTS;
  private static final int STEPS = 32;
  private static final long CHECKED_A_LAW = PARTS == 1 ? 2_000 : 12;
  private static final int NIGHTLY_STEPS = 60;
  private static final int NIGHTLY_WALKS = 5_000;
  private static final int NIGHTLY_WALKS_ON_FILES = 500;
  private static final int NIGHTLY_SECONDS = 3_600;

  @Test
  void severalMajorVersionsKeepEachLaw() {
    int part = Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), PARTS);

    RolloutWalk.Result result = new RolloutWalk(false).run(WALKS, 1 + part * WALKS, STEPS);

    assertThat(result.failures()).isEmpty();
    assertThat(result.checked().values()).allMatch(count -> count >= CHECKED_A_LAW);
  }

  @Test
  @Tag("nightly")
  @Timeout(NIGHTLY_SECONDS)
  void thousandsOfWalksKeepEachLaw() {
    assertThat(new RolloutWalk(false).run(NIGHTLY_WALKS, seed(), NIGHTLY_STEPS).failures())
        .isEmpty();
  }

  @Test
  @Tag("nightly")
  @Timeout(NIGHTLY_SECONDS)
  void walksOnSqliteAndFilesKeepEachLaw() {
    assertThat(new RolloutWalk(true).run(NIGHTLY_WALKS_ON_FILES, seed(), NIGHTLY_STEPS).failures())
        .isEmpty();
  }

  /** A seed that no earlier night had; a failure names the seed of its walk. */
  private static long seed() {
    return ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
  }

  @Test
  void aFailedWalkLeavesAProgramThatRuns() throws IOException, InterruptedException {
    BrokenLaw broken = new BrokenLaw(Law.L1, "a sentence", "one.show(1);");
    Path file = RolloutProgram.write(new RolloutWalk.Failure(1, 1, broken, program()));

    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(program.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output).contains("version 1 has [");
    assertThat(program.exitValue()).isZero();
  }

  private static List<String> program() throws IOException {
    try (RolloutWorld world = new RolloutWorld(false)) {
      RolloutSteps steps = new RolloutSteps(world);
      steps.start();
      steps.run(new RolloutStep(RolloutStep.Kind.PUBLISH, 0, 0, 0));
      return world.program();
    }
  }
}
