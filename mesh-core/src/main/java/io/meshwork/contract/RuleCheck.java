package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.internal.schema.ColumnPath;
import io.meshwork.internal.schema.IcebergSchemas;
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

/** Whether rules fit a schema. All gaps are found before any is told. */
final class RuleCheck {
  private static final int CANDIDATES = 3;

  private RuleCheck() {}

  static void check(List<Rule> rules, Schema schema) {
    if (rules.isEmpty()) {
      return;
    }
    Types.StructType columns = IcebergSchemas.fromAvro(schema).asStruct();
    List<Finding> findings = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Rule rule : rules) {
      if (!ids.add(rule.id())) {
        findings.add(
            finding(
                "RULE_DUPLICATE",
                rule,
                "another rule has this id",
                "Give one of them an id of its own with id(...), or say replacing(...) to change"
                    + " the one that is there."));
      }
      List<ColumnPath> paths = paths(rule, columns, findings);
      String why = paths == null ? null : RuleTypeCheck.gap(rule, paths);
      if (why != null) {
        findings.add(
            finding(
                "RULE_INVALID",
                rule,
                why,
                "Choose a rule, and literals for it, that fit the column."));
      }
      latest(rule, columns, findings);
      filter(rule, new org.apache.iceberg.Schema(columns.fields()), findings);
    }
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.CONTRACT_INVALID,
          "Cannot put the contract together, "
              + findings.size()
              + (findings.size() == 1 ? " rule does" : " rules do")
              + " not fit: "
              + findings.stream().map(Finding::what).collect(Collectors.joining(" "))
              + " "
              + findings.get(0).fix(),
          findings);
    }
  }

  static String names(Schema schema) {
    return schema.getFields().stream().map(Schema.Field::name).collect(Collectors.joining(", "));
  }

  /** Where the rule's columns are; null if one is not there, of which there is a finding. */
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
      String absent = "there is no column " + column;
      findings.add(
          finding(
              "COLUMN_ABSENT",
              rule,
              nested ? absent : absent + "; near it are " + nearest(column, columns),
              nested ? ColumnPath.fix(columns, column) : "Name a column of the contract."));
    }
    return path;
  }

  private static void latest(Rule rule, Types.StructType columns, List<Finding> findings) {
    if (rule.keepLatestBy().isEmpty()) {
      return;
    }
    ColumnPath path = path(rule, rule.keepLatestBy().get(), columns, findings);
    String why = path == null ? null : RuleTypeCheck.orderGap(path);
    if (why != null) {
      findings.add(
          finding("RULE_INVALID", rule, why, "Choose a number, a date, a time or a timestamp."));
    }
  }

  private static void filter(Rule rule, org.apache.iceberg.Schema schema, List<Finding> findings) {
    if (rule.where().isEmpty()) {
      return;
    }
    RowPredicate.fault(rule.where().get(), schema)
        .map(
            fault ->
                finding(
                    "RULE_INVALID",
                    rule,
                    "its filter is no filter on these columns, "
                        + fault.code()
                        + ": "
                        + fault.what(),
                    fault.fix()))
        .ifPresent(findings::add);
  }

  private static Finding finding(String code, Rule rule, String why, @Nullable String fix) {
    return Finding.error(
        code, rule.id(), "Rule " + rule.id() + ": " + why + ".", fix == null ? "" : fix);
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
