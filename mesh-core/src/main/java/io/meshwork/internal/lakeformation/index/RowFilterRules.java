package io.meshwork.internal.lakeformation.index;

import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.lakeformation.AccessFacts;
import io.meshwork.internal.lakeformation.GlueTypes;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Checks the row conditions of data filters. */
public final class RowFilterRules {
  private RowFilterRules() {}

  public static Optional<FindingCode> evaluate(AccessIndex index, Resource.Table on, String rows) {
    TableNode table = index.table(on.account(), on.in(), on.name());
    if (table == null) {
      return Optional.of(FindingCode.UNKNOWN_RESOURCE);
    }
    GlueTypes types = new GlueTypes();
    List<Types.NestedField> fields = new ArrayList<>();
    for (AccessFacts.GlueColumn column : table.table().columns()) {
      fields.add(types.field(column.name(), types.of(column.type().orElse(""))));
    }
    Set<Integer> partitions = new HashSet<>();
    for (String key : table.table().partitionKeys()) {
      Types.NestedField field = types.field(key, Types.UnknownType.get());
      partitions.add(field.fieldId());
      fields.add(field);
    }
    try {
      MeshAction action = MeshAction.of(Verb.FILTER, "the rows of a table");
      RowPredicate.requireRowFilter(rows, action);
      RowPredicate.parse(rows, new Schema(fields), partitions, action);
      return Optional.empty();
    } catch (InvalidRequestException refused) {
      return Optional.of(refused.findings().get(0).code());
    }
  }

  /** The columns of a table for rows of plain values, whose types follow from the values. */
  public static Schema untyped(TableNode table) {
    GlueTypes types = new GlueTypes();
    List<Types.NestedField> fields = new ArrayList<>();
    for (String name : table.columns()) {
      Type type = Types.UnknownType.get();
      for (AccessFacts.GlueColumn column : table.table().columns()) {
        if (column.name().equals(name)) {
          type = types.shapeOf(column.type().orElse(""));
        }
      }
      fields.add(types.field(name, type));
    }
    return new Schema(fields);
  }
}
