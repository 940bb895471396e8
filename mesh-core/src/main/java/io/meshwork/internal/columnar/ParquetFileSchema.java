package io.meshwork.internal.columnar;

import io.meshwork.internal.columnar.ParquetFieldSchema.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.SchemaElement;

/** The columns of a Parquet file, as nested fields and as leaves. Immutable. */
final class ParquetFileSchema {
  private final List<ParquetFieldSchema> columns;
  private final List<ParquetLeafSchema> leaves;
  private final boolean hasFieldIds;

  private ParquetFileSchema(
      List<ParquetFieldSchema> columns, List<ParquetLeafSchema> leaves, boolean hasFieldIds) {
    this.columns = columns;
    this.leaves = leaves;
    this.hasFieldIds = hasFieldIds;
  }

  /** Reads the footer's schema; throws {@link DecoderException} if it is inconsistent. */
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
    List<ParquetFieldSchema> columns = columns(root, fromFile);
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

  /** Returns the top-level columns in file order. */
  List<ParquetFieldSchema> columns() {
    return columns;
  }

  /** Returns all leaves in the order of column chunks. */
  List<ParquetLeafSchema> leaves() {
    return leaves;
  }

  /** Returns true if every column, nested ones included, has a unique field ID in the file. */
  boolean hasFieldIds() {
    return hasFieldIds;
  }

  /**
   * Returns the file's columns as Iceberg types; throws {@link ColumnMismatchException} for the
   * first column without one.
   */
  Schema iceberg() {
    return new Schema(columns.stream().map(ParquetFieldSchema::field).toList());
  }

  private static List<ParquetFieldSchema> columns(ParquetNodeSchema root, Ids ids) {
    List<ParquetFieldSchema> columns = new ArrayList<>();
    for (ParquetNodeSchema node : root.children()) {
      columns.add(field(node, ids.top(node), node.name(), node.name(), ids));
    }
    return columns;
  }

  /** Returns the field of a node, according to its repetition type. */
  private static ParquetFieldSchema field(
      ParquetNodeSchema node, int id, String name, String path, Ids ids) {
    if (node.repeated()) {
      // A repeated field outside a LIST group is a list of required elements.
      ParquetFieldSchema element =
          value(node, ids.nested(node), "element", path + ".element", true, ids);
      return list(node, node, id, name, path, true, node.definition() - 1, element);
    }
    return value(node, id, name, path, node.required(), ids);
  }

  /** Returns one value of a node, whether or not the node is repeated. */
  private static ParquetFieldSchema value(
      ParquetNodeSchema node, int id, String name, String path, boolean required, Ids ids) {
    if (node.leaf() != null) {
      return new ParquetFieldSchema(
          id, name, path, Kind.LEAF, required, node, node.definition(), 0, 0, List.of());
    }
    if (node.children().size() == 1 && node.children().get(0).repeated()) {
      ParquetNodeSchema repeated = node.children().get(0);
      if (isList(node.element())) {
        ParquetFieldSchema element = element(node, repeated, path + ".element", ids);
        return list(node, repeated, id, name, path, required, node.definition(), element);
      } else if (isMap(node.element()) && repeated.children().size() == 2) {
        return map(node, repeated, id, name, path, required, ids);
      }
    }
    if (node.element().isSetLogicalType() && node.element().getLogicalType().isSetVARIANT()) {
      return new ParquetFieldSchema(
          id, name, path, Kind.VARIANT, required, node, node.definition(), 0, 0, List.of());
    }
    return struct(node, id, name, path, required, ids);
  }

  private static ParquetFieldSchema struct(
      ParquetNodeSchema node, int id, String name, String path, boolean required, Ids ids) {
    List<ParquetFieldSchema> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ParquetNodeSchema child : node.children()) {
      if (!names.add(child.name())) {
        throw new DecoderException("column " + path + " has two fields named " + child.name());
      }
      String childPath = path + "." + child.name();
      fields.add(field(child, ids.nested(child), child.name(), childPath, ids));
    }
    return new ParquetFieldSchema(
        id, name, path, Kind.STRUCT, required, node, node.definition(), 0, 0, List.copyOf(fields));
  }

  private static ParquetFieldSchema list(
      ParquetNodeSchema node,
      ParquetNodeSchema repeated,
      int id,
      String name,
      String path,
      boolean required,
      int definition,
      ParquetFieldSchema element) {
    return new ParquetFieldSchema(
        id,
        name,
        path,
        Kind.LIST,
        required,
        node,
        definition,
        repeated.definition(),
        repeated.repetition(),
        List.of(element));
  }

  private static ParquetFieldSchema element(
      ParquetNodeSchema list, ParquetNodeSchema repeated, String path, Ids ids) {
    // The format's backward-compatibility rules for lists with two levels.
    boolean twoLevels =
        repeated.children().size() != 1
            || repeated.children().get(0).repeated()
            || repeated.name().equals("array")
            || repeated.name().equals(list.name() + "_tuple");
    if (twoLevels) {
      return value(repeated, ids.nested(repeated), "element", path, true, ids);
    }
    ParquetNodeSchema element = repeated.children().get(0);
    return value(element, ids.nested(element), "element", path, element.required(), ids);
  }

  private static ParquetFieldSchema map(
      ParquetNodeSchema node,
      ParquetNodeSchema entries,
      int id,
      String name,
      String path,
      boolean required,
      Ids ids) {
    ParquetNodeSchema key = entries.children().get(0);
    ParquetNodeSchema value = entries.children().get(1);
    int keyId = ids.nested(key);
    int valueId = ids.nested(value);
    return new ParquetFieldSchema(
        id,
        name,
        path,
        Kind.MAP,
        required,
        node,
        node.definition(),
        entries.definition(),
        entries.repetition(),
        List.of(
            field(key, keyId, "key", path + ".key", ids),
            field(value, valueId, "value", path + ".value", ids)));
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

  /** Assigns field IDs: those of the file, or 1 to n for the top level, then the nested fields. */
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
      // Old writers store -1 for an absent ID.
      if (!node.element().isSetField_id() || id < 0 || !taken.add(id)) {
        complete = false;
      }
      return id;
    }
  }
}
