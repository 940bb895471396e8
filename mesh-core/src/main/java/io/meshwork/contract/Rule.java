package io.meshwork.contract;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.condition.ConditionParser;
import io.meshwork.internal.condition.DatasetCondition;
import io.meshwork.internal.condition.LiteralSet;
import io.meshwork.internal.condition.NumberRange;
import io.meshwork.internal.condition.RowCondition;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.condition.RuleFault;
import io.meshwork.internal.condition.RuleLiterals;
import io.meshwork.internal.condition.RuleNames;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A rule of a contract that data must satisfy. Import the factory methods statically. Null values
 * are skipped, unless the factory method says otherwise. A contract checks whether a rule fits its
 * schema.
 *
 * <p>Columns can be in structs: {@code customer.city}. Rules on rows can also refer to the elements
 * of a list, {@code lines[].quantity}, or the values of a map, {@code parts{}.price}. Then a row
 * fails if one of them fails, and passes if there is none. A null on the path to a column makes the
 * column null.
 *
 * <p>Two rules are equal if their ID, text, severity, dimension, and description are equal.
 * Immutable and thread-safe.
 */
public abstract class Rule {
  /** The kinds of rules. */
  public enum Kind {
    /** A row fails if one of the columns is null. */
    NOT_NULL(Dimension.COMPLETENESS, RowCondition.NotNull.class),
    /**
     * A row fails if the value is null or one of the listed values, which stand for a missing
     * value.
     */
    NOT_MISSING(Dimension.COMPLETENESS, RowCondition.NotMissing.class),
    /** A row fails if the value is outside the range. */
    BETWEEN(Dimension.CONFORMITY, RowCondition.Between.class),
    /** A row fails if the value is not one of the listed values. */
    IN_SET(Dimension.CONFORMITY, RowCondition.InSet.class),
    /** A row fails if the value is one of the listed values. */
    NOT_IN_SET(Dimension.CONFORMITY, RowCondition.NotInSet.class),
    /** A row fails if the whole string does not match. */
    MATCHES(Dimension.CONFORMITY, RowCondition.Matches.class),
    /**
     * A row fails if a string (in code points), bytes, a list, or a map is too short or too long.
     */
    LENGTH(Dimension.CONFORMITY, RowCondition.Length.class),
    /** A row fails if two columns do not have this relation. */
    COMPARE(Dimension.CONSISTENCY, RowCondition.Compare.class),
    /** A row fails if another product has no row with these values. */
    REFERENCES(Dimension.CONSISTENCY, RowCondition.References.class),
    /** A row fails if the producer's code returns false. */
    CUSTOM(Dimension.CONFORMITY, RowCondition.Custom.class),
    /** A row fails if an earlier row has the same key; keys with a null are skipped. */
    UNIQUE(Dimension.UNIQUENESS, RuleCondition.Unique.class),
    /** The publish fails if it has too few or too many rows. */
    ROW_COUNT(Dimension.COVERAGE, DatasetCondition.RowCountCondition.class),
    /** The publish fails if the share of values that are not null is outside the range. */
    COMPLETENESS(Dimension.COMPLETENESS, DatasetCondition.Completeness.class),
    /** The publish fails if it has too few or too many distinct values. */
    DISTINCT_COUNT(Dimension.COVERAGE, DatasetCondition.DistinctValues.class),
    /** The publish fails if the mean is outside the range. */
    MEAN(Dimension.ACCURACY, DatasetCondition.Mean.class),
    /** The publish fails if the sample standard deviation is outside the range. */
    STDDEV(Dimension.ACCURACY, DatasetCondition.Stddev.class),
    /** The publish fails if the sum is outside the range. */
    SUM(Dimension.ACCURACY, DatasetCondition.Sum.class),
    /** The publish fails if the minimum is outside the range. */
    MIN(Dimension.ACCURACY, DatasetCondition.Min.class),
    /** The publish fails if the maximum is outside the range. */
    MAX(Dimension.ACCURACY, DatasetCondition.Max.class),
    /** The publish fails if the latest time is too old. */
    FRESH(Dimension.TIMELINESS, DatasetCondition.Fresh.class),
    /** The publish fails if a metric deviates from its values in earlier publishes. */
    STEADY(Dimension.ACCURACY, DatasetCondition.Steady.class),
    /**
     * The publish fails if its number of rows relative to another product's is outside the range.
     */
    SAME_ROW_COUNT(Dimension.CONSISTENCY, DatasetCondition.SameRowCount.class),
    /** The publish fails if a sum relative to another product's is outside the range. */
    SAME_SUM(Dimension.CONSISTENCY, DatasetCondition.SameSum.class),
    /** A description for people; never evaluated. */
    TEXT(Dimension.CONFORMITY, RuleCondition.Text.class);

    private static final Map<Class<?>, Kind> KINDS =
        Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(kind -> kind.condition, Function.identity()));

    private final Dimension dimension;
    private final Class<? extends RuleCondition> condition;
    private final String text;

    Kind(Dimension dimension, Class<? extends RuleCondition> condition) {
      this.dimension = dimension;
      this.condition = condition;
      this.text = RuleCondition.kindName(condition);
    }

    /** The kind's name in a rule's text. */
    public String text() {
      return text;
    }

    /** Returns true if each row passes or fails, so that a rule can tolerate failing rows. */
    public boolean judgesRows() {
      return RowCondition.class.isAssignableFrom(condition);
    }

    /** Returns true if it measures the publish as a whole, without failing rows or a tolerance. */
    public boolean measuresWhole() {
      return DatasetCondition.class.isAssignableFrom(condition);
    }

    /** Returns the default quality dimension. */
    public Dimension dimension() {
      return dimension;
    }

    Class<? extends RuleCondition> condition() {
      return condition;
    }

    static Kind of(RuleCondition condition) {
      return Objects.requireNonNull(KINDS.get(condition.getClass()));
    }

    Set<Scope> scopes() {
      return switch (this) {
        case REFERENCES -> EnumSet.of(Scope.TABLE);
        case UNIQUE, ROW_COUNT, COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX, FRESH ->
            EnumSet.allOf(Scope.class);
        default -> EnumSet.of(Scope.BATCH);
      };
    }

    Scope defaultScope() {
      return this == REFERENCES || this == FRESH ? Scope.TABLE : Scope.BATCH;
    }

    Severity defaultSeverity() {
      return this == STEADY ? Severity.WARN : Severity.ERROR;
    }
  }

  /** What a failed rule does. */
  public enum Severity {
    /** Rejects the publish or quarantines rows. */
    ERROR,
    /** Is reported. */
    WARN
  }

  /** The quality dimensions of the Open Data Contract Standard. */
  public enum Dimension {
    /** Values match the real world. */
    ACCURACY,
    /** Nothing is missing. */
    COMPLETENESS,
    /** Values have the required form. */
    CONFORMITY,
    /** Values agree with other values, in this product or another one. */
    CONSISTENCY,
    /** All relevant data is included. */
    COVERAGE,
    /** Data is recent enough. */
    TIMELINESS,
    /** There are no duplicates. */
    UNIQUENESS
  }

  /** The rows that a rule checks. */
  public enum Scope {
    /** The rows of one publish. */
    BATCH,
    /** The table after the publish. */
    TABLE,
    /** The partitions that the publish changes, after the publish. */
    PARTITION;

    /** The scope's name in a rule's text. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** A rule that each row passes or fails, so that it can tolerate failing rows. */
  public abstract static class OnRows extends Rule {
    OnRows(RuleTerms terms) {
      super(terms);
    }

    /**
     * Returns the rule tolerating failing rows up to a share of the checked rows.
     *
     * @param percent 0 to 100
     */
    public OnRows toleratePercent(double percent) {
      return (OnRows) toleratingPercent(percent);
    }

    /**
     * Returns the rule tolerating up to this number of failing rows.
     *
     * @param rows 0 or more
     */
    public OnRows tolerateRows(long rows) {
      return (OnRows) toleratingRows(rows);
    }

    @Override
    public OnRows warn() {
      return (OnRows) super.warn();
    }

    @Override
    public OnRows error() {
      return (OnRows) super.error();
    }

    @Override
    public OnRows where(String filter) {
      return (OnRows) super.where(filter);
    }

    @Override
    public OnRows dimension(Dimension dimension) {
      return (OnRows) super.dimension(dimension);
    }

    @Override
    public OnRows description(String description) {
      return (OnRows) super.description(description);
    }

    @Override
    public OnRows id(String id) {
      return (OnRows) super.id(id);
    }
  }

  /** A rule that can check the rows of a publish, the whole table, or the changed partitions. */
  public abstract static class WithScope extends Rule {
    WithScope(RuleTerms terms) {
      super(terms);
    }

    /**
     * Returns the rule with another scope.
     *
     * @param scope not null
     */
    public WithScope scope(Scope scope) {
      return (WithScope) scopedTo(scope);
    }

    @Override
    public WithScope warn() {
      return (WithScope) super.warn();
    }

    @Override
    public WithScope error() {
      return (WithScope) super.error();
    }

    @Override
    public WithScope where(String filter) {
      return (WithScope) super.where(filter);
    }

    @Override
    public WithScope dimension(Dimension dimension) {
      return (WithScope) super.dimension(dimension);
    }

    @Override
    public WithScope description(String description) {
      return (WithScope) super.description(description);
    }

    @Override
    public WithScope id(String id) {
      return (WithScope) super.id(id);
    }
  }

  final RuleTerms terms;

  Rule(RuleTerms terms) {
    this.terms = terms;
  }

  static Rule of(RuleCondition condition) {
    RuleNames.checkColumns(condition.kindName(), condition.columns());
    return ConditionRule.of(new RuleTerms(condition));
  }

  private static OnRows onRows(RowCondition condition) {
    return (OnRows) of(condition);
  }

  private static WithScope scoped(RuleCondition condition) {
    return (WithScope) of(condition);
  }

  /**
   * No row has a null in any of these columns. A row with several nulls counts once.
   *
   * @param columns at least one
   */
  public static OnRows notNull(String... columns) {
    return onRows(new RowCondition.NotNull(Arrays.asList(columns)));
  }

  /**
   * The value is neither null nor one of the values that some systems write for a missing value:
   * {@code notMissing("code", "", "N/A")}.
   *
   * @param column the column
   * @param values the values; none means the empty string, for a string column
   */
  public static OnRows notMissing(String column, Object... values) {
    return onRows(
        new RowCondition.NotMissing(
            column, LiteralSet.list("notMissing(" + column + ")", values), false));
  }

  /**
   * As {@link #notMissing}, ignoring surrounding white space of values and of the listed strings.
   *
   * @param column as there
   * @param values as there
   */
  public static OnRows notMissingTrimmed(String column, Object... values) {
    return onRows(
        new RowCondition.NotMissing(
            column, LiteralSet.list("notMissing(" + column + ")", values), true));
  }

  /**
   * No two rows have the same values in all of these columns. Checks the rows of one publish,
   * unless {@link WithScope#scope} sets another scope. Rows with a null in one of the columns are
   * skipped, as in SQL.
   *
   * @param columns at least one
   */
  public static WithScope unique(String... columns) {
    return scoped(new RuleCondition.Unique(Arrays.asList(columns), null));
  }

  /**
   * As {@link #unique}, keeping, of rows with the same key, the one with the greatest value in a
   * column, and of equal ones the first. It decides which rows are quarantined. A row that breaks a
   * rule with a tolerance yields to rows that break none.
   *
   * @param latestBy the column
   * @param columns the columns of the key; at least one
   */
  public static WithScope uniqueKeepLatestBy(String latestBy, String... columns) {
    Rule unique = unique(columns);
    RuleNames.checkColumn(unique.id(), latestBy);
    return scoped(new RuleCondition.Unique(Arrays.asList(columns), latestBy));
  }

  /**
   * The value is in the range, including both ends. NaN is outside every range.
   *
   * @param column the column
   * @param low a number, LocalDate, LocalTime, LocalDateTime, or Instant; null for no lower end
   * @param high the same; null for no upper end; not both can be null
   * @throws InvalidRequestException if the ends contradict each other or have another class
   */
  public static OnRows between(String column, @Nullable Object low, @Nullable Object high) {
    return onRows(new RowCondition.Between(column, low, high, false, false));
  }

  /**
   * The value is this or greater. The kind is {@code between}, the ID {@code atLeast.column}.
   *
   * @param column the column
   * @param low as in {@link #between}; not null
   */
  public static OnRows atLeast(String column, Object low) {
    return onRows(RowCondition.Between.atLeast(column, low));
  }

  /**
   * The value is this or less. The kind is {@code between}, the ID {@code atMost.column}.
   *
   * @param column the column
   * @param high as in {@link #between}; not null
   */
  public static OnRows atMost(String column, Object high) {
    return onRows(RowCondition.Between.atMost(column, high));
  }

  /**
   * The value is in the range, without its ends. Has the kind and the ID of {@link #between}.
   *
   * @param column the column
   * @param low as in {@link #between}
   * @param high as in {@link #between}
   * @throws InvalidRequestException as {@link #between}
   */
  public static OnRows betweenExclusive(
      String column, @Nullable Object low, @Nullable Object high) {
    return onRows(new RowCondition.Between(column, low, high, true, false));
  }

  /**
   * The value is greater than this. The kind is {@code between}, the ID {@code atLeast.column}.
   *
   * @param column the column
   * @param low as in {@link #between}; not null
   */
  public static OnRows greaterThan(String column, Object low) {
    return onRows(RowCondition.Between.atLeast(column, low).exclusively());
  }

  /**
   * The value is less than this. The kind is {@code between}, the ID {@code atMost.column}.
   *
   * @param column the column
   * @param high as in {@link #between}; not null
   */
  public static OnRows lessThan(String column, Object high) {
    return onRows(RowCondition.Between.atMost(column, high).exclusively());
  }

  /**
   * The value is one of these. Nulls are skipped; a null among the values has no effect.
   *
   * @param column the column
   * @param values at least one
   */
  public static OnRows inSet(String column, @Nullable Object... values) {
    return onRows(new RowCondition.InSet(column, LiteralSet.list("inSet(" + column + ")", values)));
  }

  /**
   * The value is none of these. Nulls are skipped, unless null is one of the values.
   *
   * @param column the column
   * @param values at least one
   */
  public static OnRows notInSet(String column, @Nullable Object... values) {
    return onRows(
        new RowCondition.NotInSet(column, LiteralSet.list("notInSet(" + column + ")", values)));
  }

  /**
   * The whole string matches a regular expression in RE2 syntax, which has no back-references and
   * no look-around.
   *
   * @param column the column
   * @param regex the expression
   * @throws InvalidRequestException if it is invalid or too large, with the position
   */
  public static OnRows matches(String column, String regex) {
    return onRows(new RowCondition.Matches(column, regex));
  }

  /**
   * The length is in the range, including both ends: code points of a string, bytes, elements of a
   * list, or entries of a map.
   *
   * @param column the column
   * @param min 0 or more
   * @param max {@code min} or more
   */
  public static OnRows length(String column, int min, int max) {
    return onRows(new RowCondition.Length(column, min, max));
  }

  /**
   * Two columns of the same type have a relation.
   *
   * @param comparison such as {@code "dropoff >= pickup"}
   */
  public static OnRows compare(String comparison) {
    return onRows(RowCondition.Compare.of(comparison));
  }

  /**
   * Some row of another product has the value; see {@link #references(List, CharSequence, List)}.
   */
  public static OnRows references(String column, CharSequence product, String otherColumn) {
    return references(Arrays.asList(column), product, Arrays.asList(otherColumn));
  }

  /**
   * Some row of another product has the values, in this order. Rows with a null in one of the
   * columns are skipped, as in SQL. The other product is read as of the start of the publish; if it
   * is this product, as of after the publish.
   *
   * @param columns the columns
   * @param product the other product, as {@code domain/product}
   * @param otherColumns the other product's columns, as many
   */
  public static OnRows references(
      List<String> columns, CharSequence product, List<String> otherColumns) {
    return onRows(RowCondition.References.of(columns, product, otherColumns));
  }

  /**
   * The producer's code accepts the row. The contract contains only the name and version; a publish
   * provides the code. Without the code, the rule is not evaluated, which rejects the publish if
   * the severity is ERROR.
   *
   * @param name letters, digits, dots, hyphens, and underscores
   * @param version 1 or more; change it when the code decides differently
   */
  public static OnRows custom(String name, int version) {
    return onRows(new RowCondition.Custom(name, version));
  }

  /**
   * The number of rows is in the range, including both ends.
   *
   * @param min 0 or more
   * @param max {@code min} or more; {@code Long.MAX_VALUE} for no limit
   */
  public static WithScope rowCount(long min, long max) {
    return scoped(new DatasetCondition.RowCountCondition(min, max));
  }

  /** At least this share of values is not null, in percent. */
  public static WithScope completeness(String column, double atLeastPercent) {
    return completeness(column, atLeastPercent, null);
  }

  /**
   * The share of values that are not null is in the range.
   *
   * @param column the column
   * @param lowPercent 0 to 100; null for no lower end
   * @param highPercent 0 to 100; null for no upper end
   */
  public static WithScope completeness(
      String column, @Nullable Number lowPercent, @Nullable Number highPercent) {
    return scoped(
        NumberRange.make(
            "completeness", column, lowPercent, highPercent, DatasetCondition.Completeness::new));
  }

  /**
   * The number of distinct values, without null, is in the range.
   *
   * @param column the column
   * @param min null for no lower end
   * @param max null for no upper end
   */
  public static WithScope distinctCount(String column, @Nullable Number min, @Nullable Number max) {
    return scoped(
        NumberRange.make("distinctCount", column, min, max, DatasetCondition.DistinctValues::new));
  }

  /**
   * The mean of all values without null and NaN is in the range. Skipped without values.
   *
   * @param column the column
   * @param low null for no lower end
   * @param high null for no upper end
   */
  public static WithScope mean(String column, @Nullable Number low, @Nullable Number high) {
    return scoped(NumberRange.make("mean", column, low, high, DatasetCondition.Mean::new));
  }

  /**
   * The sample standard deviation (n - 1) of all values without null and NaN is in the range.
   * Skipped for fewer than two values.
   *
   * @param column the column
   * @param low null for no lower end
   * @param high null for no upper end
   */
  public static WithScope stddev(String column, @Nullable Number low, @Nullable Number high) {
    return scoped(NumberRange.make("stddev", column, low, high, DatasetCondition.Stddev::new));
  }

  /**
   * The sum of all values without null and NaN is in the range. Skipped without values.
   *
   * @param column the column
   * @param low null for no lower end
   * @param high null for no upper end
   */
  public static WithScope sum(String column, @Nullable Number low, @Nullable Number high) {
    return scoped(NumberRange.make("sum", column, low, high, DatasetCondition.Sum::new));
  }

  /**
   * The minimum is in the range.
   *
   * @param column the column
   * @param low as in {@link #between}
   * @param high as in {@link #between}
   */
  public static WithScope min(String column, @Nullable Object low, @Nullable Object high) {
    return scoped(new DatasetCondition.Min(column, low, high));
  }

  /**
   * The maximum is in the range.
   *
   * @param column the column
   * @param low as in {@link #between}
   * @param high as in {@link #between}
   */
  public static WithScope max(String column, @Nullable Object low, @Nullable Object high) {
    return scoped(new DatasetCondition.Max(column, low, high));
  }

  /**
   * The latest time in a column is no older than this when the publish begins.
   *
   * @param column a column of times, not of local ones, which require {@link #fresh(String,
   *     Duration, ZoneId) a time zone}
   * @param within positive
   */
  public static WithScope fresh(String column, Duration within) {
    return scoped(new DatasetCondition.Fresh(column, within, null));
  }

  /**
   * As {@link #fresh(String, Duration)}, reading local timestamps in a time zone.
   *
   * @param column a column of times
   * @param within positive
   * @param zone such as {@code ZoneId.of("Europe/Berlin")}
   */
  public static WithScope fresh(String column, Duration within, ZoneId zone) {
    if (zone == null) {
      throw RuleFault.of(
          "fresh(" + column + ")", "the zone is null", "Name one, such as Europe/Berlin.");
    }
    return scoped(new DatasetCondition.Fresh(column, within, zone));
  }

  /**
   * As {@link #steady(String, double, int)}, with 4 deviations and the last 10 publishes.
   *
   * @param metric as there
   */
  public static Rule steady(String metric) {
    return steady(metric, 4, 10);
  }

  /**
   * A metric is within a number of robust deviations of its last values: median ± {@code
   * deviations} × 1.4826 × MAD. Passes with fewer than 5 earlier values. The severity is WARN,
   * unless {@link #error()} is called.
   *
   * @param metric {@code rowCount}, or one of completeness, distinctCount, mean, stddev, sum, min,
   *     and max with its column, such as {@code mean(fare)}
   * @param deviations greater than 0
   * @param window the number of earlier accepted publishes, 5 to 100; more are not stored
   */
  public static Rule steady(String metric, double deviations, int window) {
    return of(DatasetCondition.Steady.of(metric, deviations, window));
  }

  /** The number of rows equals another product's. */
  public static Rule sameRowCount(CharSequence product) {
    return sameRowCount(product, 1, 1);
  }

  /**
   * The number of rows divided by another product's is in the range.
   *
   * @param product the other product, as {@code domain/product}
   * @param low null for no lower end
   * @param high null for no upper end
   */
  public static Rule sameRowCount(
      CharSequence product, @Nullable Number low, @Nullable Number high) {
    return of(DatasetCondition.SameRowCount.of(product, low, high));
  }

  /** The sum of a column equals the sum of another product's column. */
  public static Rule sameSum(String column, CharSequence product, String otherColumn) {
    return sameSum(column, product, otherColumn, 1, 1);
  }

  /**
   * The sum of a column divided by the sum of another product's column is in the range.
   *
   * @param column the column
   * @param product the other product, as {@code domain/product}
   * @param otherColumn the other product's column
   * @param low null for no lower end
   * @param high null for no upper end
   */
  public static Rule sameSum(
      String column,
      CharSequence product,
      String otherColumn,
      @Nullable Number low,
      @Nullable Number high) {
    return of(DatasetCondition.SameSum.of(column, product, otherColumn, low, high));
  }

  /**
   * A rule in words, which is never evaluated.
   *
   * @param words not blank
   */
  public static Rule text(String words) {
    return of(new RuleCondition.Text(words));
  }

  /**
   * Reads a rule's text.
   *
   * @param text such as {@code between(fare, 0, 200) failing <= 1 percent}
   * @throws InvalidRequestException if it is malformed
   */
  public static Rule parse(String text) {
    ConditionParser.Result start = ConditionParser.parse(text);
    return new RuleClauseParser(text, start.end()).parseOnto(of(start.condition()));
  }

  /** Returns the rule with severity WARN: it never rejects a publish or quarantines a row. */
  public Rule warn() {
    return changed(t -> t.severity = Severity.WARN);
  }

  /** Returns the rule with severity ERROR, the default except for {@code steady}. */
  public Rule error() {
    return changed(t -> t.severity = Severity.ERROR);
  }

  Rule toleratingPercent(double percent) {
    checkTolerable();
    require(
        percent >= 0 && percent <= 100,
        percent + " is not between 0 and 100",
        "Use 0 to 100 percent.");
    require(
        percent == 0 || terms.toleratedRows == 0,
        "it already tolerates " + terms.toleratedRows + " rows",
        "Tolerate a share of the rows or a number of rows, not both.");
    BigDecimal share =
        new BigDecimal(BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString());
    return changed(
        t -> {
          t.toleratedPercent = share;
          t.toleratedRows = 0;
        });
  }

  Rule toleratingRows(long rows) {
    checkTolerable();
    require(rows >= 0, rows + " is not a number of rows", "Use 0 rows or more.");
    BigDecimal share = terms.toleratedPercent;
    require(
        rows == 0 || share == null || share.signum() == 0,
        "it already tolerates " + share + " percent of the rows",
        "Tolerate a share of the rows or a number of rows, not both.");
    return changed(
        t -> {
          t.toleratedPercent = null;
          t.toleratedRows = rows;
        });
  }

  /**
   * Returns the rule for the rows for which a filter is true. Shares refer to these rows. A rule in
   * words shows the filter and evaluates neither.
   *
   * @param filter in the filter language of reads, such as {@code "status = 'PAID'"}, of at most
   *     65,535 characters
   */
  public Rule where(String filter) {
    require(
        filter != null && !filter.isBlank() && filter.length() <= RowPredicate.MAX_CHARACTERS,
        "its filter is empty or has more than " + RowPredicate.MAX_CHARACTERS + " characters",
        "Use a filter such as status = 'PAID'.");
    RuleLiterals.checkWellFormed(id(), "its filter", filter);
    return changed(t -> t.filter = filter);
  }

  final Rule scopedTo(Scope scope) {
    require(
        scope != null && kind().scopes().contains(scope),
        kind().text() + " does not support this scope",
        "Use one of " + kind().scopes() + ".");
    return changed(t -> t.scope = scope);
  }

  /**
   * Returns the rule with another quality dimension.
   *
   * @param dimension not null
   */
  public Rule dimension(Dimension dimension) {
    require(dimension != null, "its dimension is null", "Pass a dimension.");
    return changed(t -> t.dimension = dimension);
  }

  /**
   * Returns the rule with a description for people.
   *
   * @param description not null
   */
  public Rule description(String description) {
    require(description != null, "its description is null", "Pass a text.");
    RuleLiterals.checkWellFormed(id(), "its description", description);
    return changed(t -> t.description = description);
  }

  /**
   * Returns the rule with another ID.
   *
   * @param id letters, digits, dots, hyphens, and underscores; at most 255 characters
   */
  public Rule id(String id) {
    if (!RuleNames.isId(id)) {
      throw RuleFault.of(
          toString(),
          "'" + NameGrammar.quoted(String.valueOf(id)) + "' is not a rule id",
          "Use letters, digits, dots, hyphens, and underscores.");
    }
    return changed(t -> t.id = id);
  }

  Rule with(RuleCondition condition) {
    return changed(t -> t.condition = condition);
  }

  private Rule changed(Consumer<RuleTerms> change) {
    return ConditionRule.of(terms.with(change));
  }

  /**
   * Returns the ID: the given one, or one derived from the kind and the columns, such as {@code
   * unique.a.b}.
   */
  public String id() {
    return terms.id != null ? terms.id : terms.condition.defaultId();
  }

  /** Returns the kind. */
  public Kind kind() {
    return Kind.of(terms.condition);
  }

  abstract RuleCondition condition();

  /** Returns this rule for columns under other names. */
  Rule renamed(UnaryOperator<String> names) {
    return with(terms.condition.renamed(names));
  }

  /**
   * Returns the paths of the columns: for {@code compare}, the left and the right one; empty for
   * rules without columns and for {@code custom}.
   */
  public List<String> columns() {
    return terms.condition.columns();
  }

  /** Returns the other product of references, sameRowCount, and sameSum; otherwise empty. */
  public Optional<ProductName> product() {
    return terms.condition instanceof RuleCondition.ProductReference reference
        ? Optional.of(reference.product())
        : Optional.empty();
  }

  /**
   * Returns the columns of the other product, in the order of {@link #columns}; otherwise empty.
   */
  public List<String> otherColumns() {
    return terms.condition instanceof RuleCondition.ProductReference reference
        ? reference.otherColumns()
        : List.of();
  }

  /** Returns the severity. */
  public Severity severity() {
    return terms.severity;
  }

  /** Returns the quality dimension. */
  public Dimension dimension() {
    return terms.dimension != null ? terms.dimension : kind().dimension();
  }

  /** Returns the scope. Default: the table for references and fresh, otherwise the batch. */
  public Scope scope() {
    return terms.scope != null ? terms.scope : kind().defaultScope();
  }

  /** Returns the filter on the checked rows; empty without one. */
  public Optional<String> where() {
    return Optional.ofNullable(terms.filter);
  }

  /** Returns the description for people; empty if not set. */
  public String description() {
    return terms.description;
  }

  /** Returns the tolerated share of rows, in percent; empty if not set. */
  public Optional<BigDecimal> toleratedPercent() {
    return Optional.ofNullable(terms.toleratedPercent);
  }

  /** Returns the tolerated number of rows; 0 if not set. */
  public long toleratedRows() {
    return terms.toleratedRows;
  }

  /** Returns true if the rule tolerates some failing rows. */
  public boolean isTolerant() {
    return terms.toleratedRows > 0
        || (terms.toleratedPercent != null && terms.toleratedPercent.signum() > 0);
  }

  /**
   * Returns true if the rule passes with this number of failing rows.
   *
   * @param failing the number of failing rows
   * @param evaluated the number of checked rows
   */
  public boolean tolerates(long failing, long evaluated) {
    BigDecimal percent = terms.toleratedPercent;
    if (percent == null) {
      return failing <= terms.toleratedRows;
    }
    return BigDecimal.valueOf(failing)
            .movePointRight(2)
            .compareTo(percent.multiply(BigDecimal.valueOf(evaluated)))
        <= 0;
  }

  /**
   * Returns the rule's text, which {@link #parse} reads, without ID, severity, dimension, and
   * description.
   */
  @Override
  public String toString() {
    return terms.text();
  }

  /**
   * Returns the rule as people read it: as {@link #toString}, with a sign in place of an open end,
   * such as {@code fare >= 0} for {@code between(fare, 0, )}.
   */
  public String inWords() {
    return terms.words();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rule rule
        && id().equals(rule.id())
        && severity() == rule.severity()
        && dimension() == rule.dimension()
        && description().equals(rule.description())
        && toString().equals(rule.toString());
  }

  @Override
  public int hashCode() {
    return Objects.hash(id(), severity(), toString());
  }

  private void checkTolerable() {
    require(
        kind().judgesRows(),
        kind().text() + " does not check single rows",
        "Remove the tolerance.");
  }

  private void require(boolean condition, String reason, String fix) {
    if (!condition) {
      throw RuleFault.of(id(), reason, fix);
    }
  }
}
