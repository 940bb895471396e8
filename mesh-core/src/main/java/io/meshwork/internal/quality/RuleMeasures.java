package io.meshwork.internal.quality;

import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.Rule;
import io.meshwork.internal.condition.DatasetCondition.Fresh;
import io.meshwork.internal.condition.DatasetCondition.Steady;
import io.meshwork.internal.condition.RowCondition.References;
import io.meshwork.internal.condition.RuleCondition.Range;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.schema.LeafPath;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Creates the measures of dataset rules and evaluates measured values. */
public final class RuleMeasures {
  private static final double TICKS_OF_SECOND = 1e6;
  private static final double NANOS_OF_SECOND = 1e9;

  private RuleMeasures() {}

  /**
   * Creates the measure of a rule's metric.
   *
   * @param schema contains the rule's column
   */
  public static RowMeasure of(Rule rule, Schema schema) {
    return switch (metric(rule)) {
      case ROW_COUNT -> new RowCount();
      case COMPLETENESS -> new CompletenessMeasure(path(rule, schema));
      case DISTINCT_COUNT -> new DistinctCount(path(rule, schema));
      case MEAN -> new StatisticMeasure(StatisticMeasure.Kind.MEAN, path(rule, schema));
      case STDDEV -> new StatisticMeasure(StatisticMeasure.Kind.STDDEV, path(rule, schema));
      case SUM -> new StatisticMeasure(StatisticMeasure.Kind.SUM, path(rule, schema));
      case MIN -> ExtremeMeasure.least(path(rule, schema));
      case MAX, FRESH -> ExtremeMeasure.greatest(path(rule, schema));
      case REFERENCES -> new OwnReferences(rule, (References) RuleConditions.of(rule), schema);
      default -> throw new IllegalArgumentException("not a dataset rule: " + rule);
    };
  }

  /**
   * Returns true if the measure of a rule's metric is one that {@link RowMeasure#seesAllValues}.
   */
  public static boolean seesAllValues(Rule rule) {
    return metric(rule) == Rule.Kind.DISTINCT_COUNT;
  }

  /** Returns the metric; for rules that compare measures, of the compared measure. */
  private static Rule.Kind metric(Rule rule) {
    return switch (rule.kind()) {
      case STEADY -> kind(((Steady) RuleConditions.of(rule)).measure());
      case SAME_ROW_COUNT -> Rule.Kind.ROW_COUNT;
      case SAME_SUM -> Rule.Kind.SUM;
      default -> rule.kind();
    };
  }

  private static Rule.Kind kind(String name) {
    return Arrays.stream(Rule.Kind.values())
        .filter(kind -> kind.text().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static LeafPath path(Rule rule, Schema schema) {
    return LeafPath.of(schema, rule.columns().get(0));
  }

  /** Returns the field IDs of the columns that a rule's metric needs; none to count rows. */
  public static Set<Integer> fieldIds(Rule rule, Schema schema) {
    return metric(rule) == Rule.Kind.ROW_COUNT ? Set.of() : Set.of(path(rule, schema).fieldId());
  }

  /**
   * Adds the rows of a file from its statistics, if these are exact or cannot change the result.
   *
   * @return false if the file must be read
   */
  public static boolean addByStatistics(
      Rule rule, RowMeasure measure, Schema schema, DataFile file) {
    if (measure instanceof RowCount rows && rule.where().isEmpty()) {
      rows.add(file.recordCount());
      return true;
    }
    if (measure instanceof CompletenessMeasure completeness && rule.where().isEmpty()) {
      FileStatistics statistics = statistics(rule, schema, file);
      if (statistics.nulls() != null) {
        completeness.add(file.recordCount(), statistics.nulls());
        return true;
      }
    }
    if (measure instanceof ExtremeMeasure extreme) {
      FileStatistics statistics = statistics(rule, schema, file);
      return statistics.noValue()
          || !extreme.mayChange(extreme.isGreatest() ? statistics.upper() : statistics.lower());
    }
    return false;
  }

  private static FileStatistics statistics(Rule rule, Schema schema, DataFile file) {
    return FileStatistics.of(file, schema.findField(path(rule, schema).fieldId()));
  }

  /** Returns true if a rule's metric is about a column. */
  public static boolean hasColumn(Rule rule) {
    return !rule.columns().isEmpty();
  }

  /**
   * Returns the name of a rule's metric in the history, such as {@code mean(fare)}; rules with the
   * same name measure the same.
   */
  public static String name(Rule rule) {
    return metric(rule).text()
        + (hasColumn(rule) ? "(" + rule.columns().get(0) + ")" : "")
        + rule.where().map(filter -> " where '" + filter.replace("'", "''") + "'").orElse("")
        + (rule.scope() == Rule.Scope.BATCH ? "" : " scope " + rule.scope().text());
  }

  /**
   * Returns the value as stored and displayed: dates in days since 1970; times in seconds since
   * midnight, timestamps in seconds since 1970.
   *
   * @param schema contains the rule's column
   */
  public static OptionalDouble displayedValue(Rule rule, MeasuredValue figure, Schema schema) {
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
   * Evaluates the measured value of a rule that compares it with its own range only.
   *
   * @param now the time of the publish
   */
  static RuleMeasurement evaluate(Rule rule, MeasuredValue figure, Schema schema, Instant now) {
    if (!figure.gap().isEmpty()) {
      return RuleMeasurement.notEvaluated(figure.gap());
    }
    if (RuleConditions.of(rule) instanceof Fresh fresh) {
      return fresh(fresh, figure, path(rule, schema).type(), now);
    }
    if (figure.isEmpty()) {
      return RuleMeasurement.skipped("there are too few values to measure" + nans(figure));
    }
    Object value = Objects.requireNonNull(figure.value());
    Range range = (Range) RuleConditions.of(rule);
    boolean inside =
        switch (rule.kind()) {
          case MIN, MAX ->
              RangeEvaluator.of(path(rule, schema).type(), range.low(), range.high(), false)
                  .holds(value);
          default -> figure.isWithin(end(range.low()), end(range.high()));
        };
    return ended(
        inside,
        displayedValue(rule, figure, schema),
        inside ? nanNote(figure) : outside(rule, range, figure) + nans(figure));
  }

  private static RuleMeasurement fresh(
      Fresh condition, MeasuredValue figure, Type type, Instant now) {
    if (figure.isEmpty()) {
      return ended(
          false, OptionalDouble.empty(), "there is no timestamp in column " + condition.column());
    }
    long ticks = ((Number) Objects.requireNonNull(figure.value())).longValue();
    MeasuredValue age = AgeMeasure.minutes(AgeMeasure.moment(type, ticks, condition.zone()), now);
    boolean fresh = age.isWithin(null, AgeMeasure.minutes(condition.within()));
    return ended(
        fresh,
        age.asDouble(),
        fresh
            ? ""
            : "the latest timestamp in column "
                + condition.column()
                + " was "
                + rounded(age.asDouble().orElseThrow())
                + " minutes ago");
  }

  static RuleMeasurement ended(boolean passes, OptionalDouble measure, String reason) {
    OptionalDouble finite =
        measure.isPresent() && Double.isFinite(measure.getAsDouble())
            ? measure
            : OptionalDouble.empty();
    return new RuleMeasurement(passes ? Outcome.PASS : Outcome.FAIL, finite, reason);
  }

  /**
   * Describes a value outside of the range. Counts and shares are included; a mean or an extreme
   * may be the value of a single row and is not.
   */
  private static String outside(Rule rule, Range range, MeasuredValue figure) {
    String number = rounded(figure.asDouble().orElseThrow());
    return switch (rule.kind()) {
      case ROW_COUNT ->
          rule.scope() == Rule.Scope.BATCH
              ? "the publish has " + number + " rows"
              : "there are " + number + " rows after it";
      case COMPLETENESS -> number + " percent of the rows have a value in column " + column(rule);
      case DISTINCT_COUNT -> "column " + column(rule) + " has " + number + " distinct values";
      default ->
          "the "
              + rule.kind().text()
              + " of column "
              + column(rule)
              + " is outside of its range"
              + side(rule, range, figure);
    };
  }

  private static String side(Rule rule, Range range, MeasuredValue figure) {
    return switch (rule.kind()) {
      case MEAN, STDDEV, SUM -> {
        if (Double.isNaN(figure.asDouble().orElseThrow())) {
          yield ": it is not a number, because values are infinite";
        }
        yield figure.isWithin(end(range.low()), null)
            ? ", above its upper bound"
            : ", below its lower bound";
      }
      default -> "";
    };
  }

  /**
   * Describes a deviation. Counts and shares are included; for other metrics, only the distance.
   */
  static String deviationText(
      Rule rule, double number, SteadinessCheck.Range range, double deviations) {
    boolean isNumberShown =
        switch (metric(rule)) {
          case ROW_COUNT, COMPLETENESS, DISTINCT_COUNT -> true;
          default -> false;
        };
    if (isNumberShown) {
      return "it is "
          + rounded(number)
          + ", and "
          + rounded(range.low())
          + " to "
          + rounded(range.high())
          + " is allowed";
    }
    return range.deviation() == 0
        ? "most of these values are equal, and it differs from them"
        : "it is "
            + rounded(Math.abs(number - range.median()) / range.deviation())
            + " robust deviations "
            + (number < range.median() ? "below" : "above")
            + " their median; "
            + rounded(deviations)
            + " are allowed";
  }

  private static String column(Rule rule) {
    return rule.columns().get(0);
  }

  private static String nans(MeasuredValue figure) {
    return figure.nanCount() == 0 ? "" : "; " + nanNote(figure);
  }

  private static String nanNote(MeasuredValue figure) {
    return figure.nanCount() == 0
        ? ""
        : figure.nanCount()
            + (figure.nanCount() == 1 ? " value is" : " values are")
            + " NaN and excluded";
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
