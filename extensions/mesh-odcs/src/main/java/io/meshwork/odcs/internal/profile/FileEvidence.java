package io.meshwork.odcs.internal.profile;

import io.meshwork.odcs.internal.profile.DateEvidence.DayFirst;
import io.meshwork.odcs.internal.profile.NumberEvidence.Point;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the columns of a file show about each other. Immutable.
 *
 * @param point what is before the fractions of numbers
 * @param pointColumn a column that shows it; empty if none does
 * @param dayFirst whether dates start with the day
 * @param dayColumn a column that shows it; empty if none does
 */
record FileEvidence(Point point, String pointColumn, DayFirst dayFirst, String dayColumn) {
  /** What is known of one column alone. */
  static final FileEvidence NONE = new FileEvidence(Point.UNKNOWN, "", DayFirst.OPEN, "");

  /**
   * Combines what the columns show; what they show differently stays open.
   *
   * @param columns by their names in the file
   * @param separator the separator of cells
   */
  static FileEvidence of(Map<String, ColumnEvidence> columns, char separator) {
    List<String> points = columnsWith(columns, ColumnEvidence::point, Point.UNKNOWN);
    List<String> days = columnsWith(columns, ColumnEvidence::dayFirst, DayFirst.OPEN);
    Point unknown = separator == ';' ? Point.OPEN : Point.UNKNOWN;
    return new FileEvidence(
        points.isEmpty() ? unknown : column(columns, points.get(0)).point(),
        points.isEmpty() ? "" : points.get(0),
        days.isEmpty() ? DayFirst.OPEN : column(columns, days.get(0)).dayFirst(),
        days.isEmpty() ? "" : days.get(0));
  }

  private static ColumnEvidence column(Map<String, ColumnEvidence> columns, String name) {
    return Objects.requireNonNull(columns.get(name));
  }

  /** The columns that show something; none if they show different things. */
  private static <T> List<String> columnsWith(
      Map<String, ColumnEvidence> columns, Function<ColumnEvidence, T> shown, T unknown) {
    Map<T, List<String>> columnsByValue =
        columns.entrySet().stream()
            .filter(column -> !shown.apply(column.getValue()).equals(unknown))
            .collect(
                Collectors.groupingBy(
                    column -> shown.apply(column.getValue()),
                    Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    return columnsByValue.size() == 1 ? columnsByValue.values().iterator().next() : List.of();
  }
}
