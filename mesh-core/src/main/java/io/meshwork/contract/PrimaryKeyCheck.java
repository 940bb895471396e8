package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Checks whether columns can be a primary key: the Iceberg rules for identifier fields. */
final class PrimaryKeyCheck {
  private PrimaryKeyCheck() {}

  static void check(List<String> key, List<Rule> rules, Schema schema) {
    if (key.isEmpty()) {
      return;
    }
    Types.StructType columns = IcebergSchemas.fromAvro(schema).asStruct();
    List<Finding> findings = new ArrayList<>();
    Set<String> distinct = new HashSet<>();
    for (String column : key) {
      String reason = distinct.add(column) ? mismatch(column, columns) : "is listed twice";
      if (reason != null) {
        findings.add(
            Finding.error(
                FindingCode.PRIMARY_KEY_INVALID,
                column,
                "Column " + NameGrammar.quoted(column) + " " + reason + ".",
                "Use required columns of a primitive type other than float and double."));
      }
    }
    if (rules.stream().anyMatch(rule -> rule.id().equals(Contract.PRIMARY_KEY))) {
      findings.add(
          Finding.error(
              FindingCode.RULE_DUPLICATE,
              Contract.PRIMARY_KEY,
              "A rule has the id " + Contract.PRIMARY_KEY + ", which is reserved for the key.",
              "Give the rule another id with id(...)."));
    }
    if (!findings.isEmpty()) {
      throw Failure.of(Contract.CREATION)
          .because(
              "its primary key is not valid: "
                  + findings.stream().map(Finding::what).collect(Collectors.joining(" ")))
          .fix(findings.get(0).fix())
          .findings(findings)
          .invalidRequest(ErrorCode.CONTRACT_INVALID);
    }
  }

  /** Why a column cannot be part of a key; null if it can. */
  private static @Nullable String mismatch(String column, Types.StructType columns) {
    Types.StructType struct = columns;
    String[] names = column.split("\\.", -1);
    for (int depth = 0; ; depth++) {
      Types.NestedField field = struct.field(names[depth]);
      if (field == null) {
        return "does not exist" + nearest(names, depth, struct);
      }
      if (field.isOptional()) {
        return depth == names.length - 1
            ? "is nullable"
            : "is in " + field.name() + ", which is nullable";
      }
      Type type = field.type();
      if (depth == names.length - 1) {
        return typeMismatch(type);
      }
      if (!type.isStructType()) {
        return "is in " + field.name() + ", which is not a struct";
      }
      struct = type.asStructType();
    }
  }

  private static String nearest(String[] names, int depth, Types.StructType struct) {
    String parent = String.join(".", List.of(names).subList(0, depth)) + (depth == 0 ? "" : ".");
    return NearestName.to(
            names[depth], struct.fields().stream().map(Types.NestedField::name).toList())
        .map(near -> "; the nearest column is '" + parent + near + "'")
        .orElse("");
  }

  private static @Nullable String typeMismatch(Type type) {
    if (!type.isPrimitiveType()) {
      return "is nested";
    }
    return type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE
        ? "is of type " + type + ", whose values are not exact"
        : null;
  }
}
