package io.meshwork.internal.consume;

import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscribe.ColumnDifference;
import io.meshwork.consume.Subscribe.KeyDifference;
import io.meshwork.consume.Subscribe.SumPair;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Optional;

/** The result of a trial. */
record TrialResult(
    ProductName product,
    int from,
    int to,
    boolean isLevel,
    long rowsBefore,
    long rowsAfter,
    List<ColumnDifference> columns,
    Optional<KeyDifference> keys,
    List<SumPair> sums)
    implements Subscribe.Trial {
  /** As long as the longest decimal. */
  private static final int LONGEST_SUM = 40;

  TrialResult {
    columns = List.copyOf(columns);
    sums = List.copyOf(sums);
  }

  @Override
  public boolean hasSameRows() {
    return isLevel
        && rowsBefore == rowsAfter
        && keys.stream().allMatch(key -> key.rowsOnlyBefore() == 0 && key.rowsOnlyAfter() == 0)
        && sums.stream().allMatch(SumPair::isSame);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("trial of " + product + ": major version " + from + " -> " + to);
    text.append("\n  rows     ").append(rowsBefore).append(" -> ").append(rowsAfter);
    keys.ifPresent(key -> text.append("\n  keys     ").append(line(key)));
    sums.forEach(
        sum ->
            text.append("\n  sum      ")
                .append(sum.column())
                .append(' ')
                .append(text(sum.before()))
                .append(" -> ")
                .append(text(sum.after())));
    columns.forEach(column -> text.append("\n  column   ").append(line(column)));
    return text.append("\n  result   ").append(result()).toString();
  }

  private static String text(BigDecimal sum) {
    String plain = sum.toPlainString();
    return plain.length() > LONGEST_SUM ? sum.round(MathContext.DECIMAL64).toString() : plain;
  }

  private static String line(KeyDifference key) {
    return String.join(", ", key.columns())
        + ": "
        + only(key.rowsOnlyBefore(), key.onlyBefore(), "old")
        + ", "
        + only(key.rowsOnlyAfter(), key.onlyAfter(), "new");
  }

  private static String only(long rows, List<String> keys, String version) {
    return rows
        + " only in the "
        + version
        + " version"
        + (keys.isEmpty() ? "" : " (" + String.join("; ", keys) + ")");
  }

  private static String line(ColumnDifference column) {
    return switch (column.kind()) {
      case MISSING -> "- " + column.before().orElse("") + " " + column.types();
      case ADDED -> "+ " + column.after().orElse("") + " " + column.types();
      case RENAMED -> column.before().orElse("") + " is now " + column.after().orElse("");
      case RETYPED -> column.after().orElse("") + " " + column.types();
    };
  }

  private String result() {
    if (!isLevel) {
      return "the versions were not level, so their rows may differ";
    }
    return hasSameRows() ? "the same rows" : "other rows";
  }
}
