package io.meshwork.internal.parquet.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.SchemaElement;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a Parquet file, as nested fields and as leaves. The same for files that are read
 * and files that are written: {@link #of} takes the elements of a footer, which {@link #elements}
 * creates for a schema. Immutable.
 */
public final class ParquetFileSchema {
  /** The kind of a field. */
  public enum Kind {
    LEAF,
    STRUCT,
    LIST,
    MAP,
    VARIANT
  }

  /**
   * A column of a file, or a part of one, as a logical field: without the groups by which Parquet
   * represents lists and maps.
   *
   * @param id the field ID
   * @param name its name in the file, or "element", "key", or "value"
   * @param path dotted names from the root, for messages
   * @param required whether the file declares that it is never null
   * @param column of a leaf, its column; of the others, the column within it with the lowest
   *     maximum repetition level; null if there is none
   * @param definitionLevel the definition level from which it is not null
   * @param repeatedDefinitionLevel of a list or map, the definition level from which it has an
   *     element
   * @param repetitionLevel of a list or map, the repetition level of a further element; of the
   *     others, the number of lists and maps around it
   * @param parts the fields of a struct, the element of a list, key and value of a map
   */
  public record Field(
      int id,
      String name,
      String path,
      Kind kind,
      boolean required,
      @Nullable ParquetColumn column,
      int definitionLevel,
      int repeatedDefinitionLevel,
      int repetitionLevel,
      List<Field> parts) {

    /** Returns the column of a leaf; null for every other kind. */
    public @Nullable ParquetColumn leaf() {
      return kind == Kind.LEAF ? column : null;
    }

    /**
     * Returns the Iceberg field; throws {@link ColumnMismatchException} if a part has no Iceberg
     * type.
     */
    public NestedField field() {
      Type type = type();
      return required(type)
          ? NestedField.required(id, name, type)
          : NestedField.optional(id, name, type);
    }

    private boolean required(Type type) {
      return required && type.typeId() != Type.TypeID.UNKNOWN;
    }

    private Type type() {
      return switch (kind) {
        case LEAF -> leafType();
        case STRUCT -> Types.StructType.of(parts.stream().map(Field::field).toList());
        case LIST -> {
          Field element = parts.get(0);
          Type type = element.type();
          yield element.required(type)
              ? Types.ListType.ofRequired(element.id, type)
              : Types.ListType.ofOptional(element.id, type);
        }
        case MAP -> {
          Field key = parts.get(0);
          Field value = parts.get(1);
          Type type = value.type();
          yield value.required(type)
              ? Types.MapType.ofRequired(key.id, value.id, key.type(), type)
              : Types.MapType.ofOptional(key.id, value.id, key.type(), type);
        }
        case VARIANT -> throw unsupported();
      };
    }

    private Type leafType() {
      Type type = column == null ? null : column.type().type();
      if (type == null) {
        throw unsupported();
      }
      return type;
    }

    private ColumnMismatchException unsupported() {
      return new ColumnMismatchException(
          path, describe(), "any column type", ColumnMismatchException.UNSUPPORTED_TYPE);
    }

    /** Describes the type for messages; of a nested type, only its kind. */
    public String describe() {
      return switch (kind) {
        case LEAF -> column == null ? "unknown" : column.type().describe();
        case STRUCT -> "a struct";
        case LIST -> "a list";
        case MAP -> "a map";
        case VARIANT -> "VARIANT";
      };
    }
  }

  private final List<Field> columns;
  private final Map<Integer, Field> columnsById = new HashMap<>();
  private final Map<String, Field> columnsByName = new HashMap<>();
  private final List<ParquetColumn> leaves;
  private final boolean hasFieldIds;
  private final boolean hasSomeFieldIds;
  private final boolean stored;

  private ParquetFileSchema(
      List<Field> columns,
      List<ParquetColumn> leaves,
      boolean hasFieldIds,
      boolean some,
      boolean stored) {
    this.columns = columns;
    for (Field column : columns) {
      columnsById.putIfAbsent(column.id(), column);
      columnsByName.putIfAbsent(column.name(), column);
    }
    this.leaves = leaves;
    this.hasFieldIds = hasFieldIds;
    this.hasSomeFieldIds = some;
    this.stored = stored;
  }

  /** Returns the top-level column with a field ID; null if there is none. */
  public @Nullable Field column(int id) {
    return columnsById.get(id);
  }

  /** Returns the top-level column with a name; null if there is none. */
  public @Nullable Field column(String name) {
    return columnsByName.get(name);
  }

  /** Reads the footer's schema; throws {@link UnreadableFileException} if it is inconsistent. */
  public static ParquetFileSchema of(List<SchemaElement> elements) {
    ParquetNode root = ParquetNode.root(elements, false);
    Set<String> names = new HashSet<>();
    for (ParquetNode node : root.children()) {
      if (!names.add(node.name())) {
        throw new UnreadableFileException("two columns have the name " + node.name());
      }
    }
    Ids fromFile = new Ids(Source.FILE, root.children().size());
    List<Field> columns = columns(root, fromFile);
    boolean usable = fromFile.complete && !columns.isEmpty();
    if (!usable) {
      columns = columns(root, new Ids(Source.ORDER, root.children().size()));
    }
    return new ParquetFileSchema(List.copyOf(columns), leaves(root), usable, fromFile.some, false);
  }

  /**
   * Returns the same columns with the field IDs that a name mapping gives to their names. Columns
   * that it does not have get IDs below zero, which no table has.
   */
  public ParquetFileSchema named(MappedFields mapping) {
    return new ParquetFileSchema(
        named(columns, mapping, new HashSet<>()), leaves, true, hasSomeFieldIds, stored);
  }

  private static List<Field> named(
      List<Field> fields, @Nullable MappedFields mapping, Set<Integer> unmapped) {
    List<Field> named = new ArrayList<>();
    for (Field field : fields) {
      Integer id = mapping == null ? null : mapping.id(field.name());
      MappedField mapped = mapping == null || id == null ? null : mapping.field(id);
      int own = id == null ? -1 - unmapped.size() : id;
      if (id == null) {
        unmapped.add(own);
      }
      named.add(
          new Field(
              own,
              field.name(),
              field.path(),
              field.kind(),
              field.required(),
              field.column(),
              field.definitionLevel(),
              field.repeatedDefinitionLevel(),
              field.repetitionLevel(),
              named(field.parts(), mapped == null ? null : mapped.nestedMapping(), unmapped)));
    }
    return List.copyOf(named);
  }

  /**
   * Reads the footer's schema with the stored types of leaves: boolean, int, long, float, double,
   * binary, and fixed, whatever their annotation; INT96 is fixed(12), VARIANT is a struct. Field
   * IDs are assigned. Names may repeat at the top; below, a repeated name gets its field ID. Throws
   * {@link UnreadableFileException} if the schema is inconsistent.
   */
  public static ParquetFileSchema stored(List<SchemaElement> elements) {
    ParquetNode root = ParquetNode.root(elements, true);
    List<Field> columns = columns(root, new Ids(Source.STORED, root.children().size()));
    return new ParquetFileSchema(List.copyOf(columns), leaves(root), true, true, true);
  }

  private static List<ParquetColumn> leaves(ParquetNode root) {
    List<ParquetColumn> leaves = new ArrayList<>();
    collectLeaves(root, leaves);
    return List.copyOf(leaves);
  }

  private static void collectLeaves(ParquetNode node, List<ParquetColumn> into) {
    if (node.leaf() != null) {
      into.add(node.leaf());
    }
    node.children().forEach(child -> collectLeaves(child, into));
  }

  /**
   * Returns the elements of a footer for a schema.
   *
   * @throws io.meshwork.error.InvalidRequestException if a type cannot be written, such as a struct
   *     without fields
   */
  public static List<SchemaElement> elements(Schema schema) {
    return SchemaElements.of(schema);
  }

  /** Returns the top-level columns in file order. */
  public List<Field> columns() {
    return columns;
  }

  /** Returns all leaves in the order of column chunks. */
  public List<ParquetColumn> leaves() {
    return leaves;
  }

  /** Returns true if every column, nested ones included, has a unique field ID in the file. */
  public boolean hasFieldIds() {
    return hasFieldIds;
  }

  /** Returns true if leaves have their stored types, and a map may have null keys. */
  public boolean isStored() {
    return stored;
  }

  /** Returns true if a field has a field ID in the file, even if the IDs are not usable. */
  public boolean hasSomeFieldIds() {
    return hasSomeFieldIds;
  }

  /**
   * Returns the file's columns as Iceberg types; throws {@link ColumnMismatchException} for the
   * first column without one.
   */
  public Schema iceberg() {
    return new Schema(columns.stream().map(Field::field).toList());
  }

  /**
   * Returns a dotted path that two fields have, such as a column {@code a.b} and the field {@code
   * b} in a column {@code a}; null if there is none.
   */
  public @Nullable String pathOfSeveral() {
    return pathOfSeveral(columns, new HashSet<>());
  }

  private static @Nullable String pathOfSeveral(List<Field> fields, Set<String> names) {
    for (Field field : fields) {
      String nested = names.add(field.path()) ? pathOfSeveral(field.parts(), names) : field.path();
      if (nested != null) {
        return nested;
      }
    }
    return null;
  }

  private static List<Field> columns(ParquetNode root, Ids ids) {
    List<Field> columns = new ArrayList<>();
    for (ParquetNode node : root.children()) {
      columns.add(field(node, ids.top(node), node.name(), node.name(), ids));
    }
    return columns;
  }

  /** Returns the field of a node, according to its repetition type. */
  private static Field field(ParquetNode node, int id, String name, String path, Ids ids) {
    if (node.repeated()) {
      // A repeated field outside a LIST group is a list of required elements.
      Field element = value(node, ids.nested(node), "element", path + ".element", true, ids);
      return list(node, node, id, name, path, true, node.definitionLevel() - 1, element);
    }
    return value(node, id, name, path, node.required(), ids);
  }

  /** Returns one value of a node, whether or not the node is repeated. */
  private static Field value(
      ParquetNode node, int id, String name, String path, boolean required, Ids ids) {
    if (node.leaf() != null) {
      return new Field(
          id,
          name,
          path,
          Kind.LEAF,
          required,
          node.leaf(),
          node.definitionLevel(),
          0,
          node.repetitionLevel(),
          List.of());
    }
    if (node.children().size() == 1 && node.children().get(0).repeated()) {
      ParquetNode repeated = node.children().get(0);
      if (isList(node.element())) {
        Field element = element(node, repeated, path + ".element", ids);
        return list(node, repeated, id, name, path, required, node.definitionLevel(), element);
      } else if (isMap(node.element()) && repeated.children().size() == 2) {
        return map(node, repeated, id, name, path, required, ids);
      } else if (isMap(node.element()) && repeated.children().size() == 1) {
        // The format allows maps without values; other readers read them as lists of keys.
        Field key = element(node, repeated, path + ".element", ids);
        return list(node, repeated, id, name, path, required, node.definitionLevel(), key);
      }
    }
    if (!ids.stored()
        && node.element().isSetLogicalType()
        && node.element().getLogicalType().isSetVARIANT()) {
      return new Field(
          id,
          name,
          path,
          Kind.VARIANT,
          required,
          node.leastRepeatedLeaf(),
          node.definitionLevel(),
          0,
          node.repetitionLevel(),
          List.of());
    }
    return struct(node, id, name, path, required, ids);
  }

  private static Field struct(
      ParquetNode node, int id, String ownName, String path, boolean required, Ids ids) {
    List<Field> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ParquetNode child : node.children()) {
      boolean unique = names.add(child.name());
      if (!unique && !ids.stored()) {
        throw new UnreadableFileException(
            "column " + path + " has two fields named " + child.name());
      }
      int childId = ids.nested(child);
      // Iceberg requires unique paths, of which a name with a dot may be another field's.
      boolean renamed = ids.stored() && (!unique || child.name().contains("."));
      String name = renamed ? child.name().replace('.', '_') + "#" + childId : child.name();
      fields.add(field(child, childId, name, path + "." + child.name(), ids));
    }
    return new Field(
        id,
        ownName,
        path,
        Kind.STRUCT,
        required,
        node.leastRepeatedLeaf(),
        node.definitionLevel(),
        0,
        node.repetitionLevel(),
        List.copyOf(fields));
  }

  private static Field list(
      ParquetNode node,
      ParquetNode repeated,
      int id,
      String name,
      String path,
      boolean required,
      int definitionLevel,
      Field element) {
    return new Field(
        id,
        name,
        path,
        Kind.LIST,
        required,
        node.leastRepeatedLeaf(),
        definitionLevel,
        repeated.definitionLevel(),
        repeated.repetitionLevel(),
        List.of(element));
  }

  private static Field element(ParquetNode list, ParquetNode repeated, String path, Ids ids) {
    // The format's backward-compatibility rules for lists with two levels.
    boolean twoLevels =
        repeated.children().size() != 1
            || repeated.children().get(0).repeated()
            || repeated.name().equals("array")
            || repeated.name().equals(list.name() + "_tuple");
    if (twoLevels) {
      return value(repeated, ids.nested(repeated), "element", path, true, ids);
    }
    ParquetNode element = repeated.children().get(0);
    return value(element, ids.nested(element), "element", path, element.required(), ids);
  }

  private static Field map(
      ParquetNode node,
      ParquetNode entries,
      int id,
      String name,
      String path,
      boolean required,
      Ids ids) {
    ParquetNode key = entries.children().get(0);
    ParquetNode value = entries.children().get(1);
    int keyId = ids.nested(key);
    int valueId = ids.nested(value);
    return new Field(
        id,
        name,
        path,
        Kind.MAP,
        required,
        node.leastRepeatedLeaf(),
        node.definitionLevel(),
        entries.definitionLevel(),
        entries.repetitionLevel(),
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

  /** Where field IDs come from, and how fields are read. */
  private enum Source {
    FILE,
    ORDER,
    /** By order, for fields with stored types. */
    STORED
  }

  /** Assigns field IDs: from the file, or 1 to n for the top level, then the nested fields. */
  private static final class Ids {
    private final Source source;
    private final Set<Integer> usedIds = new HashSet<>();
    private boolean complete = true;
    private boolean some;
    private int nextTop = 1;
    private int nextNested;

    Ids(Source source, int tops) {
      this.source = source;
      this.nextNested = tops + 1;
    }

    boolean stored() {
      return source == Source.STORED;
    }

    int top(ParquetNode node) {
      return source == Source.FILE ? own(node) : nextTop++;
    }

    int nested(ParquetNode node) {
      return source == Source.FILE ? own(node) : nextNested++;
    }

    private int own(ParquetNode node) {
      int id = node.element().getField_id();
      some |= node.element().isSetField_id();
      // Old writers store -1 for an absent ID.
      if (!node.element().isSetField_id() || id < 0 || !usedIds.add(id)) {
        complete = false;
      }
      return id;
    }
  }
}
