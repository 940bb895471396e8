package io.meshwork.internal.discovery;

import io.meshwork.discovery.Lineage;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.ProductName;
import java.util.function.Supplier;

/** Collects how far to follow the lineage of a product. */
final class LineageQuery implements Lineage.Query {
  /** A product in a graph, read when it is asked for. */
  record Start(VisibleGraph graph, ProductName product) {}

  private final Supplier<Start> start;
  private int upstream;
  private int downstream;

  LineageQuery(Supplier<Start> start) {
    this.start = start;
  }

  @Override
  public Lineage.Query upstream(int steps) {
    upstream = checked(steps);
    return this;
  }

  @Override
  public Lineage.Query downstream(int steps) {
    downstream = checked(steps);
    return this;
  }

  private static int checked(int steps) {
    if (steps < 0) {
      throw ArgumentChecks.refused("steps", "it is " + steps, "Specify 0 or more steps.");
    }
    return steps;
  }

  @Override
  public Lineage graph() {
    Start from = start.get();
    return LineageWalk.of(from.graph(), from.product(), upstream, downstream);
  }
}
