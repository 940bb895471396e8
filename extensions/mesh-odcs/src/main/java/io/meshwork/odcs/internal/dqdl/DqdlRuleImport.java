package io.meshwork.odcs.internal.dqdl;

import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Field;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Kind;
import io.meshwork.odcs.internal.dqdl.DqdlFilter.Test;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of a contract that one rule of DQDL means. Not thread-safe. */
public final class DqdlRuleImport {
  private static final BigDecimal HUNDRED = new BigDecimal(100);
  private static final BigDecimal STRICTLY_LESS = new BigDecimal("0.000001");

  /** A rule that contradicts the contract, or needs what the caller did not name. */
  public static final class RejectedRuleException extends Exception {
    private static final long serialVersionUID = 1L;

    RejectedRuleException(String reason) {
      super(reason);
    }
  }

  private final DqdlColumns columns;
  private final DqdlSources sources;
  private final Set<String> notes = new LinkedHashSet<>();

  public DqdlRuleImport(DqdlColumns columns, Map<String, ProductName> sources) {
    this.columns = columns;
    this.sources = new DqdlSources(columns, sources);
  }

  /** What differs from DQDL although the rule was read. */
  public Set<String> notes() {
    return notes;
  }

  /**
   * Returns the rules; empty if the schema of the contract ensures what the rule demands.
   *
   * @throws InexpressibleException if no rule has the same verdict
   * @throws RejectedRuleException if it contradicts the contract, or names an unknown source
   */
  public List<Rule> rules(DqdlRule rule) throws InexpressibleException, RejectedRuleException {
    if (rule.type().equals(DqdlRule.OR)) {
      return alternatives(rule.parts());
    }
    return rule.isComposite() ? all(rule.parts()) : single(rule, false);
  }

  /** Ranges with both ends, and several complete columns, are one rule each. */
  private List<Rule> all(List<DqdlRule> parts)
      throws InexpressibleException, RejectedRuleException {
    if (parts.stream().allMatch(DqdlRuleImport::isCompleteOnly)) {
      List<String> names = new ArrayList<>();
      for (DqdlRule part : parts) {
        names.add(columns.require(parameter(part, 0)).name());
      }
      return List.of(Rule.notNull(names.toArray(String[]::new)));
    }
    List<DqdlRule> remaining = new ArrayList<>(parts);
    NaNColumns withoutNaN = NaNColumns.removedFrom(remaining, columns);
    boolean isNaNForbidden = withoutNaN.cover(remaining);
    if (remaining.size() == 2) {
      DqdlRule first = remaining.get(0);
      DqdlRule second = remaining.get(1);
      DqdlCondition joined = DqdlRange.joined(first.condition(), second.condition());
      // With shares of rows, each end tolerates its own.
      boolean exact = first.tags().isEmpty() && second.tags().isEmpty();
      if (joined != null && exact && first.condition(joined).equals(second.condition(joined))) {
        remaining = List.of(first.condition(joined));
      }
    }
    List<Rule> rules = new ArrayList<>();
    for (DqdlRule part : remaining) {
      rules.addAll(part.isComposite() ? rules(part) : single(part, false));
    }
    if (isNaNForbidden) {
      notes.remove(DqdlSources.NAN);
    }
    return rules;
  }

  private static boolean isCompleteOnly(DqdlRule rule) {
    return rule.type().equals("IsComplete")
        && rule.where().isEmpty()
        && rule.condition() == null
        && rule.tags().isEmpty();
  }

  /** Only the idiom that lets nulls pass. */
  private List<Rule> alternatives(List<DqdlRule> parts)
      throws InexpressibleException, RejectedRuleException {
    for (int i = 0; i < 2 && parts.size() == 2; i++) {
      DqdlRule nulls = parts.get(1 - i);
      DqdlRule rule = parts.get(i);
      DqdlCondition condition = nulls.condition();
      boolean idiom =
          condition != null
              && nulls.type().equals("ColumnValues")
              && rule.type().startsWith("Column")
              && nulls.parameters().equals(rule.parameters())
              && condition.operator().equals("=")
              && condition.operand().is(DqdlOperand.Kind.NULL)
              && nulls.where().equals(rule.where())
              && nulls.tags().isEmpty();
      if (idiom) {
        return single(rule, true);
      }
    }
    throw new InexpressibleException("it joins rules by 'or'");
  }

  private List<Rule> single(DqdlRule rule, boolean nullsPass)
      throws InexpressibleException, RejectedRuleException {
    BigDecimal tolerated = tolerated(rule.tags());
    DqdlFilter filter = DqdlFilter.of(rule.where(), columns);
    switch (rule.type()) {
      case "ColumnValues" -> {
        return values(rule, filter, tolerated, nullsPass);
      }
      case "ColumnLength" -> {
        return lengths(rule, filter, tolerated, nullsPass);
      }
      default -> {
        if (tolerated != null) {
          throw new InexpressibleException("its share of rows has no equivalent");
        }
        return whole(rule, filter);
      }
    }
  }

  /** Rules without a share of rows. */
  private List<Rule> whole(DqdlRule rule, DqdlFilter filter)
      throws InexpressibleException, RejectedRuleException {
    switch (rule.type()) {
      case "IsComplete" -> {
        return filtered(Rule.notNull(column(rule).name()), filter);
      }
      case "IsUnique", "IsPrimaryKey" -> {
        return keys(rule, filter);
      }
      case "Completeness" -> {
        DqdlRange share = DqdlRange.of(rule.condition()).movedRight(2);
        return filtered(
            Rule.completeness(column(rule).name(), share.nextLow(), share.nextHigh()), filter);
      }
      case "RowCount" -> {
        DqdlRange range = DqdlRange.of(rule.condition());
        return filtered(Rule.rowCount(count(range.wholeLow(), 0), most(range)), filter);
      }
      case "DistinctValuesCount" -> {
        DqdlRange range = DqdlRange.of(rule.condition());
        Field column = column(rule);
        return filtered(
            Rule.distinctCount(column.name(), range.wholeLow(), range.wholeHigh()),
            filter.without(Test.NOT_NULL, column.name()));
      }
      case "Mean", "Sum", "StandardDeviation" -> {
        return filtered(
            statistic(rule),
            filter
                .without(Test.NOT_NULL, column(rule).name())
                .without(Test.NOT_NAN, column(rule).name()));
      }
      case "ColumnExists", "ColumnCount", "ColumnDataType" -> {
        sources.checkSchema(rule);
        notes.add("the schema ensures it");
        return List.of();
      }
      case "CustomSql" -> {
        return filtered(DqdlSql.rule(rule, columns), filter);
      }
      default -> {
        return filtered(sources.rule(rule, notes), filter);
      }
    }
  }

  private Rule statistic(DqdlRule rule) throws InexpressibleException, RejectedRuleException {
    DqdlRange range = DqdlRange.of(rule.condition());
    Field column = column(rule);
    boolean whole = rule.type().equals("Sum") && column.kind() == Kind.WHOLE && range.strict();
    BigDecimal low = whole ? range.wholeLow() : range.nextLow();
    BigDecimal high = whole ? range.wholeHigh() : range.nextHigh();
    if (rule.type().equals("Mean")) {
      return Rule.mean(column.name(), low, high);
    }
    if (rule.type().equals("Sum")) {
      return Rule.sum(column.name(), low, high);
    }
    notes.add("the rule divides by one less than the number of values");
    return Rule.stddev(column.name(), low, high);
  }

  private List<Rule> values(
      DqdlRule rule, DqdlFilter filter, @Nullable BigDecimal tolerated, boolean nullsPass)
      throws InexpressibleException, RejectedRuleException {
    Field column = column(rule);
    DqdlCondition condition = rule.condition();
    if (condition == null) {
      throw new InexpressibleException("it has no condition");
    }
    Rule.OnRows meant = DqdlValues.rule(column, condition);
    if (filter.excludes(Test.NOT_NAN, column.name())) {
      return extreme(meant, condition, column, filter);
    }
    boolean greater = condition.operator().startsWith(">");
    if (column.kind() == Kind.FLOATING && greater) {
      notes.add(DqdlSources.NAN);
    }
    boolean skipsEmpty = filter.excludes(Test.NOT_EMPTY, column.name());
    DqdlFilter rest =
        skipsEmpty && condition.operator().equals("matches")
            ? filter.without(Test.NOT_EMPTY, column.name())
            : filter;
    return withNulls(
        meant, column, rest, tolerated, nullsPass || DqdlValues.allowsNulls(condition));
  }

  /** A range without nulls and NaN is how an export writes the minimum or the maximum. */
  private static List<Rule> extreme(
      Rule meant, DqdlCondition condition, Field column, DqdlFilter filter)
      throws InexpressibleException {
    BigDecimal end = condition.operand().number();
    DqdlFilter rest =
        filter.without(Test.NOT_NAN, column.name()).without(Test.NOT_NULL, column.name());
    boolean implied = filter.excludes(Test.NOT_NULL, column.name()) || !column.nullable();
    if (end == null || !implied) {
      throw new InexpressibleException("its filter excludes NaN");
    }
    return switch (condition.operator()) {
      case ">=" -> filtered(Rule.min(column.name(), end, null), rest);
      case "<=" -> filtered(Rule.max(column.name(), null, end), rest);
      default -> filtered(meant, filter);
    };
  }

  private List<Rule> lengths(
      DqdlRule rule, DqdlFilter filter, @Nullable BigDecimal tolerated, boolean nullsPass)
      throws InexpressibleException, RejectedRuleException {
    Field column = column(rule);
    if (column.kind() != Kind.TEXT) {
      throw new RejectedRuleException(
          "the column " + OdcsErrors.quoted(column.name()) + " has no text");
    }
    DqdlRange range = DqdlRange.of(rule.condition());
    long least = count(range.wholeLow(), 0);
    long most = Math.min(most(range), Integer.MAX_VALUE);
    Rule.OnRows meant =
        Rule.length(column.name(), (int) Math.min(least, Integer.MAX_VALUE), (int) most);
    // A null counts as a string of no length.
    return withNulls(meant, column, filter, tolerated, nullsPass || least == 0);
  }

  /** Nulls fail most rules of DQDL, and are skipped by rules of the mesh. */
  private static List<Rule> withNulls(
      Rule.OnRows meant,
      Field column,
      DqdlFilter filter,
      @Nullable BigDecimal tolerated,
      boolean nullsPass)
      throws InexpressibleException {
    boolean excluded = filter.excludes(Test.NOT_NULL, column.name());
    boolean nullsFail = column.nullable() && !nullsPass && !excluded;
    if (tolerated != null) {
      if (nullsFail) {
        throw new InexpressibleException("its share of rows counts nulls as failing");
      }
      return filtered(meant.toleratePercent(tolerated.doubleValue()), filter);
    }
    DqdlFilter rest = filter.without(Test.NOT_NULL, column.name());
    List<Rule> rules = new ArrayList<>(filtered(meant, rest));
    if (nullsFail) {
      rules.addAll(filtered(Rule.notNull(column.name()), rest));
    }
    return rules;
  }

  private List<Rule> keys(DqdlRule rule, DqdlFilter filter)
      throws InexpressibleException, RejectedRuleException {
    List<Field> key = new ArrayList<>();
    for (String name : rule.parameters()) {
      key.add(columns.require(name));
    }
    boolean primary = rule.type().equals("IsPrimaryKey");
    if (key.isEmpty() || rule.condition() != null) {
      throw new InexpressibleException("it has no column, or a condition");
    }
    if (primary && columns.isKey(key) && rule.where().isEmpty()) {
      notes.add("it is the primary key of the contract");
      return List.of();
    }
    DqdlFilter rest = filter;
    List<Field> withNulls = new ArrayList<>();
    for (Field each : key) {
      if (each.nullable() && !filter.excludes(Test.NOT_NULL, each.name())) {
        withNulls.add(each);
      }
      rest = rest.without(Test.NOT_NULL, each.name());
    }
    String[] names = key.stream().map(Field::name).toArray(String[]::new);
    List<Rule> rules = new ArrayList<>(filtered(Rule.unique(names), rest));
    for (Field each : withNulls) {
      if (primary) {
        rules.addAll(filtered(Rule.notNull(each.name()), rest));
      } else {
        notes.add("rows with a null are skipped");
      }
    }
    return rules;
  }

  /** A rule of DQDL is on the table; rules on rows have no other scope. */
  private static List<Rule> filtered(Rule rule, DqdlFilter filter) throws InexpressibleException {
    String text = filter.text();
    Rule scoped =
        rule instanceof Rule.WithScope some && rule.scope() != Rule.Scope.TABLE
            ? some.scope(Rule.Scope.TABLE)
            : rule;
    return List.of(text.isEmpty() ? scoped : scoped.where(text));
  }

  /** The share of rows that may fail, in percent; null if none may. */
  private static @Nullable BigDecimal tolerated(List<DqdlRule.Tag> tags)
      throws InexpressibleException {
    BigDecimal tolerated = null;
    for (DqdlRule.Tag tag : tags) {
      if (!tag.name().equalsIgnoreCase("threshold") || tolerated != null) {
        throw new InexpressibleException("it has the option " + OdcsErrors.quoted(tag.name()));
      }
      DqdlRange share = DqdlRange.of(tag.condition());
      BigDecimal low = share.low();
      boolean toOne =
          share.high() == null || HUNDRED.compareTo(share.high().movePointRight(2)) <= 0;
      if (low == null || !toOne || low.signum() < 0 || low.compareTo(BigDecimal.ONE) > 0) {
        throw new InexpressibleException("its share of rows demands rows that fail");
      }
      tolerated = HUNDRED.subtract(low.movePointRight(2));
      if (share.strict()) {
        tolerated = tolerated.subtract(STRICTLY_LESS);
      }
      if (tolerated.signum() < 0 || (share.strict() && share.high() != null)) {
        throw new InexpressibleException("no share of rows is between its ends");
      }
    }
    return tolerated == null || tolerated.signum() == 0 ? null : tolerated;
  }

  private static long most(DqdlRange range) throws InexpressibleException {
    return count(range.wholeHigh(), Long.MAX_VALUE);
  }

  private static long count(@Nullable BigDecimal number, long otherwise)
      throws InexpressibleException {
    if (number == null) {
      return otherwise;
    }
    if (number.precision() > 18) {
      throw new InexpressibleException("its number is too large");
    }
    return Math.max(0, number.longValueExact());
  }

  private Field column(DqdlRule rule) throws InexpressibleException, RejectedRuleException {
    return columns.require(parameter(rule, 0));
  }

  /** A parameter of a rule that has no others after it. */
  static String parameter(DqdlRule rule, int position) throws InexpressibleException {
    if (rule.parameters().size() != position + 1) {
      throw new InexpressibleException(
          "it has " + rule.parameters().size() + " parameters in place of " + (position + 1));
    }
    return Objects.requireNonNull(rule.parameters().get(position));
  }
}
