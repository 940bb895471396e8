package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.EditDistance;
import io.meshwork.internal.schema.IcebergSchemas;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
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
                "Give one of them an id of its own with id(...)."));
      }
      boolean complete = true;
      for (String column : rule.columns()) {
        complete &= columnFits(rule, column, columns, findings);
      }
      String why = complete ? RuleFit.gap(rule, columns) : null;
      if (why != null) {
        findings.add(finding("RULE_INVALID", rule, why, "Choose a rule that fits the column."));
      }
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
              + findings.get(0).mend(),
          findings);
    }
  }

  static String names(Schema schema) {
    return schema.getFields().stream().map(Schema.Field::name).collect(Collectors.joining(", "));
  }

  private static boolean columnFits(
      Rule rule, String column, Types.StructType columns, List<Finding> findings) {
    Types.NestedField field = columns.field(column);
    if (field == null) {
      boolean nested = column.indexOf('.') > 0 || column.indexOf('[') > 0;
      findings.add(
          finding(
              "COLUMN_ABSENT",
              rule,
              nested
                  ? "column "
                      + column
                      + " is nested, and rules on nested columns are not enforced yet"
                  : "there is no column " + column + "; near it are " + nearest(column, columns),
              "Name a column of the contract."));
      return false;
    }
    Type.TypeID type = field.type().typeId();
    boolean comparesColumn = rule.kind() != Rule.Kind.NOT_NULL && !field.type().isPrimitiveType();
    if (comparesColumn) {
      findings.add(
          finding(
              "RULE_INVALID",
              rule,
              "column " + column + " has the nested type " + type.name().toLowerCase(Locale.ROOT),
              "Choose a column of a simple type."));
    }
    return !comparesColumn;
  }

  private static Finding finding(String code, Rule rule, String why, @Nullable String mend) {
    return Finding.error(
        code, rule.id(), "Rule " + rule.id() + ": " + why + ".", mend == null ? "" : mend);
  }

  private static String nearest(String column, Types.StructType columns) {
    return columns.fields().stream()
        .map(Types.NestedField::name)
        .sorted(
            Comparator.comparingInt(
                name ->
                    EditDistance.between(
                        column.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))))
        .limit(CANDIDATES)
        .collect(Collectors.joining(", "));
  }
}
