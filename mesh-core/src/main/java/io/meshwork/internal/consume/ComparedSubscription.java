package io.meshwork.internal.consume;

import io.meshwork.consume.Subscribe.ColumnDifference;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.internal.consume.ComparisonRows.KeyDifference;
import io.meshwork.internal.consume.ComparisonRows.SumPair;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The plan of a subscription: how the new major version differs for its consumer. */
record ComparedSubscription(
    ProductName product,
    int from,
    int to,
    boolean hasSamePublishes,
    long rowsBefore,
    long rowsAfter,
    List<ColumnDifference> columns,
    Optional<KeyDifference> keys,
    List<SumPair> sums)
    implements SubscriptionPlan {
  /** As long as the longest decimal. */
  private static final int LONGEST_SUM = 40;

  ComparedSubscription {
    columns = List.copyOf(columns);
    sums = List.copyOf(sums);
  }

  @Override
  public List<String> keyColumns() {
    return keys.map(KeyDifference::columns).orElse(List.of());
  }

  @Override
  public long rowsOnlyBefore() {
    return keys.map(KeyDifference::rowsOnlyBefore).orElse(0L);
  }

  @Override
  public long rowsOnlyAfter() {
    return keys.map(KeyDifference::rowsOnlyAfter).orElse(0L);
  }

  @Override
  public List<String> keysOnlyBefore() {
    return keys.map(KeyDifference::onlyBefore).orElse(List.of());
  }

  @Override
  public List<String> keysOnlyAfter() {
    return keys.map(KeyDifference::onlyAfter).orElse(List.of());
  }

  @Override
  public Map<String, BigDecimal> sumsBefore() {
    return sums(SumPair::before);
  }

  @Override
  public Map<String, BigDecimal> sumsAfter() {
    return sums(SumPair::after);
  }

  private Map<String, BigDecimal> sums(Function<SumPair, BigDecimal> amount) {
    Map<String, BigDecimal> byColumn = new LinkedHashMap<>();
    sums.forEach(sum -> byColumn.put(sum.column(), amount.apply(sum)));
    return Collections.unmodifiableMap(byColumn);
  }

  @Override
  public boolean hasSameRows() {
    return hasSamePublishes
        && rowsBefore == rowsAfter
        && keys.stream().allMatch(key -> key.rowsOnlyBefore() == 0 && key.rowsOnlyAfter() == 0)
        && sums.stream().allMatch(SumPair::isSame);
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("comparison of " + product + ": major version " + from + " -> " + to);
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
    columns.stream()
        .flatMap(ComparedSubscription::lines)
        .forEach(line -> text.append("\n  column   ").append(line));
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

  private static Stream<String> lines(ColumnDifference column) {
    String before = column.before().orElse("");
    String after = column.after().orElse("");
    if (column.after().isEmpty()) {
      return Stream.of("- " + before + " " + column.types());
    } else if (column.before().isEmpty()) {
      return Stream.of("+ " + after + " " + column.types());
    }
    Stream<String> name =
        before.equals(after) ? Stream.empty() : Stream.of(before + " is now " + after);
    Stream<String> type =
        column.types().contains(" -> ") ? Stream.of(after + " " + column.types()) : Stream.empty();
    return Stream.concat(name, type);
  }

  private String result() {
    if (!hasSamePublishes) {
      return "the versions do not have the same publishes, so their rows may differ";
    }
    return hasSameRows() ? "the same rows" : "other rows";
  }
}
