package io.meshwork.portal.internal.plot;

import io.meshwork.portal.internal.plot.Plot.Tick;
import java.util.List;

/** Where values are in the box of a plot. */
final class Axes {
  private final List<Ticks.Value> values;
  private final double least;
  private final double most;

  /**
   * Creates the axis of the values.
   *
   * @param values its ticks, the smallest first
   */
  Axes(List<Ticks.Value> values) {
    this.values = values;
    this.least = values.get(0).value();
    this.most = values.get(values.size() - 1).value();
  }

  int y(double value) {
    double share = (value - least) / (most - least);
    return (int) Math.round(Plot.BOTTOM - share * (Plot.BOTTOM - Plot.TOP));
  }

  /** Returns where a share of the time is, from 0 to 1. */
  static int x(double share) {
    return (int) Math.round(Plot.LEFT + share * (Plot.RIGHT - Plot.LEFT));
  }

  List<Tick> up() {
    return values.stream().map(value -> new Tick(y(value.value()), value.label())).toList();
  }
}
