package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Names;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One checked promise about the data. An immutable value, equal by its id, text and severity. Null
 * values are skipped except by {@code notNull}. Import the factories statically. Whether a rule
 * fits a schema is checked when a contract takes it.
 */
public final class Rule {
  /** What a rule looks at. */
  public enum Kind {
    /** A row fails if one of the columns is null. */
    NOT_NULL("notNull"),
    /** A row fails if an earlier row has the same key; a key with a null is left out. */
    UNIQUE("unique"),
    /** A row fails if the value lies outside. */
    BETWEEN("between"),
    /** A row fails if the value is none of those listed. */
    IN_SET("inSet"),
    /** A row fails if the whole text does not match. */
    MATCHES("matches"),
    /** A row fails if text (code points) or bytes are too short or too long. */
    LENGTH("length"),
    /** A row fails if two columns do not stand in this relation. */
    COMPARE("compare"),
    /** The publish fails if it has too few or too many rows. */
    ROW_COUNT("rowCount");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind's name in a rule's text. */
    public String text() {
      return text;
    }

    /** True if each row passes or fails by itself, and may be tolerated. */
    public boolean judgesRows() {
      return this != UNIQUE && this != ROW_COUNT;
    }
  }

  /** Whether a failed rule stands in the way. */
  public enum Severity {
    /** A failed rule refuses the publish or quarantines rows. */
    ERROR,
    /** A failed rule is reported. */
    WARN
  }

  private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.\\[\\]]{0,999}");
  private static final Pattern COMPARISON =
      Pattern.compile(
          "\\s*([A-Za-z0-9_.\\[\\]]+)\\s*(<=|>=|!=|=|<|>)\\s*([A-Za-z0-9_.\\[\\]]+)\\s*");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");

  private final Kind kind;
  private final List<String> columns;
  private final List<@Nullable Object> arguments;
  private final boolean exclusive;
  private final Severity severity;
  private final @Nullable BigDecimal toleratedPercent;
  private final long toleratedRows;
  private final @Nullable String givenId;

  private Rule(
      Kind kind,
      List<String> columns,
      List<@Nullable Object> arguments,
      boolean exclusive,
      Severity severity,
      @Nullable BigDecimal toleratedPercent,
      long toleratedRows,
      @Nullable String givenId) {
    this.kind = kind;
    this.columns = columns;
    this.arguments = arguments;
    this.exclusive = exclusive;
    this.severity = severity;
    this.toleratedPercent = toleratedPercent;
    this.toleratedRows = toleratedRows;
    this.givenId = givenId;
  }

  private static Rule of(Kind kind, List<String> columns, List<@Nullable Object> arguments) {
    if (columns.isEmpty() && kind != Kind.ROW_COUNT) {
      throw refused(kind.text(), "it names no column", "Name at least one.");
    }
    for (String column : columns) {
      if (column == null || !COLUMN.matcher(column).matches()) {
        throw refused(
            kind.text(),
            "'" + Names.shown(String.valueOf(column)) + "' is no column's name",
            "Name a column of the contract.");
      }
    }
    if (new HashSet<>(columns).size() < columns.size()) {
      throw refused(kind.text(), "it names a column twice", "Name each column once.");
    }
    return new Rule(
        kind,
        List.copyOf(columns),
        Collections.unmodifiableList(new ArrayList<>(arguments)),
        false,
        Severity.ERROR,
        null,
        0,
        null);
  }

  /** No row may have a null in any of these columns; a row with several counts once. */
  public static Rule notNull(String... columns) {
    return of(Kind.NOT_NULL, Arrays.asList(columns), List.of());
  }

  /**
   * No two rows of one publish may have the same values in all of these columns. Rows with a null
   * in one of them are left out, as in SQL.
   */
  public static Rule unique(String... columns) {
    return of(Kind.UNIQUE, Arrays.asList(columns), List.of());
  }

  /**
   * The value lies between the two, both included. NaN lies outside of every range.
   *
   * @param low a number, LocalDate, LocalTime, LocalDateTime or Instant; null for an open end
   * @param high the same; not both may be null
   * @throws InvalidRequestException if the ends contradict each other or are of no such class
   */
  public static Rule between(String column, @Nullable Object low, @Nullable Object high) {
    Object from = Literals.of(low);
    Object to = Literals.of(high);
    Bounds.check(column, from, to);
    return of(Kind.BETWEEN, Collections.singletonList(column), Arrays.asList(from, to));
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
    if (values == null || values.length == 0) {
      throw refused("inSet(" + column + ")", "it lists no value", "List what is allowed.");
    }
    List<@Nullable Object> members = new ArrayList<>();
    for (Object value : values) {
      members.add(Literals.of(value));
    }
    return of(Kind.IN_SET, Collections.singletonList(column), members);
  }

  /**
   * The whole text matches a regular expression of linear time (RE2: no back-references, no
   * look-around).
   *
   * @throws InvalidRequestException if it is not valid or too large, with the place
   */
  public static Rule matches(String column, String regex) {
    Rule rule =
        of(Kind.MATCHES, Collections.singletonList(column), Collections.singletonList(regex));
    RegexBudget.check(rule.id(), regex);
    return rule;
  }

  /** Text has this many code points, or bytes this many bytes; both ends included. */
  public static Rule length(String column, int min, int max) {
    if (min < 0 || max < min) {
      throw refused(
          "length(" + column + ")", min + " to " + max + " is no range", "Use 0 <= min <= max.");
    }
    return of(Kind.LENGTH, Collections.singletonList(column), List.of((long) min, (long) max));
  }

  /** Two columns of one type stand in a relation: {@code compare("dropoff >= pickup")}. */
  public static Rule compare(String comparison) {
    Matcher matcher = COMPARISON.matcher(comparison);
    if (!matcher.matches()) {
      throw refused(
          "compare",
          "'" + Names.shown(comparison) + "' is no comparison of two columns",
          "Write it as \"a <= b\" with one of = != < <= > >=.");
    }
    return of(
        Kind.COMPARE,
        List.of(matcher.group(1), matcher.group(3)),
        Collections.singletonList(matcher.group(2)));
  }

  /** A publish has this many rows, both ends included; {@code Long.MAX_VALUE} for no limit. */
  public static Rule rowCount(long min, long max) {
    if (min < 0 || max < min) {
      throw refused("rowCount", min + " to " + max + " is no range", "Use 0 <= min <= max.");
    }
    return of(Kind.ROW_COUNT, List.of(), List.of(min, max));
  }

  /**
   * Reads a rule's text, such as {@code between(fare, 0, 200) failing <= 1 percent}.
   *
   * @throws InvalidRequestException if it is malformed or of a kind that is not enforced yet
   */
  public static Rule parse(String text) {
    return new RuleParser(text).rule();
  }

  /** The same rule without the ends of its range; of {@code between} only. */
  public Rule exclusive() {
    if (kind != Kind.BETWEEN) {
      throw refused(id(), "only between has ends to exclude", "Leave exclusive out.");
    }
    return new Rule(
        kind, columns, arguments, true, severity, toleratedPercent, toleratedRows, givenId);
  }

  /** The same rule, reporting only; it never refuses a publish nor quarantines a row. */
  public Rule warn() {
    return new Rule(
        kind,
        columns,
        arguments,
        exclusive,
        Severity.WARN,
        toleratedPercent,
        toleratedRows,
        givenId);
  }

  /** The same rule, which passes while at most this share of the rows fails; 0 to 100. */
  public Rule toleratingPercent(double percent) {
    checkTolerable();
    if (!(percent >= 0 && percent <= 100)) {
      throw refused(id(), percent + " is no percentage", "Tolerate 0 to 100 percent.");
    }
    BigDecimal share =
        new BigDecimal(BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString());
    return new Rule(kind, columns, arguments, exclusive, severity, share, 0, givenId);
  }

  /** The same rule, which passes while at most so many rows fail. */
  public Rule toleratingRows(long rows) {
    checkTolerable();
    if (rows < 0) {
      throw refused(id(), rows + " is no number of rows", "Tolerate 0 rows or more.");
    }
    return new Rule(kind, columns, arguments, exclusive, severity, null, rows, givenId);
  }

  /** The same rule under a name: letters, digits, dot, hyphen and underscore, at most 255. */
  public Rule id(String id) {
    if (id == null || !ID.matcher(id).matches()) {
      throw refused(
          toString(),
          "'" + Names.shown(String.valueOf(id)) + "' is no rule id",
          "Use letters, digits, dots, hyphens and underscores.");
    }
    return new Rule(
        kind, columns, arguments, exclusive, severity, toleratedPercent, toleratedRows, id);
  }

  /** The given id, or one derived from kind and columns, such as {@code unique.a.b}. */
  public String id() {
    if (givenId != null) {
      return givenId;
    }
    return columns.isEmpty() ? kind.text() : kind.text() + "." + String.join(".", columns);
  }

  /** What it looks at. */
  public Kind kind() {
    return kind;
  }

  /** The columns it looks at; empty for rowCount, the left and right one for compare. */
  public List<String> columns() {
    return columns;
  }

  /**
   * Its literals: the two ends of between (null is open), the members of inSet, the expression of
   * matches, min and max (Long) of length and rowCount, the operator of compare. Numbers are {@code
   * BigDecimal} (NaN and infinities {@code Double}); uuids and enums are text. Unmodifiable.
   */
  public List<@Nullable Object> arguments() {
    return arguments;
  }

  /** True if the ends of the range are outside. */
  public boolean isExclusive() {
    return exclusive;
  }

  /** Whether it stands in the way. */
  public Severity severity() {
    return severity;
  }

  /** The tolerated share of rows in percent, if a share was said. */
  public Optional<BigDecimal> toleratedPercent() {
    return Optional.ofNullable(toleratedPercent);
  }

  /** The tolerated number of rows; 0 unless said. */
  public long toleratedRows() {
    return toleratedRows;
  }

  /** True if some failing rows are tolerated. */
  public boolean isTolerant() {
    return toleratedRows > 0 || (toleratedPercent != null && toleratedPercent.signum() > 0);
  }

  /** True if the rule passes although so many of the rows it judged failed. */
  public boolean tolerates(long failing, long judged) {
    if (toleratedPercent == null) {
      return failing <= toleratedRows;
    }
    return BigDecimal.valueOf(failing)
            .movePointRight(2)
            .compareTo(toleratedPercent.multiply(BigDecimal.valueOf(judged)))
        <= 0;
  }

  /** The rule's text, which {@link #parse} reads; without id and severity. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind.text()).append('(');
    switch (kind) {
      case COMPARE ->
          text.append(columns.get(0))
              .append(' ')
              .append(arguments.get(0))
              .append(' ')
              .append(columns.get(1));
      case BETWEEN ->
          text.append(columns.get(0))
              .append(", ")
              .append(end(arguments.get(0)))
              .append(", ")
              .append(end(arguments.get(1)));
      case LENGTH, ROW_COUNT -> {
        long max = (Long) Objects.requireNonNull(arguments.get(1));
        long open = kind == Kind.LENGTH ? Integer.MAX_VALUE : Long.MAX_VALUE;
        columns.forEach(column -> text.append(column).append(", "));
        text.append(arguments.get(0)).append(", ").append(max == open ? "" : max);
      }
      default -> {
        text.append(String.join(", ", columns));
        text.append(
            arguments.stream().map(a -> ", " + Literals.text(a)).collect(Collectors.joining()));
      }
    }
    text.append(exclusive ? ") exclusive" : ")");
    if (toleratedPercent != null && toleratedPercent.signum() > 0) {
      text.append(" failing <= ").append(toleratedPercent.toPlainString()).append(" percent");
    } else if (toleratedRows > 0) {
      text.append(" failing <= ").append(toleratedRows).append(" rows");
    }
    return text.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Rule rule
        && id().equals(rule.id())
        && severity == rule.severity
        && toString().equals(rule.toString());
  }

  @Override
  public int hashCode() {
    return Objects.hash(id(), severity, toString());
  }

  private static String end(@Nullable Object bound) {
    return bound == null ? "" : Literals.text(bound);
  }

  private void checkTolerable() {
    if (!kind.judgesRows()) {
      throw refused(id(), kind.text() + " judges no single rows", "Leave the tolerance out.");
    }
  }

  static InvalidRequestException refused(String rule, String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.RULE_INVALID, "Cannot make the rule " + rule + ": " + why + ". " + mend);
  }
}
