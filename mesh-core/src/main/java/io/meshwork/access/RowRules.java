package io.meshwork.access;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.predicate.Predicate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Checks the conditions of data filters by the one parser of the filter language. */
final class RowRules {
  private RowRules() {}

  static Ruling ruling(Estate estate, Resource.Table on, String rows) {
    TableNode table = estate.table(on.account(), on.in(), on.name());
    if (table == null) {
      return Ruling.reject("UNKNOWN_RESOURCE");
    }
    GlueTypes types = new GlueTypes();
    List<Types.NestedField> fields = new ArrayList<>();
    for (AccessFacts.Column column : table.table().columns()) {
      fields.add(types.field(column.name(), types.of(column.type().orElse(""))));
    }
    Set<Integer> partitions = new HashSet<>();
    for (String key : table.table().partitionKeys()) {
      Types.NestedField field = types.field(key, Types.UnknownType.get());
      partitions.add(field.fieldId());
      fields.add(field);
    }
    try {
      Predicate.parse(rows, new Schema(fields), partitions, "filter the rows of a table");
      return Ruling.ACCEPT;
    } catch (InvalidRequestException refused) {
      return Ruling.reject(refused.findings().get(0).code());
    }
  }

  /** The columns of a table for rows of plain values, whose types their values tell. */
  static Schema untyped(TableNode table) {
    GlueTypes types = new GlueTypes();
    List<Types.NestedField> fields = new ArrayList<>();
    for (String name : table.columns()) {
      Type type = Types.UnknownType.get();
      for (AccessFacts.Column column : table.table().columns()) {
        if (column.name().equals(name)) {
          type = types.shapeOf(column.type().orElse(""));
        }
      }
      fields.add(types.field(name, type));
    }
    return new Schema(fields);
  }
}
