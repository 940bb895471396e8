package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Lists the leaves of a schema in the order of a Parquet file. */
final class ParquetLeaves {
  private final int column;
  private final List<ParquetLeafEncoding> leaves;
  private final List<ParquetGroupStep> groups = new ArrayList<>();
  private final List<String> path = new ArrayList<>();

  private ParquetLeaves(int column, List<ParquetLeafEncoding> leaves) {
    this.column = column;
    this.leaves = leaves;
  }

  /**
   * Returns all leaves.
   *
   * @throws io.meshwork.error.InvalidRequestException if a type cannot be written, such as a struct
   *     without fields
   */
  static List<ParquetLeafEncoding> of(Schema schema) {
    List<ParquetLeafEncoding> leaves = new ArrayList<>();
    for (int column = 0; column < schema.columns().size(); column++) {
      Types.NestedField field = schema.columns().get(column);
      new ParquetLeaves(column, leaves).visit(field, field.name(), field.name());
    }
    return leaves;
  }

  private void visit(Types.NestedField field, String inFile, String name) {
    path.add(inFile);
    switch (field.type().typeId()) {
      case STRUCT -> visitFields(field, name);
      case LIST -> {
        Types.NestedField element = field.type().asListType().fields().get(0);
        path.add(ParquetSchemaEncoding.LIST);
        descend(
            ParquetGroupStep.Way.ELEMENTS,
            field,
            name,
            element,
            ParquetSchemaEncoding.ELEMENT,
            name + "[]");
        path.remove(path.size() - 1);
      }
      case MAP -> {
        List<Types.NestedField> entry = field.type().asMapType().fields();
        path.add(ParquetSchemaEncoding.ENTRIES);
        descend(
            ParquetGroupStep.Way.KEYS,
            field,
            name,
            entry.get(0),
            ParquetSchemaEncoding.KEY,
            name + "{key}");
        descend(
            ParquetGroupStep.Way.VALUES,
            field,
            name,
            entry.get(1),
            ParquetSchemaEncoding.VALUE,
            name + "{}");
        path.remove(path.size() - 1);
      }
      default -> leaves.add(ParquetLeafEncoding.of(column, groups, field, path, name));
    }
    path.remove(path.size() - 1);
  }

  private void visitFields(Types.NestedField struct, String name) {
    List<Types.NestedField> fields = struct.type().asStructType().fields();
    if (fields.isEmpty()) {
      throw ParquetLeafEncoding.unwritable(
          name, "is a struct without fields, which Parquet does not support");
    }
    for (int i = 0; i < fields.size(); i++) {
      Types.NestedField field = fields.get(i);
      groups.add(new ParquetGroupStep(ParquetGroupStep.Way.FIELD, i, struct.isOptional(), name));
      visit(field, field.name(), name + "." + field.name());
      groups.remove(groups.size() - 1);
    }
  }

  private void descend(
      ParquetGroupStep.Way way,
      Types.NestedField group,
      String name,
      Types.NestedField below,
      String inFile,
      String belowName) {
    groups.add(new ParquetGroupStep(way, 0, group.isOptional(), name));
    visit(below, inFile, belowName);
    groups.remove(groups.size() - 1);
  }
}
