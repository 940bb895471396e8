package io.meshwork.odcs.internal.dqdl;

import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Field;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Kind;
import io.meshwork.odcs.internal.dqdl.DqdlRuleImport.RejectedRuleException;
import io.meshwork.product.ProductName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules on the schema, on other sources, on time, and on earlier results. */
final class DqdlSources {
  static final String NAN = "a NaN fails the rule";

  private static final Map<String, Set<Kind>> TYPES =
      Map.of(
          "string", EnumSet.of(Kind.TEXT, Kind.UUID),
          "integer", EnumSet.of(Kind.WHOLE),
          "long", EnumSet.of(Kind.WHOLE),
          "double", EnumSet.of(Kind.FLOATING),
          "float", EnumSet.of(Kind.FLOATING),
          "decimal", EnumSet.of(Kind.DECIMAL),
          "boolean", EnumSet.of(Kind.BOOLEAN),
          "date", EnumSet.of(Kind.DATE),
          "timestamp", EnumSet.of(Kind.TIMESTAMP));
  private static final Map<String, String> METRICS =
      Map.of(
          "Completeness", "completeness",
          "DistinctValuesCount", "distinctCount",
          "Mean", "mean",
          "StandardDeviation", "stddev",
          "Sum", "sum");
  private static final Pattern SUM =
      Pattern.compile("(?i)sum\\(\\s*(?:([\\w-]+)\\.)?(\\w+)\\s*\\)");
  private static final Pattern REFERRED = Pattern.compile("([\\w-]+)\\.(?:\\{([^{}]*)}|(\\w+))");

  private final DqdlColumns columns;
  private final Map<String, ProductName> sources;

  DqdlSources(DqdlColumns columns, Map<String, ProductName> sources) {
    this.columns = columns;
    this.sources = sources;
  }

  /** Checks what a rule demands of the schema, which a contract promises already. */
  void checkSchema(DqdlRule rule) throws InexpressibleException, RejectedRuleException {
    if (rule.type().equals("ColumnCount")) {
      if (!DqdlRange.of(rule.condition()).contains(columns.count())) {
        throw new RejectedRuleException("the contract has " + columns.count() + " columns");
      }
      return;
    }
    Field column = columns.require(DqdlRuleImport.parameter(rule, 0));
    if (rule.type().equals("ColumnDataType")) {
      DqdlCondition condition = rule.condition();
      if (condition == null || !Set.of("=", "in").contains(condition.operator())) {
        throw new InexpressibleException("its condition names no type");
      }
      boolean named =
          condition.operands().stream()
              .anyMatch(
                  each ->
                      TYPES
                          .getOrDefault(each.text().toLowerCase(Locale.ROOT), Set.of())
                          .contains(column.kind()));
      if (!named) {
        throw new RejectedRuleException(
            "the column has another type: " + column.kind().name().toLowerCase(Locale.ROOT));
      }
    }
  }

  /** Returns the rule of a type that is about more than the rows of this table. */
  Rule rule(DqdlRule rule, Set<String> notes) throws InexpressibleException, RejectedRuleException {
    return switch (rule.type()) {
      case "DataFreshness" -> fresh(rule, notes);
      case "ReferentialIntegrity" -> references(rule, notes);
      case "RowCountMatch" -> {
        DqdlRange ratio = DqdlRange.of(rule.condition());
        yield Rule.sameRowCount(
            product(DqdlRuleImport.parameter(rule, 0)), ratio.nextLow(), ratio.nextHigh());
      }
      case "AggregateMatch" -> sums(rule);
      case "DetectAnomalies" -> steady(rule, notes);
      default ->
          throw new InexpressibleException("no rule is like " + OdcsErrors.quoted(rule.type()));
    };
  }

  private Rule fresh(DqdlRule rule, Set<String> notes)
      throws InexpressibleException, RejectedRuleException {
    Field column = columns.require(DqdlRuleImport.parameter(rule, 0));
    DqdlCondition condition = rule.condition();
    Duration within = condition == null ? null : condition.operand().duration();
    if (condition == null || within == null || !Set.of("<", "<=").contains(condition.operator())) {
      throw new InexpressibleException("its condition is not a longest age");
    }
    notes.add("DQDL demands that each row is recent, and the rule that the latest is");
    return Rule.fresh(column.name(), within);
  }

  private Rule references(DqdlRule rule, Set<String> notes)
      throws InexpressibleException, RejectedRuleException {
    Matcher match = REFERRED.matcher(DqdlRuleImport.parameter(rule, 1));
    if (!match.matches()) {
      throw new InexpressibleException("its second parameter names no columns of a source");
    }
    List<String> own = new ArrayList<>();
    for (String name : names(rule.parameters().get(0))) {
      Field column = columns.require(name);
      own.add(column.name());
      if (column.nullable()) {
        notes.add("rows with a null are skipped");
      }
    }
    List<String> theirs =
        names(match.group(2) == null ? Objects.requireNonNull(match.group(3)) : match.group(2));
    ProductName product = product(match.group(1));
    DqdlRange share = DqdlRange.of(rule.condition());
    BigDecimal low = share.low();
    if (low == null || share.strict() || low.signum() < 0 || low.compareTo(BigDecimal.ONE) > 0) {
      throw new InexpressibleException("its condition is not the least share of rows");
    }
    if (share.high() != null && share.high().compareTo(BigDecimal.ONE) < 0) {
      throw new InexpressibleException("its share of rows demands rows that fail");
    }
    Rule.OnRows references =
        own.size() == 1 && theirs.size() == 1
            ? Rule.references(own.get(0), product, theirs.get(0))
            : Rule.references(own, product, theirs);
    BigDecimal failing = BigDecimal.ONE.subtract(low).movePointRight(2);
    return failing.signum() == 0 ? references : references.toleratePercent(failing.doubleValue());
  }

  private static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      names.add(name.strip());
    }
    return names;
  }

  private Rule sums(DqdlRule rule) throws InexpressibleException, RejectedRuleException {
    Matcher theirs = SUM.matcher(DqdlRuleImport.parameter(rule, 1));
    Matcher own = SUM.matcher(rule.parameters().get(0));
    if (!own.matches() || !theirs.matches() || theirs.group(1) == null || own.group(1) != null) {
      throw new InexpressibleException("it compares something else than sums");
    }
    DqdlRange ratio = DqdlRange.of(rule.condition());
    return Rule.sameSum(
        columns.require(own.group(2)).name(),
        product(theirs.group(1)),
        theirs.group(2),
        ratio.nextLow(),
        ratio.nextHigh());
  }

  private Rule steady(DqdlRule rule, Set<String> notes)
      throws InexpressibleException, RejectedRuleException {
    List<String> parameters = rule.parameters();
    if (rule.condition() != null || parameters.isEmpty()) {
      throw new InexpressibleException("it names no measure, or has a condition");
    }
    notes.add("earlier results are compared in another way");
    if (parameters.equals(List.of("RowCount"))) {
      return Rule.steady("rowCount");
    }
    String metric = METRICS.get(parameters.get(0));
    if (metric == null) {
      throw new InexpressibleException("no rule has its measure");
    }
    return Rule.steady(
        metric + "(" + columns.require(DqdlRuleImport.parameter(rule, 1)).name() + ")");
  }

  private ProductName product(String alias) throws RejectedRuleException {
    ProductName product = sources.get(alias);
    if (product == null) {
      throw new RejectedRuleException(
          "the source " + OdcsErrors.quoted(alias) + " is not the name of a given product");
    }
    return product;
  }
}
