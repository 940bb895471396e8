package io.meshwork.internal.conformance.consume;

import io.meshwork.internal.conformance.consume.PolledSales.Layout;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import org.junit.jupiter.api.Test;

/** A copy that is maintained by polling has exactly the rows of the table. */
public abstract class RandomPollsSuite extends MeshFixture {
  private void run(long seed, Layout layout) {
    new PolledSales(this, seed, layout, () -> tested().compactSales(meshFolder())).run();
  }

  @Test
  void copiesOfAnUnpartitionedTableHaveItsRows() {
    run(1, Layout.NONE);
  }

  @Test
  void copiesOfATablePartitionedByValueHaveItsRows() {
    run(3, Layout.SHOPS);
  }

  @Test
  void copiesOfATablePartitionedByTruncationHaveItsRows() {
    run(5, Layout.WIDTHS);
  }
}
