package io.meshwork.internal.condition;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.product.ProductName;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition that each row satisfies or not, so that a rule can tolerate failing rows. Immutable
 * and thread-safe.
 */
public sealed interface RowCondition extends RuleCondition {
  /** A condition on the values of one column. */
  sealed interface ColumnCondition extends RowCondition {
    /** Returns the path of the column. */
    String column();

    @Override
    default List<String> columns() {
      return Collections.singletonList(column());
    }
  }

  /** A condition with a list of values. */
  sealed interface ValueSet extends ColumnCondition {
    /** Returns the values; some can be null. Unmodifiable. */
    List<@Nullable Object> values();
  }

  /**
   * No column is null.
   *
   * @param columns at least one
   */
  record NotNull(List<String> columns) implements RowCondition {
    static final ConditionCodec<NotNull> CODEC =
        ConditionCodec.of("notNull", NotNull.class, arguments -> new NotNull(arguments.all()))
            .forNested();

    public NotNull {
      columns = RuleNames.columns("notNull", columns);
    }

    @Override
    public String text() {
      return "notNull(" + String.join(", ", columns) + ")";
    }

    @Override
    public NotNull renamed(UnaryOperator<String> names) {
      return new NotNull(columns.stream().map(names).toList());
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof NotNull weak && new HashSet<>(columns).containsAll(weak.columns);
    }
  }

  /**
   * The value is not null, and does not stand for a missing value.
   *
   * @param column the column
   * @param values the values; none means the empty string, for a string column
   * @param trimmed true if surrounding white space of values and of the listed strings is ignored
   */
  record NotMissing(String column, List<@Nullable Object> values, boolean trimmed)
      implements ValueSet {
    static final ConditionCodec<NotMissing> CODEC =
        ConditionCodec.of(
                "notMissing",
                NotMissing.class,
                arguments -> new NotMissing(arguments.get(0), arguments.literals(1), false))
            .fitting(
                (condition, columns) ->
                    RuleTypeCheck.ofSet(condition.values, condition.trimmed, columns.get(0)));

    public NotMissing {
      values = LiteralSet.of("notMissing(" + column + ")", values, true);
    }

    @Override
    public String text() {
      return LiteralSet.text(this) + (trimmed ? " trimmed" : "");
    }

    @Override
    public NotMissing renamed(UnaryOperator<String> names) {
      return new NotMissing(names.apply(column), values, trimmed);
    }

    @Override
    public boolean implies(RuleCondition other) {
      if (other instanceof NotNull weak) {
        return weak.columns.equals(columns());
      }
      return other instanceof NotMissing weak
          && weak.column.equals(column)
          && (trimmed || !weak.trimmed)
          && LiteralSet.isMissingIn(weak.values, values, trimmed);
    }
  }

  /**
   * The value is in a range.
   *
   * @param column the column
   * @param low the lower end; null if there is none
   * @param high the upper end; null if there is none
   * @param exclusive true if the range does not include its ends
   * @param oneSided true for a range with one end that is written as {@code atLeast} or {@code
   *     atMost}
   */
  record Between(
      String column,
      @Nullable Object low,
      @Nullable Object high,
      boolean exclusive,
      boolean oneSided)
      implements ColumnCondition, Range {
    private static final String AT_LEAST = "atLeast";
    private static final String AT_MOST = "atMost";

    static final ConditionCodec<Between> CODEC =
        ConditionCodec.of("between", Between.class, Between::read)
            .alsoNamed(AT_LEAST, AT_MOST)
            .fitting((condition, columns) -> RuleTypeCheck.ofRange(condition, columns.get(0)));

    /** Converts and checks the ends. */
    public Between {
      low = RuleLiterals.of(low);
      high = RuleLiterals.of(high);
      RangeCheck.check("between(" + column + ")", low, high);
      oneSided &= low == null || high == null;
    }

    public static Between atLeast(String column, @Nullable Object low) {
      return new Between(column, required(AT_LEAST, column, low), null, false, true);
    }

    public static Between atMost(String column, @Nullable Object high) {
      return new Between(column, null, required(AT_MOST, column, high), false, true);
    }

    private static Object required(String name, String column, @Nullable Object end) {
      if (end == null) {
        throw RuleFault.of(name + "(" + column + ")", "its end is null", "Pass a value.");
      }
      return end;
    }

    private static Between read(RuleArguments arguments) {
      if (arguments.name().equals(AT_LEAST)) {
        arguments.require(2);
        return atLeast(arguments.get(0), arguments.literal(1));
      }
      if (arguments.name().equals(AT_MOST)) {
        arguments.require(2);
        return atMost(arguments.get(0), arguments.literal(1));
      }
      arguments.require(3);
      return new Between(
          arguments.get(0), arguments.literal(1), arguments.literal(2), false, false);
    }

    private String name() {
      return !oneSided ? "between" : high == null ? AT_LEAST : AT_MOST;
    }

    @Override
    public String text() {
      String ends =
          oneSided ? ", " + RuleLiterals.text(high == null ? low : high) : RuleLiterals.ends(this);
      return name() + "(" + column + ends + ")" + (exclusive ? " exclusive" : "");
    }

    @Override
    public String defaultId() {
      return name() + "." + column;
    }

    @Override
    public Between renamed(UnaryOperator<String> names) {
      return new Between(names.apply(column), low, high, exclusive, oneSided);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof Between weak
          && weak.column.equals(column)
          && RangeCheck.isInside(this, weak, exclusive || !weak.exclusive);
    }

    /** Returns the range without its ends. */
    public Between exclusively() {
      return new Between(column, low, high, true, oneSided);
    }
  }

  /**
   * The value is one of these.
   *
   * @param column the column
   * @param values at least one; null has no effect
   */
  record InSet(String column, List<@Nullable Object> values) implements ValueSet {
    static final ConditionCodec<InSet> CODEC =
        ConditionCodec.of(
                "inSet",
                InSet.class,
                arguments -> new InSet(arguments.get(0), arguments.literals(1)))
            .fitting(
                (condition, columns) ->
                    RuleTypeCheck.ofSet(condition.values, false, columns.get(0)));

    public InSet {
      values = LiteralSet.of("inSet(" + column + ")", values, false);
    }

    @Override
    public String text() {
      return LiteralSet.text(this);
    }

    @Override
    public InSet renamed(UnaryOperator<String> names) {
      return new InSet(names.apply(column), values);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof InSet weak
          && weak.column.equals(column)
          && LiteralSet.isSubset(
              LiteralSet.withoutNull(values), LiteralSet.withoutNull(weak.values));
    }
  }

  /**
   * The value is none of these.
   *
   * @param column the column
   * @param values at least one; nulls fail only if null is one of them
   */
  record NotInSet(String column, List<@Nullable Object> values) implements ValueSet {
    static final ConditionCodec<NotInSet> CODEC =
        ConditionCodec.of(
                "notInSet",
                NotInSet.class,
                arguments -> new NotInSet(arguments.get(0), arguments.literals(1)))
            .fitting(
                (condition, columns) ->
                    RuleTypeCheck.ofSet(condition.values, false, columns.get(0)));

    public NotInSet {
      values = LiteralSet.of("notInSet(" + column + ")", values, false);
    }

    @Override
    public String text() {
      return LiteralSet.text(this);
    }

    @Override
    public NotInSet renamed(UnaryOperator<String> names) {
      return new NotInSet(names.apply(column), values);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof NotInSet weak
          && weak.column.equals(column)
          && LiteralSet.isSubset(weak.values, values);
    }
  }

  /**
   * The whole string matches.
   *
   * @param column the column
   * @param regex the expression, in RE2 syntax
   */
  record Matches(String column, String regex) implements ColumnCondition {
    static final ConditionCodec<Matches> CODEC =
        ConditionCodec.of("matches", Matches.class, Matches::read)
            .fitting((condition, columns) -> RuleTypeCheck.notText(columns.get(0)));

    public Matches {
      RuleNames.checkColumn("matches", column);
      String rule = "matches." + column;
      RegexCheck.check(rule, regex);
      RuleLiterals.checkWellFormed(rule, "its regular expression", regex);
    }

    private static Matches read(RuleArguments arguments) {
      arguments.require(2);
      return new Matches(
          arguments.get(0),
          arguments.quoted(1, "its expression", "Use the form matches(column, '...')."));
    }

    @Override
    public String text() {
      return "matches(" + column + ", " + RuleLiterals.text(regex) + ")";
    }

    @Override
    public Matches renamed(UnaryOperator<String> names) {
      return new Matches(names.apply(column), regex);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return equals(other);
    }
  }

  /**
   * The length is in a range.
   *
   * @param column the column
   * @param min 0 or more
   * @param max {@code min} or more; {@code Integer.MAX_VALUE} for no limit
   */
  record Length(String column, int min, int max) implements ColumnCondition {
    static final ConditionCodec<Length> CODEC =
        ConditionCodec.of("length", Length.class, Length::read)
            .forNested()
            .fitting((condition, columns) -> RuleTypeCheck.withoutLength(columns.get(0)));

    public Length {
      RangeCheck.checkCounts("length(" + column + ")", min, max);
    }

    private static Length read(RuleArguments arguments) {
      arguments.require(3);
      return new Length(
          arguments.get(0), arguments.small(1, 0), arguments.small(2, Integer.MAX_VALUE));
    }

    @Override
    public String text() {
      return "length(" + column + ", " + min + ", " + (max == Integer.MAX_VALUE ? "" : max) + ")";
    }

    @Override
    public Length renamed(UnaryOperator<String> names) {
      return new Length(names.apply(column), min, max);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof Length weak
          && weak.column.equals(column)
          && min >= weak.min
          && max <= weak.max;
    }
  }

  /**
   * Two columns have a relation.
   *
   * @param left the left column
   * @param operator one of {@code = != < <= > >=}
   * @param right the right column
   */
  record Compare(String left, String operator, String right) implements RowCondition {
    /** For each operator, the operators that it implies. */
    private static final Map<String, Set<String>> IMPLIED =
        Map.of(
            "=", Set.of("=", "<=", ">="),
            "<", Set.of("<", "<=", "!="),
            ">", Set.of(">", ">=", "!="),
            "<=", Set.of("<="),
            ">=", Set.of(">="),
            "!=", Set.of("!="));

    private static final Pattern COMPARISON =
        Pattern.compile(
            "\\s*(" + RuleNames.PATH + ")\\s*(<=|>=|!=|=|<|>)\\s*(" + RuleNames.PATH + ")\\s*");

    static final ConditionCodec<Compare> CODEC =
        ConditionCodec.of(
                "compare",
                Compare.class,
                arguments -> {
                  arguments.require(1);
                  return of(arguments.get(0));
                })
            .fitting((condition, columns) -> RuleTypeCheck.ofPair(columns.get(0), columns.get(1)));

    public Compare {
      if (operator == null || !IMPLIED.containsKey(operator)) {
        throw invalid(left + " " + operator + " " + right);
      }
    }

    public static Compare of(String comparison) {
      Matcher matcher = COMPARISON.matcher(String.valueOf(comparison));
      if (!matcher.matches()) {
        throw invalid(comparison);
      }
      return new Compare(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    private static RuntimeException invalid(String comparison) {
      return RuleFault.of(
          "compare",
          "'"
              + NameGrammar.quoted(String.valueOf(comparison))
              + "' is not a comparison of two columns",
          "Use the form \"a <= b\" with one of = != < <= > >=.");
    }

    @Override
    public List<String> columns() {
      return List.of(left, right);
    }

    @Override
    public String text() {
      return "compare(" + left + " " + operator + " " + right + ")";
    }

    @Override
    public Compare renamed(UnaryOperator<String> names) {
      return new Compare(names.apply(left), operator, names.apply(right));
    }

    @Override
    public boolean implies(RuleCondition other) {
      if (!(other instanceof Compare weak)) {
        return false;
      }
      boolean same = weak.left.equals(left) && weak.right.equals(right);
      boolean swapped = weak.left.equals(right) && weak.right.equals(left);
      return (same && IMPLIED.getOrDefault(operator, Set.of()).contains(weak.operator))
          || (swapped && IMPLIED.getOrDefault(swapped(), Set.of()).contains(weak.operator));
    }

    /** Returns the operator for the columns in the other order. */
    private String swapped() {
      return operator.replace('<', '\0').replace('>', '<').replace('\0', '>');
    }
  }

  /**
   * Some row of another product has the values.
   *
   * @param columns the columns
   * @param product the other product
   * @param otherColumns the other product's columns, as many
   */
  record References(List<String> columns, ProductName product, List<String> otherColumns)
      implements RowCondition, ProductReference {
    static final ConditionCodec<References> CODEC =
        ConditionCodec.of("references", References.class, References::read);

    /** Checks the other columns, and copies both lists. */
    public References {
      checkPairs(columns, otherColumns);
      columns = RuleNames.columns("references", columns);
      otherColumns = List.copyOf(otherColumns);
    }

    public static References of(
        List<String> columns, @Nullable CharSequence product, List<String> otherColumns) {
      checkPairs(columns, otherColumns);
      return new References(columns, RuleNames.product("references", product), otherColumns);
    }

    private static void checkPairs(List<String> columns, List<String> otherColumns) {
      if (columns.size() != otherColumns.size()) {
        throw RuleFault.of(
            "references",
            "it has " + columns.size() + " columns and " + otherColumns.size() + " other columns",
            "Use the same number of columns of the other product, in the same order.");
      }
      RuleNames.checkColumns("references", otherColumns);
    }

    private static References read(RuleArguments arguments) {
      RuleArguments parts = arguments.separatedBy(';');
      if (parts.all().size() != 3) {
        throw parts.invalid(
            "it does not have three parts separated by semicolons",
            "Use the form references(a, b; domain/product; c, d).");
      }
      return of(parts.names(0), parts.get(1), parts.names(2));
    }

    @Override
    public String text() {
      return "references("
          + String.join(", ", columns)
          + "; "
          + product
          + "; "
          + String.join(", ", otherColumns)
          + ")";
    }

    @Override
    public References renamed(UnaryOperator<String> names) {
      return new References(columns.stream().map(names).toList(), product, otherColumns);
    }

    @Override
    public boolean implies(RuleCondition other) {
      return equals(other);
    }
  }

  /**
   * The producer's code accepts the row.
   *
   * @param name the name of the code
   * @param version the version of the code, from 1
   */
  record Custom(String name, int version) implements RowCondition {
    static final ConditionCodec<Custom> CODEC =
        ConditionCodec.of(
            "custom",
            Custom.class,
            arguments -> {
              arguments.require(2);
              return new Custom(
                  arguments.quoted(0, "its name", "Use the form custom('name', 1)."),
                  arguments.small(1, 0));
            });

    /** Checks the name and the version. */
    public Custom {
      if (!RuleNames.isId(name) || version < 1) {
        throw RuleFault.of(
            "custom",
            "'"
                + NameGrammar.quoted(String.valueOf(name))
                + "' "
                + version
                + " is not a name and version",
            "Use letters, digits, dots, hyphens, and underscores, and a version from 1.");
      }
    }

    @Override
    public List<String> columns() {
      return List.of();
    }

    @Override
    public String text() {
      return "custom(" + RuleLiterals.text(name) + ", " + version + ")";
    }

    @Override
    public String defaultId() {
      return "custom." + name;
    }

    @Override
    public Custom renamed(UnaryOperator<String> names) {
      return this;
    }

    @Override
    public boolean implies(RuleCondition other) {
      return equals(other);
    }
  }
}
