package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.internal.schema.IcebergSchemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Whether columns can be a primary key, by Iceberg's rule for identifiers. */
final class PrimaryKeyCheck {
  private PrimaryKeyCheck() {}

  static void check(List<String> key, List<Rule> rules, Schema schema) {
    if (key.isEmpty()) {
      return;
    }
    Types.StructType columns = IcebergSchemas.fromAvro(schema).asStruct();
    List<Finding> findings = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String column : key) {
      String why = seen.add(column) ? gap(column, columns) : "is named twice";
      if (why != null) {
        findings.add(
            Finding.error(
                "PRIMARY_KEY_INVALID",
                column,
                "Column " + NameGrammar.quoted(column) + " " + why + ".",
                "Name required columns of a simple type that is not float or double."));
      }
    }
    if (rules.stream().anyMatch(rule -> rule.id().equals(Contract.PRIMARY_KEY))) {
      findings.add(
          Finding.error(
              "RULE_DUPLICATE",
              Contract.PRIMARY_KEY,
              "A rule has the id " + Contract.PRIMARY_KEY + ", which is that of the key.",
              "Give the rule another id with id(...)."));
    }
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.CONTRACT_INVALID,
          "Cannot put the contract together, its primary key does not fit: "
              + findings.stream().map(Finding::what).collect(Collectors.joining(" "))
              + " "
              + findings.get(0).fix(),
          findings);
    }
  }

  /** Why a column cannot be part of a key; null if it can. */
  private static @Nullable String gap(String column, Types.StructType columns) {
    Types.StructType within = columns;
    String[] names = column.split("\\.", -1);
    for (int depth = 0; ; depth++) {
      Types.NestedField field = within.field(names[depth]);
      if (field == null) {
        return "does not exist" + nearest(names, depth, within);
      }
      if (field.isOptional()) {
        return depth == names.length - 1
            ? "may be null"
            : "lies in " + field.name() + ", which may be null";
      }
      Type type = field.type();
      if (depth == names.length - 1) {
        return ofType(type);
      }
      if (!type.isStructType()) {
        return "lies in " + field.name() + ", which is no struct";
      }
      within = type.asStructType();
    }
  }

  private static String nearest(String[] names, int depth, Types.StructType within) {
    String around = String.join(".", List.of(names).subList(0, depth)) + (depth == 0 ? "" : ".");
    return NearestName.to(
            names[depth], within.fields().stream().map(Types.NestedField::name).toList())
        .map(near -> "; the nearest column is '" + around + near + "'")
        .orElse("");
  }

  private static @Nullable String ofType(Type type) {
    if (!type.isPrimitiveType()) {
      return "is nested";
    }
    return type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE
        ? "is of type " + type + ", whose values are not exact"
        : null;
  }
}
