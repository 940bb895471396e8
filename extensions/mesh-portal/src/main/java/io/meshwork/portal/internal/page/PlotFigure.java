package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.plot.Plot;
import io.meshwork.portal.internal.text.PageTime;
import java.util.List;

/**
 * A plot with its newest value and its values as a table.
 *
 * @param name what it is about, such as {@code freshness}
 * @param label what it shows
 * @param latest the newest value; empty if there is none
 * @param summary the course of the values in words, for those who do not see it
 * @param columns the heads of the table
 * @param rows the values, newest first
 * @param plot the shapes
 */
public record PlotFigure(
    String name,
    String label,
    String latest,
    String summary,
    List<String> columns,
    List<PlotRow> rows,
    Plot plot) {
  public PlotFigure {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * A line of the table.
   *
   * @param at when
   * @param values the values, in the order of the other columns
   */
  public record PlotRow(PageTime at, List<String> values) {
    public PlotRow {
      values = List.copyOf(values);
    }
  }
}
