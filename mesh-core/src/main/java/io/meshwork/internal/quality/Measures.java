package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.Rule;
import io.meshwork.internal.measure.Age;
import io.meshwork.internal.measure.Completeness;
import io.meshwork.internal.measure.DistinctCount;
import io.meshwork.internal.measure.Extreme;
import io.meshwork.internal.measure.Figure;
import io.meshwork.internal.measure.LeafPath;
import io.meshwork.internal.measure.Measure;
import io.meshwork.internal.measure.RowCount;
import io.meshwork.internal.measure.Statistic;
import io.meshwork.internal.measure.Steadiness;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** What rules on many rows measure, and what a number means for a rule. */
public final class Measures {
  private static final double TICKS_OF_SECOND = 1e6;
  private static final double NANOS_OF_SECOND = 1e9;

  private Measures() {}

  /**
   * A new measure of a rule's metric.
   *
   * @param schema where the rule's column is
   */
  public static Measure of(Rule rule, Schema schema) {
    return switch (metric(rule)) {
      case ROW_COUNT -> new RowCount();
      case COMPLETENESS -> new Completeness(path(rule, schema));
      case DISTINCT_COUNT -> new DistinctCount(path(rule, schema));
      case MEAN -> new Statistic(Statistic.Kind.MEAN, path(rule, schema));
      case STDDEV -> new Statistic(Statistic.Kind.STDDEV, path(rule, schema));
      case SUM -> new Statistic(Statistic.Kind.SUM, path(rule, schema));
      case MIN -> Extreme.least(path(rule, schema));
      case MAX, FRESH -> Extreme.greatest(path(rule, schema));
      case REFERENCES -> new OwnReferences(rule, schema);
      default -> throw new IllegalArgumentException("no measure of " + rule);
    };
  }

  /** What is measured: of rules that compare a measure with others, that measure. */
  private static Rule.Kind metric(Rule rule) {
    return switch (rule.kind()) {
      case STEADY -> rule.metric().orElseThrow();
      case SAME_ROW_COUNT -> Rule.Kind.ROW_COUNT;
      case SAME_SUM -> Rule.Kind.SUM;
      default -> rule.kind();
    };
  }

  private static LeafPath path(Rule rule, Schema schema) {
    return LeafPath.of(schema, rule.columns().get(0));
  }

  /** Field ids of the columns that a rule's metric needs; none to count rows. */
  public static Set<Integer> fieldIds(Rule rule, Schema schema) {
    return metric(rule) == Rule.Kind.ROW_COUNT ? Set.of() : Set.of(path(rule, schema).fieldId());
  }

  /**
   * Adds the rows of a file by what its entry says of them, where that is exact or cannot change
   * the result.
   *
   * @return false if the file has to be read
   */
  public static boolean addByStatistics(Rule rule, Measure measure, Schema schema, DataFile file) {
    if (measure instanceof RowCount rows && rule.where().isEmpty()) {
      rows.add(file.recordCount());
      return true;
    }
    if (measure instanceof Completeness completeness && rule.where().isEmpty()) {
      FileStatistics statistics = statistics(rule, schema, file);
      if (statistics.nulls() != null) {
        completeness.add(file.recordCount(), statistics.nulls());
        return true;
      }
    }
    if (measure instanceof Extreme extreme) {
      FileStatistics statistics = statistics(rule, schema, file);
      return statistics.noValue()
          || !extreme.mayChange(extreme.isGreatest() ? statistics.upper() : statistics.lower());
    }
    return false;
  }

  private static FileStatistics statistics(Rule rule, Schema schema, DataFile file) {
    return FileStatistics.of(file, schema.findField(path(rule, schema).fieldId()));
  }

  /** Whether a rule's metric is that of a column. */
  public static boolean hasColumn(Rule rule) {
    return !rule.columns().isEmpty();
  }

  /**
   * The name of what a rule measures, by which the history keeps it, such as {@code mean(fare)};
   * rules with one name measure the same.
   */
  public static String name(Rule rule) {
    return metric(rule).text()
        + (hasColumn(rule) ? "(" + rule.columns().get(0) + ")" : "")
        + rule.where().map(filter -> " where '" + filter.replace("'", "''") + "'").orElse("")
        + (rule.scope() == Rule.Scope.BATCH ? "" : " scope " + rule.scope().text());
  }

  /**
   * The number as it is kept and shown: dates in days since 1970, times and timestamps in seconds,
   * of midnight or of 1970.
   *
   * @param schema where the rule's column is
   */
  public static OptionalDouble shown(Rule rule, Figure figure, Schema schema) {
    boolean extreme = figure.value() instanceof Long && hasColumn(rule);
    if (!extreme) {
      return figure.asDouble();
    }
    double ticks = figure.asDouble().orElseThrow();
    return switch (path(rule, schema).type().typeId()) {
      case TIME, TIMESTAMP -> OptionalDouble.of(ticks / TICKS_OF_SECOND);
      case TIMESTAMP_NANO -> OptionalDouble.of(ticks / NANOS_OF_SECOND);
      default -> figure.asDouble();
    };
  }

  /**
   * Judges what was measured for a rule that compares it with its own ends only.
   *
   * @param now the moment of the publish
   */
  static Measured judge(Rule rule, Figure figure, Schema schema, Instant now) {
    if (!figure.gap().isEmpty()) {
      return Measured.notEvaluated(figure.gap());
    }
    if (rule.kind() == Rule.Kind.FRESH) {
      return fresh(rule, figure, path(rule, schema).type(), now);
    }
    if (figure.isNothing()) {
      return Measured.skipped("there are too few values to measure" + nans(figure));
    }
    Object value = Objects.requireNonNull(figure.value());
    boolean inside =
        switch (rule.kind()) {
          case MIN, MAX ->
              RangeJudge.of(path(rule, schema).type(), rule.low(), rule.high(), false).holds(value);
          default -> figure.isWithin(end(rule.low()), end(rule.high()));
        };
    return ended(
        inside,
        shown(rule, figure, schema),
        inside ? nansAlone(figure) : outside(rule, figure) + nans(figure));
  }

  private static Measured fresh(Rule rule, Figure figure, Type type, Instant now) {
    if (figure.isNothing()) {
      return ended(false, OptionalDouble.empty(), "there is no time in column " + column(rule));
    }
    long ticks = ((Number) Objects.requireNonNull(figure.value())).longValue();
    Figure age = Age.minutes(Age.moment(type, ticks, rule.zone().orElse(null)), now);
    Duration within = (Duration) Objects.requireNonNull(rule.arguments().get(0));
    boolean fresh = age.isWithin(null, Age.minutes(within));
    return ended(
        fresh,
        age.asDouble(),
        fresh
            ? ""
            : "the latest time in column "
                + column(rule)
                + " was "
                + rounded(age.asDouble().orElseThrow())
                + " minutes ago");
  }

  static Measured ended(boolean passes, OptionalDouble measure, String reason) {
    OptionalDouble finite =
        measure.isPresent() && Double.isFinite(measure.getAsDouble())
            ? measure
            : OptionalDouble.empty();
    return new Measured(passes ? Outcome.PASS : Outcome.FAIL, finite, reason);
  }

  /** Counts and shares are told; a mean or an extreme may be the value of a single row. */
  private static String outside(Rule rule, Figure figure) {
    String number = rounded(figure.asDouble().orElseThrow());
    return switch (rule.kind()) {
      case ROW_COUNT ->
          rule.scope() == Rule.Scope.BATCH
              ? "the publish has " + number + " rows"
              : "there are " + number + " rows after it";
      case COMPLETENESS -> number + " percent of the rows have a value in column " + column(rule);
      case DISTINCT_COUNT -> "column " + column(rule) + " has " + number + " different values";
      default ->
          "the "
              + rule.kind().text()
              + " of column "
              + column(rule)
              + " lies outside of its range"
              + side(rule, figure);
    };
  }

  private static String side(Rule rule, Figure figure) {
    return switch (rule.kind()) {
      case MEAN, STDDEV, SUM ->
          figure.isWithin(end(rule.low()), null) ? ", above its high end" : ", below its low end";
      default -> "";
    };
  }

  /** How far a number strays: counts and shares are told, of others only the distance. */
  static String straying(Rule rule, double number, Steadiness.Range range, double deviations) {
    boolean told =
        switch (metric(rule)) {
          case ROW_COUNT, COMPLETENESS, DISTINCT_COUNT -> true;
          default -> false;
        };
    if (told) {
      return "it is "
          + rounded(number)
          + ", and "
          + rounded(range.low())
          + " to "
          + rounded(range.high())
          + " is allowed";
    }
    return range.deviation() == 0
        ? "most of these were the same number, and it is another"
        : "it lies "
            + rounded(Math.abs(number - range.median()) / range.deviation())
            + " robust deviations "
            + (number < range.median() ? "below" : "above")
            + " their median, and "
            + rounded(deviations)
            + " are allowed";
  }

  private static String column(Rule rule) {
    return rule.columns().get(0);
  }

  private static String nans(Figure figure) {
    return figure.nanCount() == 0 ? "" : "; " + nansAlone(figure);
  }

  private static String nansAlone(Figure figure) {
    return figure.nanCount() == 0
        ? ""
        : figure.nanCount()
            + (figure.nanCount() == 1 ? " value is" : " values are")
            + " NaN and left out";
  }

  static String rounded(double number) {
    return Double.isFinite(number)
        ? new BigDecimal(number, new MathContext(6)).stripTrailingZeros().toPlainString()
        : Double.toString(number);
  }

  static @Nullable BigDecimal end(@Nullable Object bound) {
    return bound instanceof Long number
        ? BigDecimal.valueOf(number)
        : bound instanceof BigDecimal decimal ? decimal : null;
  }
}
