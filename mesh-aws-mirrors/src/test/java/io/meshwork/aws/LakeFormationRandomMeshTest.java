package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.meshwork.aws.internal.mirror.RandomDomains;
import io.meshwork.aws.internal.mirror.ReadAnswer;
import io.meshwork.internal.conformance.TestSample;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The proof that the mirrored services decide as the mesh does: random meshes are mirrored, what
 * Lake Formation, Glue, and RAM have is read by their APIs, and the evaluator gives the answers of
 * the mesh for each reader, column, and row filter; again after random changes.
 */
class LakeFormationRandomMeshTest extends EmulatorFixture {
  private static final int ROUNDS = 3;

  /** The first of all seeds; {@code -Dmesh.mirrors.seed=} repeats one. */
  private static final long FIRST = Long.getLong("mesh.mirrors.seed", 1);

  /** How many meshes there are to draw from; {@code -Dmesh.mirrors.seeds=} sets another number. */
  private static final int SEEDS =
      Integer.getInteger("mesh.mirrors.seeds", Long.getLong("mesh.mirrors.seed") == null ? 9 : 1);

  /** So many meshes have changes of each kind. */
  private static final int MANY = 30;

  private final Map<ReadAnswer.Kind, Integer> answers = new EnumMap<>(ReadAnswer.Kind.class);
  private final Map<RandomDomains.Change, Integer> changes =
      new EnumMap<>(RandomDomains.Change.class);
  private int links;

  /** Mirrors a random mesh, changes it, and mirrors it again. */
  private void run(long seed) {
    try (LakeFormationRandomMesh mesh = new LakeFormationRandomMesh(aws, seed)) {
      String description = "-Dmesh.mirrors.seed=" + seed + ", " + mesh;
      System.out.println("Mirrors a random mesh, " + description);
      mesh.grow();
      for (int round = 1; round <= ROUNDS; round++) {
        String now = description + ", round " + round;
        mesh.mirror(now);
        mesh.compare(now);
        if (round == 1) {
          assertThat(mesh.answers()).as(now).containsOnlyKeys(ReadAnswer.Kind.values());
        }
        mesh.change();
      }
      String last = description + ", last round";
      mesh.mirror(last);
      mesh.compare(last);
      mesh.assertComplete(last);
      mesh.answers().forEach((kind, count) -> answers.merge(kind, count, Integer::sum));
      mesh.changes().forEach((change, count) -> changes.merge(change, count, Integer::sum));
      links += mesh.links();
      System.out.println("Mirrored " + description);
    }
  }

  /** A build runs one of the seeds, and the nightly tests run all. */
  @Test
  void theServicesDecideAsTheMeshDoes() {
    List<Long> seeds = TestSample.oneOf(LongStream.range(FIRST, FIRST + SEEDS).boxed().toList());
    assertAll(seeds.stream().map(seed -> () -> run(seed)));

    System.out.println("Answers " + answers + ", by links " + links + ", changes " + changes);
    assertThat(answers.values()).allSatisfy(count -> assertThat(count).isPositive());
    assertThat(links).isPositive();
    if (seeds.size() >= MANY) {
      assertThat(changes).containsOnlyKeys(RandomDomains.Change.values());
    }
  }
}
