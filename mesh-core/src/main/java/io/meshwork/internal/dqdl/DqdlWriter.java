package io.meshwork.internal.dqdl;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.internal.condition.DatasetCondition.Fresh;
import io.meshwork.internal.condition.RowCondition.Between;
import io.meshwork.internal.condition.RowCondition.Compare;
import io.meshwork.internal.condition.RowCondition.InSet;
import io.meshwork.internal.condition.RowCondition.Length;
import io.meshwork.internal.condition.RowCondition.Matches;
import io.meshwork.internal.condition.RowCondition.NotInSet;
import io.meshwork.internal.condition.RowCondition.NotMissing;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.condition.RuleCondition.Range;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.schema.IcebergSchemas;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Writes the rules of one contract. */
final class DqdlWriter {
  private static final String VALUES = "ColumnValues ";
  private static final String PER_PUBLISH =
      "it applies to each publish; a table of several can pass or fail otherwise";

  private final Map<String, DqdlColumn> columns = new HashMap<>();

  DqdlWriter(Contract contract, UnaryOperator<String> columnNames) {
    for (Types.NestedField field : IcebergSchemas.fromAvro(contract.schema()).columns()) {
      columns.put(
          field.name(),
          new DqdlColumn(columnNames.apply(field.name()), field.type(), field.isOptional()));
    }
  }

  /**
   * Returns a rule in DQDL.
   *
   * @throws NotExpressibleException if it has no equivalent
   */
  String write(Rule rule) {
    if (rule.where().isPresent()) {
      throw new NotExpressibleException("it has a filter");
    }
    if (rule.toleratedRows() > 0) {
      throw new NotExpressibleException("DQDL tolerates shares of rows, not numbers of rows");
    }
    if (rule.kind().measuresWhole() || rule.kind() == Rule.Kind.UNIQUE) {
      checkScope(rule);
    }
    RuleCondition condition = RuleConditions.of(rule);
    return switch (rule.kind()) {
      case NOT_NULL -> notNull(rule);
      case NOT_MISSING -> notMissing(rule, (NotMissing) condition);
      case IN_SET -> {
        List<@Nullable Object> values = ((InSet) condition).values();
        yield values(rule, "in", values, nullable(rule) || values.contains(null));
      }
      case NOT_IN_SET -> {
        List<@Nullable Object> values = ((NotInSet) condition).values();
        yield values(rule, "not in", values, values.contains(null));
      }
      case BETWEEN -> between(rule, (Between) condition);
      case MATCHES -> matches(rule, (Matches) condition);
      case LENGTH -> length(rule, (Length) condition);
      case COMPARE -> compare(rule, (Compare) condition);
      case UNIQUE -> unique(rule);
      case ROW_COUNT -> range("RowCount", rule, DqdlWriter::whole, "");
      case COMPLETENESS -> range("Completeness", rule, DqdlWriter::share, "");
      case DISTINCT_COUNT -> {
        DqdlColumn column = column(rule, 0);
        yield range("DistinctValuesCount", rule, DqdlWriter::whole, column.skippingNulls());
      }
      case MEAN -> statistic("Mean", rule);
      case SUM -> statistic("Sum", rule);
      case MIN, MAX -> extreme(rule, (Range) condition);
      case FRESH -> fresh(rule, (Fresh) condition);
      case STDDEV ->
          throw new NotExpressibleException(
              "DQDL divides by the number of values, and the contract by one less");
      case REFERENCES, SAME_ROW_COUNT, SAME_SUM ->
          throw new NotExpressibleException("it needs the table of another product");
      case CUSTOM -> throw new NotExpressibleException("it is code of the producer");
      case STEADY ->
          throw new NotExpressibleException("DQDL compares earlier results in another way");
      case TEXT -> throw new NotExpressibleException("it is a text for people");
    };
  }

  /** Lets pass what applies to the table, or follows for it from each publish. */
  private static void checkScope(Rule rule) {
    boolean follows =
        switch (rule.kind()) {
          case COMPLETENESS, MEAN, MIN, MAX -> rule.scope() == Scope.BATCH;
          case ROW_COUNT, DISTINCT_COUNT ->
              rule.scope() == Scope.BATCH && ((Range) RuleConditions.of(rule)).high() == null;
          default -> false;
        };
    if (!follows && rule.scope() != Scope.TABLE && !isOmittedAnyway(rule)) {
      throw new NotExpressibleException(
          rule.scope() == Scope.PARTITION ? "it applies to partitions" : PER_PUBLISH);
    }
  }

  private static boolean isOmittedAnyway(Rule rule) {
    return switch (rule.kind()) {
      case STDDEV, STEADY, SAME_ROW_COUNT, SAME_SUM, TEXT -> true;
      default -> false;
    };
  }

  private DqdlColumn column(Rule rule, int position) {
    String path = rule.columns().get(position);
    DqdlColumn column = columns.get(path);
    if (column == null) {
      throw new NotExpressibleException("DQDL has no nested columns");
    }
    return column;
  }

  private boolean nullable(Rule rule) {
    return column(rule, 0).nullable();
  }

  private List<DqdlColumn> all(Rule rule) {
    List<DqdlColumn> all = new ArrayList<>();
    for (int i = 0; i < rule.columns().size(); i++) {
      all.add(column(rule, i));
    }
    return all;
  }

  private String notNull(Rule rule) {
    List<DqdlColumn> all = all(rule);
    if (!rule.isTolerant()) {
      return and(all.stream().map(column -> "IsComplete " + column.quoted()).toList());
    }
    if (all.size() > 1) {
      throw new NotExpressibleException("DQDL has no share of rows for several columns");
    }
    return "Completeness " + all.get(0).quoted() + " >= " + passing(rule);
  }

  private String notMissing(Rule rule, NotMissing condition) {
    DqdlColumn column = column(rule, 0);
    if (condition.trimmed()) {
      throw new NotExpressibleException("DQDL does not ignore white space");
    }
    if (!condition.values().isEmpty()) {
      return values(rule, "not in", condition.values(), true);
    }
    return column.isString() ? values(rule, "not in", List.of(""), true) : notNull(rule);
  }

  private String values(
      Rule rule, String operator, List<@Nullable Object> literals, boolean withNull) {
    DqdlColumn column = column(rule, 0);
    return VALUES
        + column.quoted()
        + " "
        + operator
        + " "
        + DqdlLiterals.list(column, literals, withNull)
        + threshold(rule);
  }

  private String between(Rule rule, Between range) {
    DqdlColumn column = column(rule, 0);
    List<String> conditions =
        conditions(range, range.exclusive(), end -> DqdlLiterals.end(column, end));
    boolean acceptsNaN = column.isFloating() && range.high() == null;
    if (rule.isTolerant() && (conditions.size() > 1 || acceptsNaN || column.nullable())) {
      throw new NotExpressibleException(
          "DQDL has no share of rows for a range with both ends, with nulls, or with NaN");
    }
    List<String> rules = new ArrayList<>();
    for (String condition : conditions) {
      rules.add(VALUES + column.quoted() + condition + column.skippingNulls() + threshold(rule));
    }
    if (acceptsNaN) {
      rules.add(noRow("isnan(" + column.sql() + ")")); // To Spark, NaN is the greatest number.
    }
    return and(rules);
  }

  private String matches(Rule rule, Matches condition) {
    DqdlColumn column = column(rule, 0);
    String whole = PortableRegex.whole(condition.regex());
    boolean skipsEmpty = PortableRegex.matchesEmpty(condition.regex());
    if (rule.isTolerant() && (column.nullable() || skipsEmpty)) {
      throw new NotExpressibleException("DQDL has no share of rows if nulls are skipped");
    }
    String where =
        skipsEmpty ? column.skippingNullsAnd(column.sql() + " <> ''") : column.skippingNulls();
    return VALUES + column.quoted() + " matches \"" + whole + "\"" + where + threshold(rule);
  }

  private String length(Rule rule, Length range) {
    DqdlColumn column = column(rule, 0);
    if (!column.isString()) {
      throw new NotExpressibleException("DQDL has only the length of strings");
    }
    checkNoTolerance(rule);
    return and(
        ends(range.min(), range.max() == Integer.MAX_VALUE ? null : range.max())
            .map(end -> "ColumnLength " + column.quoted() + end + column.skippingNulls())
            .toList());
  }

  private String compare(Rule rule, Compare condition) {
    DqdlColumn left = column(rule, 0);
    DqdlColumn right = column(rule, 1);
    checkNoTolerance(rule);
    if (left.isFloating()) {
      throw new NotExpressibleException("NaN compares otherwise in Spark");
    }
    String operator = condition.operator();
    return noRow(
        "not ("
            + left.sql()
            + " "
            + (operator.equals("!=") ? "<>" : operator)
            + " "
            + right.sql()
            + ")");
  }

  private String unique(Rule rule) {
    List<DqdlColumn> key = all(rule);
    String where =
        DqdlColumn.where(
            key.stream()
                .filter(DqdlColumn::nullable)
                .map(column -> column.sql() + " is not null")
                .toList());
    String names = key.stream().map(DqdlColumn::quoted).collect(Collectors.joining(" "));
    boolean isKey = key.size() > 1 || rule.id().equals(Contract.PRIMARY_KEY);
    return (isKey ? "IsPrimaryKey " : "IsUnique ") + names + where;
  }

  private String statistic(String type, Rule rule) {
    return range(
        type,
        rule,
        end -> DqdlLiterals.number((BigDecimal) end),
        column(rule, 0).skippingNullsAndNaN());
  }

  /** The minimum is at least a value if all values are; that some value is less has no rule. */
  private String extreme(Rule rule, Range range) {
    DqdlColumn column = column(rule, 0);
    boolean isMin = rule.kind() == Rule.Kind.MIN;
    Object end = isMin ? range.low() : range.high();
    if (end == null || (isMin ? range.high() : range.low()) != null) {
      throw new NotExpressibleException("DQDL has no rule for the smallest or the greatest value");
    }
    return VALUES
        + column.quoted()
        + (isMin ? " >= " : " <= ")
        + DqdlLiterals.end(column, end)
        + column.skippingNullsAndNaN();
  }

  /** DataFreshness requires that all rows are recent. */
  private String fresh(Rule rule, Fresh condition) {
    DqdlColumn column = column(rule, 0);
    Duration age = condition.within();
    if (condition.zone() != null || age.getNano() != 0) {
      throw new NotExpressibleException(
          "its time zone or its fraction of a second has no equivalent");
    }
    return "CustomSql \"select count(*) from primary where "
        + column.sql()
        + " >= current_timestamp() - interval '"
        + age.toSeconds()
        + "' second\" > 0";
  }

  private static String noRow(String condition) {
    return "CustomSql \"select count(*) from primary where " + condition + "\" = 0";
  }

  private static void checkNoTolerance(Rule rule) {
    if (rule.isTolerant()) {
      throw new NotExpressibleException("DQDL has no share of rows for it");
    }
  }

  /** The share of rows that has to pass does not count rows that a filter skips. */
  private static String threshold(Rule rule) {
    return rule.isTolerant() ? " with threshold >= " + passing(rule) : "";
  }

  private static String passing(Rule rule) {
    BigDecimal tolerated = rule.toleratedPercent().orElse(BigDecimal.ZERO);
    return DqdlLiterals.number(BigDecimal.ONE.subtract(tolerated.movePointLeft(2)));
  }

  private static String whole(Object end) {
    return end instanceof BigDecimal number ? DqdlLiterals.number(number) : String.valueOf(end);
  }

  private static String share(Object percent) {
    return DqdlLiterals.number(((BigDecimal) percent).movePointLeft(2));
  }

  private String range(String type, Rule rule, Function<Object, String> literal, String where) {
    String parameter = rule.columns().isEmpty() ? "" : " " + column(rule, 0).quoted();
    return and(
        conditions((Range) RuleConditions.of(rule), false, literal).stream()
            .map(condition -> type + parameter + condition + where)
            .toList());
  }

  private static List<String> conditions(
      Range range, boolean exclusive, Function<Object, String> literal) {
    Object low = range.low();
    Object high = range.high();
    String lowText = low == null ? null : literal.apply(low);
    String highText = high == null ? null : literal.apply(high);
    if (exclusive) {
      return Stream.of(
              lowText == null ? null : " > " + lowText, highText == null ? null : " < " + highText)
          .filter(Objects::nonNull)
          .toList();
    }
    return ends(lowText, highText).toList();
  }

  /** Returns the conditions of a range with its ends: {@code between} would exclude them. */
  private static Stream<String> ends(@Nullable Object low, @Nullable Object high) {
    return Arrays.asList(low == null ? null : " >= " + low, high == null ? null : " <= " + high)
        .stream()
        .filter(Objects::nonNull);
  }

  private static String and(List<String> rules) {
    return rules.size() == 1
        ? rules.get(0)
        : rules.stream().map(rule -> "(" + rule + ")").collect(Collectors.joining(" and "));
  }
}
