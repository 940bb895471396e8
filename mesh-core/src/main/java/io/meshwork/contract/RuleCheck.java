package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.condition.RuleCondition;
import io.meshwork.internal.condition.RuleSymbolCheck;
import io.meshwork.internal.condition.RuleTypeCheck;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.schema.ColumnPath;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Checks whether rules fit a schema. Reports all problems in one exception. */
final class RuleCheck {
  private static final int CANDIDATES = 3;

  private RuleCheck() {}

  /**
   * Fails if rules do not fit a schema.
   *
   * @param newRules rules whose constants must be symbols of the enums that they are compared with
   */
  static void check(List<Rule> rules, List<Rule> newRules, Schema schema) {
    if (rules.isEmpty()) {
      return;
    }
    Types.StructType columns = IcebergSchemas.fromAvro(schema).asStruct();
    List<Finding> findings = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Set<Rule> added = new HashSet<>(newRules);
    for (Rule rule : rules) {
      if (!ids.add(rule.id())) {
        findings.add(
            finding(
                FindingCode.RULE_DUPLICATE,
                rule,
                "another rule has the same id",
                "Give one of them another id with id(...), or change the existing rule with"
                    + " replaceRule(...)."));
      }
      List<ColumnPath> paths = paths(rule, columns, findings);
      String reason = paths == null ? null : RuleTypeCheck.mismatch(rule.condition(), paths);
      if (reason != null) {
        findings.add(
            finding(
                FindingCode.RULE_INVALID,
                rule,
                reason,
                "Choose a rule and literals that fit the column."));
      }
      checkLatest(rule, columns, findings);
      checkFilter(rule, added.contains(rule), schema, columns, findings);
      if (paths != null && !paths.isEmpty() && added.contains(rule)) {
        RuleSymbolCheck.check(rule.condition(), paths.get(0), schema)
            .map(
                unknown -> finding(FindingCode.RULE_INVALID, rule, unknown.reason(), unknown.fix()))
            .ifPresent(findings::add);
      }
    }
    if (!findings.isEmpty()) {
      throw Failure.of(Contract.CREATION)
          .because(
              findings.size()
                  + (findings.size() == 1 ? " rule does" : " rules do")
                  + " not fit: "
                  + findings.stream().map(Finding::what).collect(Collectors.joining(" ")))
          .fix(findings.get(0).fix())
          .findings(findings)
          .invalidRequest(ErrorCode.CONTRACT_INVALID);
    }
  }

  static String columnNames(Schema schema) {
    return schema.getFields().stream().map(Schema.Field::name).collect(Collectors.joining(", "));
  }

  /** The paths of the rule's columns; null, with a finding, if one does not exist. */
  private static @Nullable List<ColumnPath> paths(
      Rule rule, Types.StructType columns, List<Finding> findings) {
    List<ColumnPath> paths = new ArrayList<>();
    for (String column : rule.columns()) {
      ColumnPath path = path(rule, column, columns, findings);
      if (path != null) {
        paths.add(path);
      }
    }
    return paths.size() == rule.columns().size() ? paths : null;
  }

  private static @Nullable ColumnPath path(
      Rule rule, String column, Types.StructType columns, List<Finding> findings) {
    ColumnPath path = ColumnPath.find(columns, column);
    if (path == null) {
      boolean nested = column.chars().anyMatch(c -> c == '.' || c == '[' || c == '{');
      String absent = "column " + column + " does not exist";
      findings.add(
          finding(
              FindingCode.UNKNOWN_COLUMN,
              rule,
              nested ? absent : absent + "; the nearest are " + nearest(column, columns),
              nested ? ColumnPath.fix(columns, column) : "Use a column of the contract."));
    }
    return path;
  }

  private static void checkLatest(Rule rule, Types.StructType columns, List<Finding> findings) {
    if (!(rule.condition() instanceof RuleCondition.Unique unique)
        || unique.keepLatestBy() == null) {
      return;
    }
    ColumnPath path = path(rule, unique.keepLatestBy(), columns, findings);
    String reason = path == null ? null : RuleTypeCheck.orderMismatch(path);
    if (reason != null) {
      findings.add(
          finding(
              FindingCode.RULE_INVALID,
              rule,
              reason,
              "Choose a number, a date, a time, or a timestamp."));
    }
  }

  private static void checkFilter(
      Rule rule, boolean isNew, Schema contract, Types.StructType columns, List<Finding> findings) {
    if (rule.where().isEmpty()) {
      return;
    }
    org.apache.iceberg.Schema schema = new org.apache.iceberg.Schema(columns.fields());
    String filter = rule.where().get();
    (isNew ? RowPredicate.fault(filter, schema, contract) : RowPredicate.fault(filter, schema))
        .map(
            fault ->
                finding(
                    FindingCode.RULE_INVALID,
                    rule,
                    "its filter is not valid for these columns, "
                        + fault.code()
                        + ": "
                        + fault.what(),
                    fault.fix()))
        .ifPresent(findings::add);
  }

  private static Finding finding(FindingCode code, Rule rule, String reason, @Nullable String fix) {
    return Finding.error(
        code, rule.id(), "Rule " + rule.id() + ": " + reason + ".", fix == null ? "" : fix);
  }

  private static String nearest(String column, Types.StructType columns) {
    return columns.fields().stream()
        .map(Types.NestedField::name)
        .sorted(
            Comparator.comparingInt(
                name ->
                    NearestName.distance(
                        column.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))))
        .limit(CANDIDATES)
        .collect(Collectors.joining(", "));
  }
}
