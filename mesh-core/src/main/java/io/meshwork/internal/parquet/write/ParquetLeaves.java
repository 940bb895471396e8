package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.schema.ParquetColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Finds the leaves of a schema to write, in the order of their columns in the file. */
final class ParquetLeaves {
  private final int position;
  private final List<ParquetColumn> columns;
  private final List<ParquetLeaf> leaves;
  private final List<ParquetGroupStep> groups = new ArrayList<>();

  private ParquetLeaves(int position, List<ParquetColumn> columns, List<ParquetLeaf> leaves) {
    this.position = position;
    this.columns = columns;
    this.leaves = leaves;
  }

  /** Returns all leaves of a schema with these columns. */
  static List<ParquetLeaf> of(Schema schema, List<ParquetColumn> columns) {
    List<ParquetLeaf> leaves = new ArrayList<>();
    for (int position = 0; position < schema.columns().size(); position++) {
      Types.NestedField field = schema.columns().get(position);
      new ParquetLeaves(position, columns, leaves).visit(field, field.name());
    }
    return leaves;
  }

  private void visit(Types.NestedField field, String name) {
    switch (field.type().typeId()) {
      case STRUCT -> visitFields(field, name);
      case LIST -> {
        Types.NestedField element = field.type().asListType().fields().get(0);
        descend(ParquetGroupStep.Way.ELEMENTS, field, name, element, name + "[]");
      }
      case MAP -> {
        List<Types.NestedField> entry = field.type().asMapType().fields();
        descend(ParquetGroupStep.Way.KEYS, field, name, entry.get(0), name + "{key}");
        descend(ParquetGroupStep.Way.VALUES, field, name, entry.get(1), name + "{}");
      }
      default ->
          leaves.add(new ParquetLeaf(position, groups, field, name, columns.get(leaves.size())));
    }
  }

  private void visitFields(Types.NestedField struct, String name) {
    List<Types.NestedField> fields = struct.type().asStructType().fields();
    for (int i = 0; i < fields.size(); i++) {
      Types.NestedField field = fields.get(i);
      groups.add(new ParquetGroupStep(ParquetGroupStep.Way.FIELD, i, struct.isOptional(), name));
      visit(field, name + "." + field.name());
      groups.remove(groups.size() - 1);
    }
  }

  private void descend(
      ParquetGroupStep.Way way,
      Types.NestedField group,
      String name,
      Types.NestedField below,
      String belowName) {
    groups.add(new ParquetGroupStep(way, 0, group.isOptional(), name));
    visit(below, belowName);
    groups.remove(groups.size() - 1);
  }
}
