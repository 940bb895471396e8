package io.meshwork.conformance;

import io.meshwork.conformance.PolledSales.Layout;
import org.junit.jupiter.api.Test;

/** Whoever keeps a copy by what it polls ends with exactly the rows of the table. */
abstract class RandomPollsSuite extends MeshFixture {
  private void run(long seed, Layout layout) {
    new PolledSales(this, seed, layout, backend()::compactSales).run();
  }

  @Test
  void copiesOfATableWithoutPartitionsHoldItsRows() {
    run(1, Layout.NONE);
  }

  @Test
  void copiesOfATableByAValueHoldItsRows() {
    run(3, Layout.SHOPS);
  }

  @Test
  void copiesOfATableByWidthsHoldItsRows() {
    run(5, Layout.WIDTHS);
  }
}
