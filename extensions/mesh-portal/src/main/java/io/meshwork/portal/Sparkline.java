package io.meshwork.portal;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small chart of values over time, with its newest value as text.
 *
 * @param label what it shows
 * @param latest the newest value
 * @param summary the course of the values in words, for those who do not see it
 * @param points the points of the line, in a box of 120 by 28; empty for fewer than two values
 */
record Sparkline(String label, String latest, String summary, String points) {
  private static final double WIDTH = 120;
  private static final double HEIGHT = 28;
  private static final double MARGIN = 3;

  /**
   * Creates one.
   *
   * @param values oldest first
   * @param latest the newest value as text
   */
  static Sparkline of(String label, List<Double> values, String latest) {
    return new Sparkline(
        label, latest, label + ", " + course(values) + ": " + latest, points(values));
  }

  private static String course(List<Double> values) {
    if (values.size() < 2) {
      return "one update";
    }
    double first = values.get(0);
    double last = values.get(values.size() - 1);
    String trend = last > first ? "rising" : last < first ? "falling" : "level";
    return values.size() + " updates, " + trend;
  }

  private static String points(List<Double> values) {
    if (values.size() < 2) {
      return "";
    }
    double low = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double high = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return IntStream.range(0, values.size())
        .mapToObj(
            index -> {
              double x = WIDTH * index / (values.size() - 1);
              double share = high == low ? 0.5 : (values.get(index) - low) / (high - low);
              double y = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN);
              return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
            })
        .collect(Collectors.joining(" "));
  }
}
