package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Names;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One checked promise about the data. An immutable value, equal by its id, text, severity,
 * dimension and description. Null values are skipped unless a factory says otherwise. Import the
 * factories statically. Whether a rule fits a schema is checked when a contract takes it.
 *
 * <p>Columns may lie in structs, {@code customer.city}. Rules on rows may also ask the elements of
 * a list, {@code lines[].quantity}, or the values of a map, {@code parts{}.price}: then a row fails
 * if one of them fails, and an empty one passes. A null on the way to a column makes it null.
 */
public final class Rule {
  /** What a rule looks at. */
  public enum Kind {
    /** A row fails if one of the columns is null. */
    NOT_NULL("notNull", Dimension.COMPLETENESS),
    /** A row fails if the value is null or one of those listed, which stand for nothing. */
    NOT_MISSING("notMissing", Dimension.COMPLETENESS),
    /** A row fails if the value lies outside. */
    BETWEEN("between", Dimension.CONFORMITY),
    /** A row fails if the value is none of those listed. */
    IN_SET("inSet", Dimension.CONFORMITY),
    /** A row fails if the value is one of those listed. */
    NOT_IN_SET("notInSet", Dimension.CONFORMITY),
    /** A row fails if the whole text does not match. */
    MATCHES("matches", Dimension.CONFORMITY),
    /** A row fails if text (code points), bytes, a list or a map is too short or too long. */
    LENGTH("length", Dimension.CONFORMITY),
    /** A row fails if two columns do not stand in this relation. */
    COMPARE("compare", Dimension.CONSISTENCY),
    /** A row fails if another product has no row with these values. */
    REFERENCES("references", Dimension.CONSISTENCY),
    /** A row fails if code that the producer brings says so. */
    CUSTOM("custom", Dimension.CONFORMITY),
    /** A row fails if an earlier row has the same key; a key with a null is left out. */
    UNIQUE("unique", Dimension.UNIQUENESS),
    /** The publish fails if it has too few or too many rows. */
    ROW_COUNT("rowCount", Dimension.COVERAGE),
    /** The publish fails if too small or too large a share of the values is not null. */
    COMPLETENESS("completeness", Dimension.COMPLETENESS),
    /** The publish fails if it has too few or too many values that differ. */
    DISTINCT_COUNT("distinctCount", Dimension.COVERAGE),
    /** The publish fails if the mean lies outside. */
    MEAN("mean", Dimension.ACCURACY),
    /** The publish fails if the sample standard deviation lies outside. */
    STDDEV("stddev", Dimension.ACCURACY),
    /** The publish fails if the sum lies outside. */
    SUM("sum", Dimension.ACCURACY),
    /** The publish fails if the least value lies outside. */
    MIN("min", Dimension.ACCURACY),
    /** The publish fails if the greatest value lies outside. */
    MAX("max", Dimension.ACCURACY),
    /** The publish fails if the latest time is too long ago. */
    FRESH("fresh", Dimension.TIMELINESS),
    /** The publish fails if a measure strays from those of the publishes before. */
    STEADY("steady", Dimension.ACCURACY),
    /** The publish fails if it has too few or too many rows for each one of another product. */
    SAME_ROW_COUNT("sameRowCount", Dimension.CONSISTENCY),
    /** The publish fails if a sum is too small or too large a multiple of another product's. */
    SAME_SUM("sameSum", Dimension.CONSISTENCY),
    /** Words for people; never evaluated. */
    TEXT("text", Dimension.CONFORMITY);

    private final String text;
    private final Dimension dimension;

    Kind(String text, Dimension dimension) {
      this.text = text;
      this.dimension = dimension;
    }

    /** The kind's name in a rule's text. */
    public String text() {
      return text;
    }

    /** True if each row passes or fails by itself, and may be tolerated. */
    public boolean judgesRows() {
      return ordinal() < UNIQUE.ordinal();
    }

    /** True if it measures the publish as a whole and names no row; then it is never tolerated. */
    public boolean measuresWhole() {
      return ordinal() > UNIQUE.ordinal() && this != TEXT;
    }

    /** What it is about unless a rule says otherwise. */
    public Dimension dimension() {
      return dimension;
    }
  }

  /** Whether a failed rule stands in the way. */
  public enum Severity {
    /** A failed rule refuses the publish or quarantines rows. */
    ERROR,
    /** A failed rule is reported. */
    WARN
  }

  /** What a rule is about, in the words of the Open Data Contract Standard. */
  public enum Dimension {
    /** Values are as they are in the world. */
    ACCURACY,
    /** What should be there is there. */
    COMPLETENESS,
    /** Values have the form they should have. */
    CONFORMITY,
    /** Values agree with others, here or elsewhere. */
    CONSISTENCY,
    /** All that should be told of is. */
    COVERAGE,
    /** It is recent enough. */
    TIMELINESS,
    /** Nothing is there twice. */
    UNIQUENESS
  }

  /** Which rows a rule looks at. */
  public enum Scope {
    /** Those of one publish. */
    BATCH,
    /** The table as it is after the publish. */
    TABLE,
    /** The partitions that the publish touches, as they are after it. */
    PARTITION;

    /** The scope's name in a rule's text. */
    public String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
  private static final int LONGEST_FILTER = 2_048;

  private final RuleTerms terms;

  Rule(RuleTerms terms) {
    this.terms = terms;
  }

  /** No row may have a null in any of these columns; a row with several counts once. */
  public static Rule notNull(String... columns) {
    return RuleMaking.of(Kind.NOT_NULL, Arrays.asList(columns), List.of());
  }

  /**
   * The value is not null and none of these, which some systems write for nothing: {@code
   * notMissing("code", "", "N/A")}. Without values it is the empty text, of a column of text.
   */
  public static Rule notMissing(String column, Object... values) {
    return RuleMaking.ofValues(Kind.NOT_MISSING, column, values);
  }

  /**
   * No two rows may have the same values in all of these columns; of one publish unless {@link
   * #scope} says otherwise. Rows with a null in one of them are left out, as in SQL.
   */
  public static Rule unique(String... columns) {
    return RuleMaking.of(Kind.UNIQUE, Arrays.asList(columns), List.of());
  }

  /**
   * The value lies between the two, both included. NaN lies outside of every range.
   *
   * @param low a number, LocalDate, LocalTime, LocalDateTime or Instant; null for an open end
   * @param high the same; not both may be null
   * @throws InvalidRequestException if the ends contradict each other or are of no such class
   */
  public static Rule between(String column, @Nullable Object low, @Nullable Object high) {
    return RuleMaking.ranged(Kind.BETWEEN, column, low, high);
  }

  /** The value is this or more; {@code between} with an open end. */
  public static Rule atLeast(String column, Object low) {
    return between(column, low, null);
  }

  /** The value is this or less; {@code between} with an open end. */
  public static Rule atMost(String column, Object high) {
    return between(column, null, high);
  }

  /** The value is one of these. Nulls are skipped; a null among the values changes nothing. */
  public static Rule inSet(String column, @Nullable Object... values) {
    return RuleMaking.ofValues(Kind.IN_SET, column, values);
  }

  /** The value is none of these. Nulls are skipped, unless null is one of them. */
  public static Rule notInSet(String column, @Nullable Object... values) {
    return RuleMaking.ofValues(Kind.NOT_IN_SET, column, values);
  }

  /**
   * The whole text matches a regular expression of linear time (RE2: no back-references, no
   * look-around).
   *
   * @throws InvalidRequestException if it is not valid or too large, with the place
   */
  public static Rule matches(String column, String regex) {
    return RuleMaking.matches(column, regex);
  }

  /**
   * Text has this many code points, bytes this many bytes, a list this many elements, a map this
   * many entries; both ends included.
   */
  public static Rule length(String column, int min, int max) {
    return RuleMaking.counted(
        Kind.LENGTH, "length(" + column + ")", Arrays.asList(column), min, max);
  }

  /** Two columns of one type stand in a relation: {@code compare("dropoff >= pickup")}. */
  public static Rule compare(String comparison) {
    return RuleMaking.compare(comparison);
  }

  /** Some row of another product has the column's value in its own; nulls are skipped. */
  public static Rule references(String column, CharSequence product, String otherColumn) {
    return references(Arrays.asList(column), product, Arrays.asList(otherColumn));
  }

  /**
   * Some row of another product has the columns' values in its own, in this order. Rows with a null
   * in one of them are skipped, as in SQL. The other product is read as it is when the publish
   * begins; if it is this one, as it will be after the publish.
   */
  public static Rule references(
      List<String> columns, CharSequence product, List<String> otherColumns) {
    return RuleMaking.references(columns, product, otherColumns);
  }

  /**
   * Code of the producer's says yes to the row. The contract holds its name and version only; a
   * publish brings the code, and without it the rule is not evaluated, which refuses the publish if
   * it is of severity ERROR.
   *
   * @param name letters, digits, dots, hyphens and underscores
   * @param version from 1; another one for code that judges otherwise
   */
  public static Rule custom(String name, int version) {
    return RuleMaking.custom(name, version);
  }

  /** So many rows, both ends included; {@code Long.MAX_VALUE} for no limit. */
  public static Rule rowCount(long min, long max) {
    return RuleMaking.counted(Kind.ROW_COUNT, "rowCount", List.of(), min, max);
  }

  /** At least this share of the values, in percent, is not null; 100 if there is no row. */
  public static Rule completeness(String column, double atLeastPercent) {
    return completeness(column, atLeastPercent, null);
  }

  /** The share of values that are not null lies between these, in percent; null is open. */
  public static Rule completeness(
      String column, @Nullable Number lowPercent, @Nullable Number highPercent) {
    return RuleMaking.measured(Kind.COMPLETENESS, column, lowPercent, highPercent);
  }

  /** There are so many values that differ, nulls left out; null is an open end. */
  public static Rule distinctCount(String column, @Nullable Number min, @Nullable Number max) {
    return RuleMaking.measured(Kind.DISTINCT_COUNT, column, min, max);
  }

  /** The mean of all values but nulls and NaN; null is an open end. Skipped if there is none. */
  public static Rule mean(String column, @Nullable Number low, @Nullable Number high) {
    return RuleMaking.measured(Kind.MEAN, column, low, high);
  }

  /** The sample standard deviation (n-1), as {@link #mean}. Skipped for fewer than two values. */
  public static Rule stddev(String column, @Nullable Number low, @Nullable Number high) {
    return RuleMaking.measured(Kind.STDDEV, column, low, high);
  }

  /** The sum of all values but nulls and NaN; null is an open end. Skipped if there is none. */
  public static Rule sum(String column, @Nullable Number low, @Nullable Number high) {
    return RuleMaking.measured(Kind.SUM, column, low, high);
  }

  /** The least value lies between these, which are as those of {@link #between}. */
  public static Rule min(String column, @Nullable Object low, @Nullable Object high) {
    return RuleMaking.ranged(Kind.MIN, column, low, high);
  }

  /** The greatest value lies between these, which are as those of {@link #between}. */
  public static Rule max(String column, @Nullable Object low, @Nullable Object high) {
    return RuleMaking.ranged(Kind.MAX, column, low, high);
  }

  /**
   * The latest time in a column is no older than this when the publish begins. A local timestamp
   * needs its {@link #zone}.
   */
  public static Rule fresh(String column, Duration within) {
    return RuleMaking.fresh(column, within);
  }

  /** As {@link #steady(String, double, int)}, with 4 deviations and the last 10 publishes. */
  public static Rule steady(String metric) {
    return steady(metric, 4, 10);
  }

  /**
   * A measure lies within so many robust deviations of its last values: median ± {@code deviations}
   * × 1.4826 × MAD. Passes while there are fewer than 5 of them. It warns unless {@link #error()}
   * is said.
   *
   * @param metric {@code rowCount}, or one of completeness, distinctCount, mean, stddev, sum, min
   *     and max with its column, such as {@code mean(fare)}
   * @param deviations above 0
   * @param window how many accepted publishes to look back, from 5 to 100, which is what is kept
   */
  public static Rule steady(String metric, double deviations, int window) {
    return RuleMaking.steady(metric, Literals.of(deviations), window);
  }

  /** As many rows as another product has. */
  public static Rule sameRowCount(CharSequence product) {
    return sameRowCount(product, 1, 1);
  }

  /** Rows by rows of another product lie between these; null is an open end. */
  public static Rule sameRowCount(
      CharSequence product, @Nullable Number low, @Nullable Number high) {
    return RuleMaking.sameRowCount(product, low, high);
  }

  /** The column's sum is that of another product's column. */
  public static Rule sameSum(String column, CharSequence product, String otherColumn) {
    return sameSum(column, product, otherColumn, 1, 1);
  }

  /** The column's sum by that of another product's column lies between these; null is open. */
  public static Rule sameSum(
      String column,
      CharSequence product,
      String otherColumn,
      @Nullable Number low,
      @Nullable Number high) {
    return RuleMaking.sameSum(column, product, otherColumn, low, high);
  }

  /** A promise in words, which nothing evaluates. */
  public static Rule text(String words) {
    return RuleMaking.words(words);
  }

  /**
   * Reads a rule's text, such as {@code between(fare, 0, 200) failing <= 1 percent}.
   *
   * @throws InvalidRequestException if it is malformed
   */
  public static Rule parse(String text) {
    return new RuleParser(text).rule();
  }

  /** The same rule without the ends of its range; of {@code between} only. */
  public Rule exclusive() {
    only(terms.kind == Kind.BETWEEN, "only between has ends to exclude", "Leave exclusive out.");
    return new Rule(terms.with(t -> t.exclusive = true));
  }

  /**
   * The same rule, which looks at text, and at the texts it lists, without white space around them;
   * of {@code notMissing} only.
   */
  public Rule trimmed() {
    only(terms.kind == Kind.NOT_MISSING, "only notMissing can be trimmed", "Leave trimmed out.");
    return new Rule(terms.with(t -> t.trimmed = true));
  }

  /** The same rule, reporting only; it never refuses a publish nor quarantines a row. */
  public Rule warn() {
    return new Rule(terms.with(t -> t.severity = Severity.WARN));
  }

  /** The same rule, which stands in the way if it fails, as all but {@code steady} do. */
  public Rule error() {
    return new Rule(terms.with(t -> t.severity = Severity.ERROR));
  }

  /** The same rule, which passes while at most this share of the rows fails; 0 to 100. */
  public Rule toleratingPercent(double percent) {
    checkTolerable();
    only(
        percent >= 0 && percent <= 100,
        percent + " is no percentage",
        "Tolerate 0 to 100 percent.");
    BigDecimal share =
        new BigDecimal(BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString());
    return new Rule(
        terms.with(
            t -> {
              t.toleratedPercent = share;
              t.toleratedRows = 0;
            }));
  }

  /** The same rule, which passes while at most so many rows fail. */
  public Rule toleratingRows(long rows) {
    checkTolerable();
    only(rows >= 0, rows + " is no number of rows", "Tolerate 0 rows or more.");
    return new Rule(
        terms.with(
            t -> {
              t.toleratedPercent = null;
              t.toleratedRows = rows;
            }));
  }

  /**
   * The same rule over the rows for which a filter is true, such as {@code "status = 'PAID'"}, in
   * the language of reads. Shares are of these rows.
   */
  public Rule where(String filter) {
    only(terms.kind != Kind.TEXT, "words are not evaluated", "Leave the filter out.");
    only(
        filter != null && !filter.isBlank() && filter.length() <= LONGEST_FILTER,
        "its filter is empty or has more than " + LONGEST_FILTER + " characters",
        "Give a filter such as status = 'PAID'.");
    return new Rule(terms.with(t -> t.filter = filter));
  }

  /**
   * The same rule over other rows than those of one publish.
   *
   * @throws InvalidRequestException if rules of this kind cannot look there: rules on rows look at
   *     the publish, {@code references} at the table, rules that compare publishes or products at
   *     the publish
   */
  public Rule scope(Scope scope) {
    only(
        scope != null && RuleMaking.scopes(terms.kind).contains(scope),
        terms.kind.text() + " has no such scope",
        "It may have " + RuleMaking.scopes(terms.kind) + ".");
    return new Rule(terms.with(t -> t.scope = scope));
  }

  /** The same rule, said to be about something else. */
  public Rule dimension(Dimension dimension) {
    only(dimension != null, "its dimension is null", "Give one.");
    return new Rule(terms.with(t -> t.dimension = dimension));
  }

  /** The same rule, whose local timestamps are read in a zone; of {@code fresh} only. */
  public Rule zone(String zone) {
    only(terms.kind == Kind.FRESH, "only fresh reads local time", "Leave the zone out.");
    ZoneId id;
    try {
      id = ZoneId.of(zone);
    } catch (DateTimeException | NullPointerException e) {
      throw refused(
          id(), "'" + Names.shown(String.valueOf(zone)) + "' is no time zone", "Give its name.");
    }
    return new Rule(terms.with(t -> t.zone = id));
  }

  /**
   * The same rule, which keeps of rows with one key that with the greatest value in a column, and
   * of equals the first; of {@code unique} only. Where rows are quarantined that decides which; a
   * row that breaks a rule with a tolerance gives way to those that break none.
   */
  public Rule keepLatestBy(String column) {
    only(terms.kind == Kind.UNIQUE, "only unique chooses between rows", "Leave keepLatestBy out.");
    RuleMaking.checkColumn(id(), column);
    return new Rule(terms.with(t -> t.keepLatestBy = column));
  }

  /** The same rule with words for people. */
  public Rule describedAs(String description) {
    only(description != null, "its description is null", "Give a text.");
    return new Rule(terms.with(t -> t.description = description));
  }

  /** The same rule under a name: letters, digits, dot, hyphen and underscore, at most 255. */
  public Rule id(String id) {
    if (!isId(id)) {
      throw refused(
          toString(),
          "'" + Names.shown(String.valueOf(id)) + "' is no rule id",
          "Use letters, digits, dots, hyphens and underscores.");
    }
    return new Rule(terms.with(t -> t.id = id));
  }

  static boolean isId(@Nullable String id) {
    return id != null && ID.matcher(id).matches();
  }

  /** The given id, or one derived from kind and columns, such as {@code unique.a.b}. */
  public String id() {
    return terms.id != null ? terms.id : RuleText.id(terms);
  }

  /** What it looks at. */
  public Kind kind() {
    return terms.kind;
  }

  /**
   * The paths of the columns it looks at; the left and right one for compare; empty where it looks
   * at none or, as custom, at all.
   */
  public List<String> columns() {
    return terms.columns;
  }

  /**
   * Its literals: the two ends of between, completeness, distinctCount, mean, stddev, sum, min and
   * max (null is open); the members of inSet, notInSet and notMissing; the expression of matches;
   * min and max (Long) of length and rowCount; the operator of compare; product and its columns of
   * references; name and version (Long) of custom; the Duration of fresh; measure, deviations and
   * window (Long) of steady; product and two ends of sameRowCount; product, its column and two ends
   * of sameSum; the words of text. Numbers are {@code BigDecimal} (NaN and infinities {@code
   * Double}); uuids, enums and products are text. Unmodifiable.
   */
  public List<@Nullable Object> arguments() {
    return terms.arguments;
  }

  /** The low end of what lies between two ends; null if it is open, or there are none. */
  public @Nullable Object low() {
    int ends = RuleMaking.ends(terms.kind);
    return ends < 0 ? null : terms.arguments.get(ends);
  }

  /** The high end of what lies between two ends; null if it is open, or there are none. */
  public @Nullable Object high() {
    int ends = RuleMaking.ends(terms.kind);
    return ends < 0 ? null : terms.arguments.get(ends + 1);
  }

  /** The other product of references, sameRowCount and sameSum. */
  public Optional<ProductName> product() {
    return switch (terms.kind) {
      case REFERENCES, SAME_ROW_COUNT, SAME_SUM ->
          Optional.of(ProductName.of((String) terms.arguments.get(0)));
      default -> Optional.empty();
    };
  }

  /** The columns of the other product, in the order of {@link #columns}; else empty. */
  public List<String> otherColumns() {
    return switch (terms.kind) {
      case REFERENCES -> terms.arguments.stream().skip(1).map(column -> (String) column).toList();
      case SAME_SUM -> List.of((String) Objects.requireNonNull(terms.arguments.get(1)));
      default -> List.of();
    };
  }

  /** The measure that steady compares; empty for other kinds. */
  public Optional<Kind> metric() {
    return terms.kind == Kind.STEADY
        ? RuleMaking.kind(String.valueOf(terms.arguments.get(0)))
        : Optional.empty();
  }

  /** True if the ends of the range are outside. */
  public boolean isExclusive() {
    return terms.exclusive;
  }

  /** True if white space around text does not count. */
  public boolean isTrimmed() {
    return terms.trimmed;
  }

  /** Whether it stands in the way. */
  public Severity severity() {
    return terms.severity;
  }

  /** What it is about. */
  public Dimension dimension() {
    return terms.dimension != null ? terms.dimension : terms.kind.dimension();
  }

  /**
   * Which rows it looks at: those that were said, else the table for references and for freshness,
   * else a batch.
   */
  public Scope scope() {
    if (terms.scope != null) {
      return terms.scope;
    }
    return terms.kind == Kind.REFERENCES || terms.kind == Kind.FRESH ? Scope.TABLE : Scope.BATCH;
  }

  /** The filter on the rows it looks at. */
  public Optional<String> where() {
    return Optional.ofNullable(terms.filter);
  }

  /** The zone of local timestamps. */
  public Optional<ZoneId> zone() {
    return Optional.ofNullable(terms.zone);
  }

  /** The column whose greatest value decides which of several rows is kept. */
  public Optional<String> keepLatestBy() {
    return Optional.ofNullable(terms.keepLatestBy);
  }

  /** Words for people; empty if not said. */
  public String description() {
    return terms.description;
  }

  /** The tolerated share of rows in percent, if a share was said. */
  public Optional<BigDecimal> toleratedPercent() {
    return Optional.ofNullable(terms.toleratedPercent);
  }

  /** The tolerated number of rows; 0 unless said. */
  public long toleratedRows() {
    return terms.toleratedRows;
  }

  /** True if some failing rows are tolerated. */
  public boolean isTolerant() {
    return terms.toleratedRows > 0
        || (terms.toleratedPercent != null && terms.toleratedPercent.signum() > 0);
  }

  /** True if the rule passes although so many of the rows it judged failed. */
  public boolean tolerates(long failing, long judged) {
    BigDecimal percent = terms.toleratedPercent;
    if (percent == null) {
      return failing <= terms.toleratedRows;
    }
    return BigDecimal.valueOf(failing)
            .movePointRight(2)
            .compareTo(percent.multiply(BigDecimal.valueOf(judged)))
        <= 0;
  }

  /** The rule's text, which {@link #parse} reads; without id, severity and what is for people. */
  @Override
  public String toString() {
    return RuleText.of(terms);
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
    only(
        terms.kind.judgesRows(),
        terms.kind.text() + " judges no single rows",
        "Leave the tolerance out.");
  }

  private void only(boolean condition, String otherwise, String mend) {
    if (!condition) {
      throw refused(id(), otherwise, mend);
    }
  }

  static InvalidRequestException refused(String rule, String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.RULE_INVALID, "Cannot make the rule " + rule + ": " + why + ". " + mend);
  }
}
