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

/** Puts rules together from arguments that make sense, whatever the schema is. */
final class RuleFactory {
  private static final String PATH = "[A-Za-z_][A-Za-z0-9_.\\[\\]{}]{0,999}";
  private static final Pattern COLUMN = Pattern.compile(PATH);
  private static final Pattern COMPARISON =
      Pattern.compile("\\s*(" + PATH + ")\\s*(<=|>=|!=|=|<|>)\\s*(" + PATH + ")\\s*");
  private static final Pattern METRIC = Pattern.compile("([A-Za-z]+)(?:\\((" + PATH + ")\\))?");
  private static final int LEAST_WINDOW = 5;
  private static final int MOST_WINDOW = 100;
  private static final int MOST_WORDS = 10_000;
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
      throw Rule.refused(kind.text(), "it names no column", "Name at least one.");
    }
    checkColumns(kind.text(), columns);
    return new Rule(new RuleTerms(kind, columns, arguments));
  }

  private static void checkColumns(String rule, List<String> columns) {
    columns.forEach(column -> checkColumn(rule, column));
    if (new HashSet<>(columns).size() < columns.size()) {
      throw Rule.refused(rule, "it names a column twice", "Name each column once.");
    }
  }

  static void checkColumn(String rule, @Nullable String column) {
    if (column == null || !COLUMN.matcher(column).matches()) {
      throw Rule.refused(
          rule,
          "'" + NameGrammar.quoted(String.valueOf(column)) + "' is no column's name",
          "Name a column of the contract.");
    }
  }

  /** Which rows rules of a kind may look at, the usual ones first. */
  static Set<Scope> scopes(Kind kind) {
    return switch (kind) {
      case REFERENCES -> EnumSet.of(Scope.TABLE);
      case UNIQUE, ROW_COUNT, COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX, FRESH ->
          EnumSet.allOf(Scope.class);
      default -> EnumSet.of(Scope.BATCH);
    };
  }

  /** Where the two ends stand among a kind's arguments; -1 if it has none. */
  static int ends(Kind kind) {
    return switch (kind) {
      case BETWEEN, LENGTH, ROW_COUNT, COMPLETENESS, DISTINCT_COUNT, MEAN, STDDEV, SUM, MIN, MAX ->
          0;
      case SAME_ROW_COUNT -> 1;
      case SAME_SUM -> 2;
      default -> -1;
    };
  }

  /** The kind of this name in a rule's text. */
  static Optional<Kind> kind(String text) {
    return Arrays.stream(Kind.values()).filter(kind -> kind.text().equals(text)).findFirst();
  }

  static Rule ofValues(Kind kind, String column, @Nullable Object @Nullable [] values) {
    String rule = kind.text() + "(" + column + ")";
    boolean mayBeEmpty = kind == Kind.NOT_MISSING;
    if (values == null || (values.length == 0 && !mayBeEmpty)) {
      throw Rule.refused(rule, "it lists no value", "List at least one.");
    }
    List<@Nullable Object> members = new ArrayList<>();
    for (Object value : values) {
      if (value == null && kind == Kind.NOT_MISSING) {
        throw Rule.refused(rule, "null is among its values", "Leave it out; null always fails.");
      }
      members.add(RuleLiterals.of(value));
    }
    return of(kind, Collections.singletonList(column), members);
  }

  static Rule ranged(Kind kind, String column, @Nullable Object low, @Nullable Object high) {
    Object from = RuleLiterals.of(low);
    Object to = RuleLiterals.of(high);
    RangeBounds.check(kind.text() + "(" + column + ")", from, to);
    return of(kind, Collections.singletonList(column), Arrays.asList(from, to));
  }

  /** A range with one end, which keeps its name. */
  static Rule oneSided(String name, String column, @Nullable Object end) {
    if (end == null) {
      throw Rule.refused(
          name + "(" + column + ")", "it has no end", "Give one, or leave the rule out.");
    }
    boolean low = name.equals(RuleTerms.AT_LEAST);
    Rule range = ranged(Kind.BETWEEN, column, low ? end : null, low ? null : end);
    return new Rule(range.terms().with(terms -> terms.oneSided = true));
  }

  /** A measure that is a number, between two numbers. */
  static Rule measured(Kind kind, String column, @Nullable Number low, @Nullable Number high) {
    Rule rule = ranged(kind, column, low, high);
    String called = kind.text() + "(" + column + ")";
    switch (kind) {
      case COMPLETENESS -> within(called, rule, BigDecimal.valueOf(100), "0 to 100 percent");
      case DISTINCT_COUNT, STDDEV -> within(called, rule, null, "0 or more");
      default -> {}
    }
    return rule;
  }

  private static void within(String called, Rule rule, @Nullable BigDecimal most, String range) {
    for (Object end : rule.arguments()) {
      if (end instanceof BigDecimal number
          && (number.signum() < 0 || (most != null && number.compareTo(most) > 0))) {
        throw Rule.refused(
            called, number.toPlainString() + " cannot be measured", "Give " + range + ".");
      }
    }
  }

  static Rule matches(String column, String regex) {
    Rule rule =
        of(Kind.MATCHES, Collections.singletonList(column), Collections.singletonList(regex));
    RegexBudget.check(rule.id(), regex);
    checkWellFormed(rule.id(), "its regular expression", regex);
    return rule;
  }

  static Rule counted(Kind kind, String called, List<String> columns, long min, long max) {
    if (min < 0 || max < min) {
      throw Rule.refused(called, min + " to " + max + " is no range", "Use 0 <= min <= max.");
    }
    return of(kind, columns, List.of(min, max));
  }

  static Rule compare(String comparison) {
    Matcher matcher = COMPARISON.matcher(String.valueOf(comparison));
    if (!matcher.matches()) {
      throw Rule.refused(
          "compare",
          "'"
              + NameGrammar.quoted(String.valueOf(comparison))
              + "' is no comparison of two columns",
          "Write it as \"a <= b\" with one of = != < <= > >=.");
    }
    return of(
        Kind.COMPARE,
        List.of(matcher.group(1), matcher.group(3)),
        Collections.singletonList(matcher.group(2)));
  }

  static Rule references(
      List<String> columns, @Nullable CharSequence product, List<String> otherColumns) {
    if (columns.size() != otherColumns.size()) {
      throw Rule.refused(
          "references",
          "it names " + columns.size() + " columns and " + otherColumns.size() + " others",
          "Name as many columns of the other product, in the same order.");
    }
    checkColumns(Kind.REFERENCES.text(), otherColumns);
    List<@Nullable Object> arguments = new ArrayList<>();
    arguments.add(product(Kind.REFERENCES, product));
    arguments.addAll(otherColumns);
    return of(Kind.REFERENCES, columns, arguments);
  }

  static Rule custom(String name, long version) {
    if (!Rule.isId(name) || version < 1) {
      throw Rule.refused(
          "custom",
          "'"
              + NameGrammar.quoted(String.valueOf(name))
              + "' "
              + version
              + " is no name and version",
          "Use letters, digits, dots, hyphens and underscores, and a version from 1.");
    }
    return of(Kind.CUSTOM, List.of(), List.of(name, version));
  }

  static Rule fresh(String column, @Nullable Duration within) {
    if (within == null || within.isNegative() || within.isZero()) {
      throw Rule.refused(
          "fresh(" + column + ")", "its duration is not above zero", "Give one such as PT1H.");
    }
    return of(Kind.FRESH, Collections.singletonList(column), List.of(within));
  }

  static Rule steady(@Nullable String metric, @Nullable Object deviations, long window) {
    Matcher matcher = METRIC.matcher(String.valueOf(metric).strip());
    Kind kind = matcher.matches() ? kind(matcher.group(1)).orElse(null) : null;
    String column = matcher.matches() ? matcher.group(2) : null;
    if (kind == null || !METRICS.contains(kind) || (column == null) != (kind == Kind.ROW_COUNT)) {
      throw Rule.refused(
          "steady",
          "'" + NameGrammar.quoted(String.valueOf(metric)) + "' is no measure",
          "Use rowCount, or one of completeness, distinctCount, mean, stddev, sum, min and max"
              + " with its column, such as mean(fare).");
    }
    if (!(deviations instanceof BigDecimal k) || k.signum() <= 0) {
      throw Rule.refused("steady", "its deviations are no number above 0", "Give one such as 4.");
    }
    if (window < LEAST_WINDOW || window > MOST_WINDOW) {
      throw Rule.refused(
          "steady",
          "it cannot look back over " + window + " publishes",
          "Use " + LEAST_WINDOW + " to " + MOST_WINDOW + ".");
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
      String called, @Nullable Number low, @Nullable Number high) {
    Object from = RuleLiterals.of(low);
    Object to = RuleLiterals.of(high);
    RangeBounds.check(called, from, to);
    return Arrays.asList(from, to);
  }

  static Rule words(@Nullable String words) {
    if (words == null || words.isBlank() || words.length() > MOST_WORDS) {
      throw Rule.refused(
          "text", "it is empty or longer than " + MOST_WORDS + " characters", "Give some words.");
    }
    checkWellFormed("text", "it", words);
    return of(Kind.TEXT, List.of(), List.of(words));
  }

  static void checkWellFormed(String rule, String part, String text) {
    int lone = UnicodeText.loneSurrogateAt(text);
    if (lone >= 0) {
      throw Rule.refused(rule, part + " " + UnicodeText.fault(lone), "Write whole characters.");
    }
  }

  private static String product(Kind kind, @Nullable CharSequence product) {
    try {
      return ProductName.of(product).toString();
    } catch (InvalidRequestException e) {
      throw Rule.refused(
          kind.text(),
          "'" + NameGrammar.quoted(String.valueOf(product)) + "' is no product",
          "Name it as domain/product, such as commerce/orders.");
    }
  }
}
