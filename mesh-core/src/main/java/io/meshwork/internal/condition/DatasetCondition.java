package io.meshwork.internal.condition;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.schema.ColumnPath;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition on a measure of the whole publish, without failing rows or a tolerance. Immutable and
 * thread-safe.
 */
public sealed interface DatasetCondition extends RuleCondition {
  /** A condition that a measure of one column is in a range. */
  sealed interface ColumnMeasureCondition extends DatasetCondition, Range {
    /** Returns the path of the column. */
    String column();

    @Override
    default List<String> columns() {
      return Collections.singletonList(column());
    }

    @Override
    default String text() {
      return kindName() + "(" + column() + RuleLiterals.ends(this) + ")";
    }

    @Override
    default boolean implies(RuleCondition other) {
      return other instanceof ColumnMeasureCondition weak
          && weak.getClass() == getClass()
          && weak.column().equals(column())
          && RangeCheck.isInside(this, weak, true);
    }
  }

  /**
   * The number of rows is in a range.
   *
   * @param min 0 or more
   * @param max {@code min} or more; {@code Long.MAX_VALUE} for no limit
   */
  record RowCountCondition(long min, long max) implements DatasetCondition, Range {
    static final ConditionCodec<RowCountCondition> CODEC =
        ConditionCodec.of(
            "rowCount",
            RowCountCondition.class,
            arguments -> {
              arguments.require(2);
              return new RowCountCondition(
                  arguments.whole(0, 0, Long.MAX_VALUE),
                  arguments.whole(1, Long.MAX_VALUE, Long.MAX_VALUE));
            });

    public RowCountCondition {
      RangeCheck.checkCounts("rowCount", min, max);
    }

    @Override
    public List<String> columns() {
      return List.of();
    }

    @Override
    public Long low() {
      return min;
    }

    @Override
    public @Nullable Long high() {
      return max == Long.MAX_VALUE ? null : max;
    }

    @Override
    public String text() {
      return "rowCount(" + min + ", " + (max == Long.MAX_VALUE ? "" : max) + ")";
    }

    @Override
    public RowCountCondition renamed(UnaryOperator<String> names) {
      return this;
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof RowCountCondition weak && min >= weak.min && max <= weak.max;
    }
  }

  /**
   * The share of values that are not null is in a range.
   *
   * @param column the column
   * @param low 0 to 100 percent; null if there is none
   * @param high 0 to 100 percent; null if there is none
   */
  record Completeness(String column, @Nullable BigDecimal low, @Nullable BigDecimal high)
      implements ColumnMeasureCondition {
    static final ConditionCodec<Completeness> CODEC =
        ConditionCodec.of(
                "completeness",
                Completeness.class,
                arguments -> NumberRange.read(arguments, Completeness::new))
            .forNested();

    /** Converts and checks the ends. */
    public Completeness {
      NumberRange range = NumberRange.of("completeness(" + column + ")", low, high);
      low = range.low();
      high = range.high();
      RuleNames.checkColumn("completeness", column);
      range.checkEnds(BigDecimal.valueOf(100), "0 to 100 percent");
    }

    @Override
    public Completeness renamed(UnaryOperator<String> names) {
      return new Completeness(names.apply(column), low, high);
    }
  }

  /**
   * The number of distinct values is in a range.
   *
   * @param column the column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record DistinctValues(String column, @Nullable BigDecimal low, @Nullable BigDecimal high)
      implements ColumnMeasureCondition {
    static final ConditionCodec<DistinctValues> CODEC =
        ConditionCodec.of(
            "distinctCount",
            DistinctValues.class,
            arguments -> NumberRange.read(arguments, DistinctValues::new));

    /** Converts and checks the ends. */
    public DistinctValues {
      NumberRange range = NumberRange.of("distinctCount(" + column + ")", low, high);
      low = range.low();
      high = range.high();
      RuleNames.checkColumn("distinctCount", column);
      range.checkEnds(null, "0 or more");
    }

    @Override
    public DistinctValues renamed(UnaryOperator<String> names) {
      return new DistinctValues(names.apply(column), low, high);
    }
  }

  /**
   * The mean is in a range.
   *
   * @param column the column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record Mean(String column, @Nullable BigDecimal low, @Nullable BigDecimal high)
      implements ColumnMeasureCondition {
    static final ConditionCodec<Mean> CODEC =
        ConditionCodec.of("mean", Mean.class, arguments -> NumberRange.read(arguments, Mean::new))
            .fitting((condition, columns) -> RuleTypeCheck.notNumber(columns.get(0)));

    /** Converts and checks the ends. */
    public Mean {
      NumberRange range = NumberRange.of("mean(" + column + ")", low, high);
      low = range.low();
      high = range.high();
    }

    @Override
    public Mean renamed(UnaryOperator<String> names) {
      return new Mean(names.apply(column), low, high);
    }
  }

  /**
   * The sample standard deviation is in a range.
   *
   * @param column the column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record Stddev(String column, @Nullable BigDecimal low, @Nullable BigDecimal high)
      implements ColumnMeasureCondition {
    static final ConditionCodec<Stddev> CODEC =
        ConditionCodec.of(
                "stddev", Stddev.class, arguments -> NumberRange.read(arguments, Stddev::new))
            .fitting((condition, columns) -> RuleTypeCheck.notNumber(columns.get(0)));

    /** Converts and checks the ends. */
    public Stddev {
      NumberRange range = NumberRange.of("stddev(" + column + ")", low, high);
      low = range.low();
      high = range.high();
      RuleNames.checkColumn("stddev", column);
      range.checkEnds(null, "0 or more");
    }

    @Override
    public Stddev renamed(UnaryOperator<String> names) {
      return new Stddev(names.apply(column), low, high);
    }
  }

  /**
   * The sum is in a range.
   *
   * @param column the column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record Sum(String column, @Nullable BigDecimal low, @Nullable BigDecimal high)
      implements ColumnMeasureCondition {
    static final ConditionCodec<Sum> CODEC =
        ConditionCodec.of("sum", Sum.class, arguments -> NumberRange.read(arguments, Sum::new))
            .fitting((condition, columns) -> RuleTypeCheck.notNumber(columns.get(0)));

    /** Converts and checks the ends. */
    public Sum {
      NumberRange range = NumberRange.of("sum(" + column + ")", low, high);
      low = range.low();
      high = range.high();
    }

    @Override
    public Sum renamed(UnaryOperator<String> names) {
      return new Sum(names.apply(column), low, high);
    }
  }

  /**
   * The minimum is in a range.
   *
   * @param column the column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record Min(String column, @Nullable Object low, @Nullable Object high)
      implements ColumnMeasureCondition {
    static final ConditionCodec<Min> CODEC =
        ConditionCodec.of(
                "min",
                Min.class,
                arguments -> {
                  arguments.require(3);
                  return new Min(arguments.get(0), arguments.literal(1), arguments.literal(2));
                })
            .fitting((condition, columns) -> RuleTypeCheck.ofRange(condition, columns.get(0)));

    /** Converts and checks the ends. */
    public Min {
      low = RuleLiterals.of(low);
      high = RuleLiterals.of(high);
      RangeCheck.check("min(" + column + ")", low, high);
    }

    @Override
    public Min renamed(UnaryOperator<String> names) {
      return new Min(names.apply(column), low, high);
    }
  }

  /**
   * The maximum is in a range.
   *
   * @param column the column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record Max(String column, @Nullable Object low, @Nullable Object high)
      implements ColumnMeasureCondition {
    static final ConditionCodec<Max> CODEC =
        ConditionCodec.of(
                "max",
                Max.class,
                arguments -> {
                  arguments.require(3);
                  return new Max(arguments.get(0), arguments.literal(1), arguments.literal(2));
                })
            .fitting((condition, columns) -> RuleTypeCheck.ofRange(condition, columns.get(0)));

    /** Converts and checks the ends. */
    public Max {
      low = RuleLiterals.of(low);
      high = RuleLiterals.of(high);
      RangeCheck.check("max(" + column + ")", low, high);
    }

    @Override
    public Max renamed(UnaryOperator<String> names) {
      return new Max(names.apply(column), low, high);
    }
  }

  /**
   * The latest time is recent.
   *
   * @param column a column of times
   * @param within the greatest age; positive
   * @param zone the time zone of local timestamps; null for instants
   */
  record Fresh(String column, Duration within, @Nullable ZoneId zone) implements DatasetCondition {
    static final ConditionCodec<Fresh> CODEC =
        ConditionCodec.of(
                "fresh",
                Fresh.class,
                arguments -> {
                  arguments.require(2);
                  return new Fresh(arguments.get(0), arguments.duration(1), null);
                })
            .fitting((condition, columns) -> RuleTypeCheck.ofTimes(condition.zone, columns.get(0)));

    public Fresh {
      if (within == null || within.isNegative() || within.isZero()) {
        throw RuleFault.of(
            "fresh(" + column + ")",
            "its duration is not positive",
            "Use a duration such as PT1H.");
      }
    }

    @Override
    public List<String> columns() {
      return Collections.singletonList(column);
    }

    @Override
    public String text() {
      return "fresh("
          + column
          + ", "
          + within
          + ")"
          + (zone == null ? "" : " zone " + RuleLiterals.text(zone.getId()));
    }

    @Override
    public Fresh renamed(UnaryOperator<String> names) {
      return new Fresh(names.apply(column), within, zone);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof Fresh weak
          && weak.column.equals(column)
          && Objects.equals(weak.zone, zone)
          && within.compareTo(weak.within) <= 0;
    }
  }

  /**
   * A metric does not deviate from earlier publishes.
   *
   * @param metric such as {@code rowCount} or {@code mean(fare)}
   * @param deviations the number of robust deviations; greater than 0
   * @param window the number of earlier publishes, 5 to 100
   */
  record Steady(String metric, BigDecimal deviations, int window) implements DatasetCondition {
    private static final Pattern METRIC =
        Pattern.compile("([A-Za-z]+)(?:\\((" + RuleNames.PATH + ")\\))?");
    private static final int MIN_WINDOW = 5;
    private static final int MAX_WINDOW = 100;

    static final ConditionCodec<Steady> CODEC =
        ConditionCodec.of(
                "steady",
                Steady.class,
                arguments -> {
                  arguments.require(3);
                  return of(arguments.get(0), arguments.number(1), arguments.small(2, 0));
                })
            .fitting((condition, columns) -> condition.mismatch(columns.get(0)));

    public Steady {
      if (measure(metric).isEmpty()) {
        throw RuleFault.of(
            "steady",
            "'" + NameGrammar.quoted(String.valueOf(metric)) + "' is not a metric",
            "Use rowCount, or one of completeness, distinctCount, mean, stddev, sum, min, and max"
                + " with its column, such as mean(fare).");
      }
      metric = metric.strip();
      if (deviations == null || deviations.signum() <= 0) {
        throw RuleFault.of(
            "steady", "its deviations are not a number above 0", "Use a number such as 4.");
      }
      deviations = (BigDecimal) Objects.requireNonNull(RuleLiterals.of(deviations));
      if (window < MIN_WINDOW || window > MAX_WINDOW) {
        throw RuleFault.of(
            "steady",
            "its window is " + window + " publishes",
            "Use " + MIN_WINDOW + " to " + MAX_WINDOW + ".");
      }
    }

    public static Steady of(String metric, @Nullable Number deviations, int window) {
      BigDecimal number =
          RuleLiterals.of(deviations) instanceof BigDecimal finite ? finite : BigDecimal.ZERO;
      return new Steady(metric, number, window);
    }

    private static Optional<String> measure(@Nullable String metric) {
      Matcher matcher = METRIC.matcher(String.valueOf(metric).strip());
      if (!matcher.matches()) {
        return Optional.empty();
      }
      Class<?> measure =
          matcher.group(2) == null ? RowCountCondition.class : ColumnMeasureCondition.class;
      return ConditionCodecs.all().stream()
          .filter(codec -> measure.isAssignableFrom(codec.type()))
          .map(ConditionCodec::name)
          .filter(matcher.group(1)::equals)
          .findFirst();
    }

    /** Returns the name of the kind of the measure that the metric names. */
    public String measure() {
      return measure(metric).orElseThrow();
    }

    private @Nullable String mismatch(ColumnPath column) {
      return switch (measure()) {
        case "mean", "stddev", "sum" -> RuleTypeCheck.notNumber(column);
        case "min", "max" -> {
          String unordered = RuleTypeCheck.notOrdered(column);
          yield unordered == null ? RuleTypeCheck.notNumber(column) : unordered;
        }
        default -> null;
      };
    }

    @Override
    public List<String> columns() {
      int open = metric.indexOf('(');
      return open < 0 ? List.of() : List.of(metric.substring(open + 1, metric.length() - 1));
    }

    @Override
    public String text() {
      return "steady(" + metric + ", " + RuleLiterals.text(deviations) + ", " + window + ")";
    }

    @Override
    public String defaultId() {
      return "steady." + metric.replace('(', '.').replace(")", "");
    }

    @Override
    public Steady renamed(UnaryOperator<String> names) {
      return columns().isEmpty()
          ? this
          : new Steady(measure() + "(" + names.apply(columns().get(0)) + ")", deviations, window);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return equals(other);
    }
  }

  /**
   * The number of rows relative to another product's is in a range.
   *
   * @param product the other product
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record SameRowCount(ProductName product, @Nullable BigDecimal low, @Nullable BigDecimal high)
      implements DatasetCondition, Range, ProductReference {
    static final ConditionCodec<SameRowCount> CODEC =
        ConditionCodec.of(
            "sameRowCount",
            SameRowCount.class,
            arguments -> {
              arguments.require(3);
              return of(arguments.get(0), arguments.number(1), arguments.number(2));
            });

    /** Converts and checks the ends. */
    public SameRowCount {
      NumberRange range = NumberRange.of("sameRowCount", low, high);
      low = range.low();
      high = range.high();
    }

    public static SameRowCount of(
        @Nullable CharSequence product, @Nullable Number low, @Nullable Number high) {
      ProductName name = RuleNames.product("sameRowCount", product);
      NumberRange range = NumberRange.of("sameRowCount", low, high);
      return new SameRowCount(name, range.low(), range.high());
    }

    @Override
    public List<String> columns() {
      return List.of();
    }

    @Override
    public List<String> otherColumns() {
      return List.of();
    }

    @Override
    public String text() {
      return "sameRowCount(" + product + RuleLiterals.ends(this) + ")";
    }

    @Override
    public String defaultId() {
      return "sameRowCount." + product.toString().replace('/', '.');
    }

    @Override
    public SameRowCount renamed(UnaryOperator<String> names) {
      return this;
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof SameRowCount weak
          && weak.product.equals(product)
          && RangeCheck.isInside(this, weak, true);
    }
  }

  /**
   * The sum of a column, relative to the sum in another product, is in a range.
   *
   * @param column the column
   * @param product the other product
   * @param otherColumn the other product's column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   */
  record SameSum(
      String column,
      ProductName product,
      String otherColumn,
      @Nullable BigDecimal low,
      @Nullable BigDecimal high)
      implements DatasetCondition, Range, ProductReference {
    static final ConditionCodec<SameSum> CODEC =
        ConditionCodec.of(
                "sameSum",
                SameSum.class,
                arguments -> {
                  arguments.require(5);
                  return of(
                      arguments.get(0),
                      arguments.get(1),
                      arguments.get(2),
                      arguments.number(3),
                      arguments.number(4));
                })
            .fitting((condition, columns) -> RuleTypeCheck.notNumber(columns.get(0)));

    /** Checks the other column, and converts and checks the ends. */
    public SameSum {
      RuleNames.checkColumn("sameSum", otherColumn);
      NumberRange range = NumberRange.of("sameSum", low, high);
      low = range.low();
      high = range.high();
    }

    public static SameSum of(
        String column,
        @Nullable CharSequence product,
        String otherColumn,
        @Nullable Number low,
        @Nullable Number high) {
      RuleNames.checkColumn("sameSum", otherColumn);
      ProductName name = RuleNames.product("sameSum", product);
      NumberRange range = NumberRange.of("sameSum", low, high);
      return new SameSum(column, name, otherColumn, range.low(), range.high());
    }

    @Override
    public List<String> columns() {
      return Collections.singletonList(column);
    }

    @Override
    public List<String> otherColumns() {
      return List.of(otherColumn);
    }

    @Override
    public String text() {
      return "sameSum("
          + column
          + ", "
          + product
          + ", "
          + otherColumn
          + RuleLiterals.ends(this)
          + ")";
    }

    @Override
    public SameSum renamed(UnaryOperator<String> names) {
      return new SameSum(names.apply(column), product, otherColumn, low, high);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof SameSum weak
          && weak.column.equals(column)
          && weak.product.equals(product)
          && weak.otherColumn.equals(otherColumn)
          && RangeCheck.isInside(this, weak, true);
    }
  }
}
