package io.meshwork.contract;

import io.meshwork.contract.Rule.Kind;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.UnicodeText;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Creates rules after checking their arguments, independent of a schema. */
final class RuleFactory {
  private static final String PATH = "[A-Za-z_][A-Za-z0-9_.\\[\\]{}]{0,999}";
  private static final Pattern COLUMN = Pattern.compile(PATH);
  private static final Pattern COMPARISON =
      Pattern.compile("\\s*(" + PATH + ")\\s*(<=|>=|!=|=|<|>)\\s*(" + PATH + ")\\s*");
  private static final Pattern METRIC = Pattern.compile("([A-Za-z]+)(?:\\((" + PATH + ")\\))?");
  private static final int MIN_WINDOW = 5;
  private static final int MAX_WINDOW = 100;
  private static final int MAX_TEXT = 10_000;
  private static final Set<Kind> NEED_NO_COLUMN =
      EnumSet.of(Kind.CUSTOM, Kind.ROW_COUNT, Kind.STEADY, Kind.SAME_ROW_COUNT, Kind.TEXT);
  private static final Set<Kind> METRICS =
      EnumSet.of(
          Kind.ROW_COUNT,
          Kind.COMPLETENESS,
          Kind.DISTINCT_COUNT,
          Kind.MEAN,
          Kind.STDDEV,
          Kind.SUM,
          Kind.MIN,
          Kind.MAX);

  private RuleFactory() {}

  static Rule of(Kind kind, List<String> columns, List<@Nullable Object> arguments) {
    if (columns.isEmpty() && !NEED_NO_COLUMN.contains(kind)) {
      throw Rule.invalid(kind.text(), "it has no column", "Use at least one column.");
    }
    checkColumns(kind.text(), columns);
    return new Rule(new RuleTerms(kind, columns, arguments));
  }

  private static void checkColumns(String rule, List<String> columns) {
    columns.forEach(column -> checkColumn(rule, column));
    if (new HashSet<>(columns).size() < columns.size()) {
      throw Rule.invalid(rule, "it lists a column twice", "List each column once.");
    }
  }

  static void checkColumn(String rule, @Nullable String column) {
    if (column == null || !COLUMN.matcher(column).matches()) {
      throw Rule.invalid(
          rule,
          "'" + NameGrammar.quoted(String.valueOf(column)) + "' is not a column name",
          "Use a column of the contract.");
    }
  }

  /** The scopes that a kind supports. */
  static Set<Scope> scopes(Kind kind) {
    return switch (kind) {
      case REFERENCES -> EnumSet.of(Scope.TABLE);
      case UNIQUE, ROW_COUNT, COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX, FRESH ->
          EnumSet.allOf(Scope.class);
      default -> EnumSet.of(Scope.BATCH);
    };
  }

  /** The position of the low end among a kind's arguments; -1 if the kind has no range. */
  static int rangePosition(Kind kind) {
    return switch (kind) {
      case BETWEEN, LENGTH, ROW_COUNT, COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX ->
          0;
      case SAME_ROW_COUNT -> 1;
      case SAME_SUM -> 2;
      default -> -1;
    };
  }

  /** Finds the kind with this name in a rule's text. */
  static Optional<Kind> findKind(String text) {
    return Arrays.stream(Kind.values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  static Rule valueSet(Kind kind, String column, @Nullable Object @Nullable [] values) {
    String rule = kind.text() + "(" + column + ")";
    boolean allowsNone = kind == Kind.NOT_MISSING;
    if (values == null || (values.length == 0 && !allowsNone)) {
      throw Rule.invalid(rule, "it lists no value", "List at least one value.");
    }
    List<@Nullable Object> members = new ArrayList<>();
    for (Object value : values) {
      if (value == null && kind == Kind.NOT_MISSING) {
        throw Rule.invalid(rule, "null is one of its values", "Remove it; null always fails.");
      }
      members.add(RuleLiterals.of(value));
    }
    return of(kind, Collections.singletonList(column), members);
  }

  static Rule range(Kind kind, String column, @Nullable Object low, @Nullable Object high) {
    Object from = RuleLiterals.of(low);
    Object to = RuleLiterals.of(high);
    RangeCheck.check(kind.text() + "(" + column + ")", from, to);
    return of(kind, Collections.singletonList(column), Arrays.asList(from, to));
  }

  /** A range with one end, which keeps the name atLeast or atMost. */
  static Rule oneSided(String name, String column, @Nullable Object end) {
    if (end == null) {
      throw Rule.invalid(name + "(" + column + ")", "its end is null", "Pass a value.");
    }
    boolean low = name.equals(RuleTerms.AT_LEAST);
    Rule range = range(Kind.BETWEEN, column, low ? end : null, low ? null : end);
    return new Rule(range.terms().with(terms -> terms.oneSided = true));
  }

  /** A rule on a metric that is a number, with a range of numbers. */
  static Rule metricRange(Kind kind, String column, @Nullable Number low, @Nullable Number high) {
    Rule range = range(kind, column, low, high);
    String rule = kind.text() + "(" + column + ")";
    switch (kind) {
      case COMPLETENESS -> checkEnds(rule, range, BigDecimal.valueOf(100), "0 to 100 percent");
      case DISTINCT_COUNT, STDDEV -> checkEnds(rule, range, null, "0 or more");
      default -> {}
    }
    return range;
  }

  private static void checkEnds(String rule, Rule range, @Nullable BigDecimal max, String allowed) {
    for (Object end : range.arguments()) {
      if (end instanceof BigDecimal number
          && (number.signum() < 0 || (max != null && number.compareTo(max) > 0))) {
        throw Rule.invalid(
            rule, number.toPlainString() + " is out of range", "Use " + allowed + ".");
      }
    }
  }

  static Rule matches(String column, String regex) {
    Rule rule =
        of(Kind.MATCHES, Collections.singletonList(column), Collections.singletonList(regex));
    RegexCheck.check(rule.id(), regex);
    checkWellFormed(rule.id(), "its regular expression", regex);
    return rule;
  }

  static Rule countRange(Kind kind, String rule, List<String> columns, long min, long max) {
    if (min < 0 || max < min) {
      throw Rule.invalid(rule, min + " to " + max + " is not a range", "Use 0 <= min <= max.");
    }
    return of(kind, columns, List.of(min, max));
  }

  static Rule compare(String comparison) {
    Matcher matcher = COMPARISON.matcher(String.valueOf(comparison));
    if (!matcher.matches()) {
      throw Rule.invalid(
          "compare",
          "'"
              + NameGrammar.quoted(String.valueOf(comparison))
              + "' is not a comparison of two columns",
          "Use the form \"a <= b\" with one of = != < <= > >=.");
    }
    return of(
        Kind.COMPARE,
        List.of(matcher.group(1), matcher.group(3)),
        Collections.singletonList(matcher.group(2)));
  }

  static Rule references(
      List<String> columns, @Nullable CharSequence product, List<String> otherColumns) {
    if (columns.size() != otherColumns.size()) {
      throw Rule.invalid(
          "references",
          "it has " + columns.size() + " columns and " + otherColumns.size() + " other columns",
          "Use the same number of columns of the other product, in the same order.");
    }
    checkColumns(Kind.REFERENCES.text(), otherColumns);
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(product(Kind.REFERENCES, product));
    arguments.addAll(otherColumns);
    return of(Kind.REFERENCES, columns, arguments);
  }

  static Rule custom(String name, long version) {
    if (!Rule.isId(name) || version < 1) {
      throw Rule.invalid(
          "custom",
          "'"
              + NameGrammar.quoted(String.valueOf(name))
              + "' "
              + version
              + " is not a name and version",
          "Use letters, digits, dots, hyphens, and underscores, and a version from 1.");
    }
    return of(Kind.CUSTOM, List.of(), List.of(name, version));
  }

  static Rule fresh(String column, @Nullable Duration within) {
    if (within == null || within.isNegative() || within.isZero()) {
      throw Rule.invalid(
          "fresh(" + column + ")", "its duration is not positive", "Use a duration such as PT1H.");
    }
    return of(Kind.FRESH, Collections.singletonList(column), List.of(within));
  }

  static Rule steady(@Nullable String metric, @Nullable Object deviations, long window) {
    Matcher matcher = METRIC.matcher(String.valueOf(metric).strip());
    Kind kind = matcher.matches() ? findKind(matcher.group(1)).orElse(null) : null;
    String column = matcher.matches() ? matcher.group(2) : null;
    if (kind == null || !METRICS.contains(kind) || (column == null) != (kind == Kind.ROW_COUNT)) {
      throw Rule.invalid(
          "steady",
          "'" + NameGrammar.quoted(String.valueOf(metric)) + "' is not a metric",
          "Use rowCount, or one of completeness, distinctCount, mean, stddev, sum, min, and max"
              + " with its column, such as mean(fare).");
    }
    if (!(deviations instanceof BigDecimal k) || k.signum() <= 0) {
      throw Rule.invalid(
          "steady", "its deviations are not a number above 0", "Use a number such as 4.");
    }
    if (window < MIN_WINDOW || window > MAX_WINDOW) {
      throw Rule.invalid(
          "steady",
          "its window is " + window + " publishes",
          "Use " + MIN_WINDOW + " to " + MAX_WINDOW + ".");
    }
    List<String> columns = column == null ? List.of() : List.of(column);
    return of(Kind.STEADY, columns, List.of(kind.text(), k, window)).warn();
  }

  static Rule sameRowCount(
      @Nullable CharSequence product, @Nullable Number low, @Nullable Number high) {
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(product(Kind.SAME_ROW_COUNT, product));
    arguments.addAll(ratio("sameRowCount", low, high));
    return of(Kind.SAME_ROW_COUNT, List.of(), arguments);
  }

  static Rule sameSum(
      String column,
      @Nullable CharSequence product,
      String otherColumn,
      @Nullable Number low,
      @Nullable Number high) {
    checkColumn("sameSum", otherColumn);
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(product(Kind.SAME_SUM, product));
    arguments.add(otherColumn);
    arguments.addAll(ratio("sameSum", low, high));
    return of(Kind.SAME_SUM, Collections.singletonList(column), arguments);
  }

  private static List<@Nullable Object> ratio(
      String rule, @Nullable Number low, @Nullable Number high) {
    Object from = RuleLiterals.of(low);
    Object to = RuleLiterals.of(high);
    RangeCheck.check(rule, from, to);
    return Arrays.asList(from, to);
  }

  static Rule text(@Nullable String text) {
    if (text == null || text.isBlank() || text.length() > MAX_TEXT) {
      throw Rule.invalid(
          "text", "it is empty or longer than " + MAX_TEXT + " characters", "Shorten the text.");
    }
    checkWellFormed("text", "it", text);
    return of(Kind.TEXT, List.of(), List.of(text));
  }

  static void checkWellFormed(String rule, String part, String text) {
    int lone = UnicodeText.loneSurrogateAt(text);
    if (lone >= 0) {
      throw Rule.invalid(
          rule, part + " " + UnicodeText.fault(lone), "Use well-formed Unicode text.");
    }
  }

  private static String product(Kind kind, @Nullable CharSequence product) {
    try {
      return ProductName.of(product).toString();
    } catch (InvalidRequestException e) {
      throw Rule.invalid(
          kind.text(),
          "'" + NameGrammar.quoted(String.valueOf(product)) + "' is not a product name",
          "Use the form domain/product, such as commerce/orders.");
    }
  }
}
