package io.meshwork.testkit;

import io.meshwork.testkit.PolledSales.Layout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever keeps a copy by what it polls ends with exactly the rows of the table. */
abstract class MeshPollModel extends MeshPolls {
  /** Lays files of the sales out anew, as an engine does; nothing where no engine comes in. */
  void compactSales() {}

  private void run(long seed, Layout layout) {
    new PolledSales(this, seed, layout, this::compactSales).run();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void copiesOfATableWithoutPartitionsHoldItsRows(long seed) {
    run(seed, Layout.NONE);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void copiesOfATableByAValueHoldItsRows(long seed) {
    run(seed, Layout.SHOPS);
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void copiesOfATableByWidthsHoldItsRows(long seed) {
    run(seed, Layout.WIDTHS);
  }
}
