package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.SchemaElement;
import org.jspecify.annotations.Nullable;

/** The columns of a Parquet file, as Iceberg fields and as leaves to read. Immutable. */
final class ParquetFileSchema {
  /**
   * A top-level column.
   *
   * @param id the field id
   * @param field the Iceberg field; null if its type is unreadable
   * @param leaf the values if it is flat; null if it is nested
   * @param unreadable why there is no field
   */
  record Column(
      int id,
      String name,
      @Nullable NestedField field,
      @Nullable ParquetLeafSchema leaf,
      @Nullable ColumnMismatchException unreadable) {

    /** The type for messages. */
    String describe() {
      if (leaf != null) {
        return leaf.type().describe();
      }
      return field == null ? "unreadable" : field.type().toString();
    }
  }

  private final List<Column> columns;
  private final List<ParquetLeafSchema> leaves;
  private final boolean hasFieldIds;

  private ParquetFileSchema(
      List<Column> columns, List<ParquetLeafSchema> leaves, boolean hasFieldIds) {
    this.columns = columns;
    this.leaves = leaves;
    this.hasFieldIds = hasFieldIds;
  }

  /** Reads the footer's schema; {@link DecoderException} if it does not hold together. */
  static ParquetFileSchema of(List<SchemaElement> elements) {
    ParquetNodeSchema root = ParquetNodeSchema.root(elements);
    Set<String> names = new HashSet<>();
    for (ParquetNodeSchema node : root.children()) {
      if (!names.add(node.name())) {
        throw new DecoderException("two columns have the name " + node.name());
      }
    }
    List<ParquetLeafSchema> leaves = new ArrayList<>();
    collectLeaves(root, leaves);
    Ids fromFile = new Ids(true, root.children().size());
    List<Column> columns = columns(root, fromFile);
    boolean usable = fromFile.complete && !columns.isEmpty();
    if (!usable) {
      columns = columns(root, new Ids(false, root.children().size()));
    }
    return new ParquetFileSchema(List.copyOf(columns), List.copyOf(leaves), usable);
  }

  private static void collectLeaves(ParquetNodeSchema node, List<ParquetLeafSchema> into) {
    if (node.leaf() != null) {
      into.add(node.leaf());
    }
    node.children().forEach(child -> collectLeaves(child, into));
  }

  /** The top-level columns in the file's order. */
  List<Column> columns() {
    return columns;
  }

  /** All leaves in the order of row groups. */
  List<ParquetLeafSchema> leaves() {
    return leaves;
  }

  /** True if every column, nested ones too, has an id of its own in the file. */
  boolean hasFieldIds() {
    return hasFieldIds;
  }

  /** The file's columns; {@link ColumnMismatchException} for the first that has no Iceberg type. */
  Schema iceberg() {
    List<NestedField> fields = new ArrayList<>();
    for (Column column : columns) {
      if (column.unreadable() != null) {
        throw column.unreadable();
      }
      if (column.field() != null) {
        fields.add(column.field());
      }
    }
    return new Schema(fields);
  }

  private static List<Column> columns(ParquetNodeSchema root, Ids ids) {
    List<Column> columns = new ArrayList<>();
    for (ParquetNodeSchema node : root.children()) {
      int id = ids.top(node);
      ParquetLeafSchema leaf = node.repeated() ? null : node.leaf();
      try {
        NestedField field = field(node, id, node.name(), ids);
        columns.add(new Column(id, node.name(), field, leaf, null));
      } catch (ColumnMismatchException e) {
        columns.add(new Column(id, node.name(), null, leaf, e));
      }
    }
    return columns;
  }

  private static NestedField field(ParquetNodeSchema node, int id, String path, Ids ids) {
    if (node.repeated()) {
      // A repeated field without LIST around it is a list of required elements.
      Type list = Types.ListType.ofRequired(ids.nested(node), single(node, path, ids));
      return NestedField.required(id, node.name(), list);
    }
    Type type = type(node, path, ids);
    boolean required = node.required() && type.typeId() != Type.TypeID.UNKNOWN;
    return required
        ? NestedField.required(id, node.name(), type)
        : NestedField.optional(id, node.name(), type);
  }

  private static Type type(ParquetNodeSchema node, String path, Ids ids) {
    if (node.leaf() == null && node.children().size() == 1 && node.children().get(0).repeated()) {
      ParquetNodeSchema repeated = node.children().get(0);
      if (isList(node.element())) {
        return list(node, repeated, path, ids);
      } else if (isMap(node.element()) && repeated.children().size() == 2) {
        return map(repeated, path, ids);
      }
    }
    return single(node, path, ids);
  }

  private static Type single(ParquetNodeSchema node, String path, Ids ids) {
    if (node.leaf() != null) {
      ParquetTypeSchema schema = node.leaf().type();
      if (schema.type() == null) {
        throw new ColumnMismatchException(
            path, schema.describe(), "an Iceberg type", "this Parquet type is not supported");
      }
      return schema.type();
    }
    if (node.element().isSetLogicalType() && node.element().getLogicalType().isSetVARIANT()) {
      throw new ColumnMismatchException(
          path, "VARIANT", "an Iceberg type", "this Parquet type is not supported");
    }
    List<NestedField> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ParquetNodeSchema child : node.children()) {
      if (!names.add(child.name())) {
        throw new DecoderException("column " + path + " has two parts " + child.name());
      }
      fields.add(field(child, ids.nested(child), path + "." + child.name(), ids));
    }
    return Types.StructType.of(fields);
  }

  private static Type list(
      ParquetNodeSchema list, ParquetNodeSchema repeated, String path, Ids ids) {
    // The format's rules for lists written before the three levels were agreed on.
    boolean twoLevels =
        repeated.children().size() != 1
            || repeated.children().get(0).repeated()
            || repeated.name().equals("array")
            || repeated.name().equals(list.name() + "_tuple");
    String elementPath = path + ".element";
    if (twoLevels) {
      return Types.ListType.ofRequired(ids.nested(repeated), single(repeated, elementPath, ids));
    }
    ParquetNodeSchema element = repeated.children().get(0);
    int id = ids.nested(element);
    Type type = type(element, elementPath, ids);
    return element.required() && type.typeId() != Type.TypeID.UNKNOWN
        ? Types.ListType.ofRequired(id, type)
        : Types.ListType.ofOptional(id, type);
  }

  private static Type map(ParquetNodeSchema entries, String path, Ids ids) {
    ParquetNodeSchema key = entries.children().get(0);
    ParquetNodeSchema value = entries.children().get(1);
    int keyId = ids.nested(key);
    int valueId = ids.nested(value);
    NestedField keyField = field(key, keyId, path + ".key", ids);
    NestedField valueField = field(value, valueId, path + ".value", ids);
    return valueField.isRequired()
        ? Types.MapType.ofRequired(keyId, valueId, keyField.type(), valueField.type())
        : Types.MapType.ofOptional(keyId, valueId, keyField.type(), valueField.type());
  }

  private static boolean isList(SchemaElement element) {
    return element.isSetLogicalType()
        ? element.getLogicalType().isSetLIST()
        : element.getConverted_type() == ConvertedType.LIST;
  }

  private static boolean isMap(SchemaElement element) {
    return element.isSetLogicalType()
        ? element.getLogicalType().isSetMAP()
        : element.getConverted_type() == ConvertedType.MAP
            || element.getConverted_type() == ConvertedType.MAP_KEY_VALUE;
  }

  /** Hands out field ids: the file's own, or 1 to n for the top and then the nested ones. */
  private static final class Ids {
    private final boolean fromFile;
    private final Set<Integer> taken = new HashSet<>();
    private boolean complete = true;
    private int nextTop = 1;
    private int nextNested;

    Ids(boolean fromFile, int tops) {
      this.fromFile = fromFile;
      this.nextNested = tops + 1;
    }

    int top(ParquetNodeSchema node) {
      return fromFile ? own(node) : nextTop++;
    }

    int nested(ParquetNodeSchema node) {
      return fromFile ? own(node) : nextNested++;
    }

    private int own(ParquetNodeSchema node) {
      int id = node.element().getField_id();
      // Old writers put -1 where they had none.
      if (!node.element().isSetField_id() || id < 0 || !taken.add(id)) {
        complete = false;
      }
      return id;
    }
  }
}
