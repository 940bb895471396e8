package io.meshwork.testkit;

import io.meshwork.testkit.PolledSales.Layout;
import org.junit.jupiter.api.Test;

/** Whoever keeps a copy by what it polls ends with exactly the rows of the table. */
abstract class MeshPollModel extends MeshPositions {
  /** Lays files of the sales out anew, as an engine does; nothing where no engine comes in. */
  void compactSales() {}

  private void run(long seed, Layout layout) {
    new PolledSales(this, seed, layout, this::compactSales).run();
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
