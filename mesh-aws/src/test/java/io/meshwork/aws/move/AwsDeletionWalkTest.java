package io.meshwork.aws.move;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.move.MovedMeshWalk.Click;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Walks over meshes that moved to AWS, where files are deleted and restored. */
class AwsDeletionWalkTest {
  private static final int WALKS = 2;
  private static final int NIGHTLY_WALKS = 100;
  private static final int STEPS = 8;
  private static final int NIGHTLY_SECONDS = 3_600;

  @TempDir Path temporary;

  /** Another program's file: it has no relation to the meshes of the walks. */
  @BeforeEach
  void writeFile() throws IOException {
    Path file = Files.createDirectories(temporary.resolve("lake")).resolve("a.parquet");
    try (Mesh other = LocalMesh.open(temporary.resolve("other"))) {
      MeshClient program = other.clientAs(Principal.of("other", "program"));
      program.registerDomain("other").owner("other@example.org").commit();
      program.defineProduct("other/clicks").contract(Contract.of(Click.class)).commit();
      program.publish("other/clicks").records(List.of(new Click(0))).commit();
      Files.copy(Path.of(program.read("other/clicks").files().get(0)), file);
    }
  }

  @Test
  void whatWasCommittedCanBeReadAfterDeletedFilesAreRestored() {
    walk(1, WALKS);
  }

  @Test
  @Tag("nightly")
  @Timeout(NIGHTLY_SECONDS)
  void manyMeshesCanBeReadAfterDeletedFilesAreRestored() {
    walk(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE), NIGHTLY_WALKS);
  }

  private void walk(long first, int walks) {
    for (long seed = first; seed < first + walks; seed++) {
      MovedMeshWalk walk =
          new MovedMeshWalk(seed, temporary.resolve("mesh" + seed), temporary.resolve("lake"));
      try (walk) {
        walk.run(STEPS);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "Seed " + seed + " breaks a law:\n  " + String.join("\n  ", walk.program()), e);
      }
    }
  }
}
