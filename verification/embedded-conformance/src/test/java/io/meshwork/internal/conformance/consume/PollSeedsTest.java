package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.internal.conformance.fixture.EngineCompaction;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.local.LocalMesh;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies that are maintained by polling, with compactions by an engine. */
class PollSeedsTest extends MeshFixture {
  static LongStream seeds() {
    long from = Long.getLong("mesh.poll.from", 1_000);
    return LongStream.range(from, from + Long.getLong("mesh.poll.seeds", 60));
  }

  @TempDir private Path folder;

  @Override
  protected Mesh.Builder mesh() {
    return LocalMesh.builder(folder.resolve("mesh"));
  }

  private void compact() {
    EngineCompaction.of(
        folder.resolve("mesh"), "commerce/spark", TableIdentifier.of("commerce", "sales_v1"));
  }

  private void run(long seed) {
    new PolledSales(this, seed, PolledSales.layout(seed), this::compact).run();
    assertThat(shop().publishHistory(SalesFixture.SALES).changes())
        .extracting(RowChange::mode)
        .contains(PublishMode.COMPACTION);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 1_001, 1_002})
  void copiesHaveTheRowsDespiteCompactions(long seed) {
    run(seed);
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("seeds")
  void copiesHaveTheRowsForManySeeds(long seed) {
    run(seed);
  }
}
