package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.conformance.RandomRecords;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verifying replays recognize equal rows of any type, and distinguish other rows. */
class VerifyingReplayTest {
  private static final String PRODUCT = "lab/rows";
  private static final int SEEDS = 40;

  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  Path scratch;

  private static Publish<?> again(Publish<?> publish) {
    return publish.contentDigest("same").idempotencyKey("run").verifyReplay();
  }

  @Test
  void equalRowsOfRecordsAndFilesHaveOneDigest() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomRecords random = new RandomRecords(seed);
      Schema schema = random.schema(3);
      List<Map<String, Object>> rows = random.rows(schema, 200);
      try (Mesh mesh = LocalMesh.open(scratch.resolve("mesh-" + seed))) {
        MeshClient lab = mesh.clientAs(Principal.of("lab", "etl"));
        lab.registerDomain("lab").owner("lab@example.org").commit();
        lab.defineProduct(PRODUCT).contract(Contract.of(schema)).commit();
        again(lab.publish(PRODUCT).records(rows)).commit();

        Path file = Path.of(lab.read(PRODUCT).files().get(0));
        List<Map<String, Object>> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));
        for (Publish<?> same :
            List.of(lab.publish(PRODUCT).records(shuffled), lab.publish(PRODUCT).files(file))) {
          assertThat(again(same).commit().replayed()).as("seed %d, %s", seed, schema).isTrue();
        }
        List<Map<String, Object>> other = new ArrayList<>(rows);
        other.set(17, random.rows(schema, 1).get(0));
        if (!other.get(17).equals(rows.get(17))) {
          assertThatThrownBy(() -> again(lab.publish(PRODUCT).records(other)).commit())
              .as("seed %d, %s", seed, schema)
              .isInstanceOf(AlreadyExistsException.class);
        }
      }
    }
  }
}
