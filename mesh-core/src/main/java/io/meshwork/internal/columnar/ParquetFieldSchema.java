package io.meshwork.internal.columnar;

import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * A column of a file, or a part of one, as a logical field: without the groups by which Parquet
 * represents lists and maps.
 *
 * @param id the field ID
 * @param name its name in the file; "element", "key", or "value" for those
 * @param path dotted names from the root, for messages
 * @param required whether the file declares that it is never null
 * @param node its element of the file's schema
 * @param definition the definition level from which it is not null
 * @param repeatedDefinitionLevel of a list or map, the definition level from which it has an
 *     element
 * @param repetition of a list or map, the repetition level of a further element
 * @param parts the fields of a struct, the element of a list, key and value of a map
 */
record ParquetFieldSchema(
    int id,
    String name,
    String path,
    Kind kind,
    boolean required,
    ParquetNodeSchema node,
    int definition,
    int repeatedDefinitionLevel,
    int repetition,
    List<ParquetFieldSchema> parts) {

  /** The kind of a field. */
  enum Kind {
    LEAF,
    STRUCT,
    LIST,
    MAP,
    VARIANT
  }

  /**
   * Returns the Iceberg field; throws {@link ColumnMismatchException} if a part has no Iceberg
   * type.
   */
  NestedField field() {
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
      case STRUCT -> Types.StructType.of(parts.stream().map(ParquetFieldSchema::field).toList());
      case LIST -> {
        ParquetFieldSchema element = parts.get(0);
        Type type = element.type();
        yield element.required(type)
            ? Types.ListType.ofRequired(element.id, type)
            : Types.ListType.ofOptional(element.id, type);
      }
      case MAP -> {
        ParquetFieldSchema key = parts.get(0);
        ParquetFieldSchema value = parts.get(1);
        Type type = value.type();
        yield value.required(type)
            ? Types.MapType.ofRequired(key.id, value.id, key.type(), type)
            : Types.MapType.ofOptional(key.id, value.id, key.type(), type);
      }
      case VARIANT -> throw unsupported();
    };
  }

  private Type leafType() {
    if (node.leaf() == null || node.leaf().type().type() == null) {
      throw unsupported();
    }
    return node.leaf().type().type();
  }

  private ColumnMismatchException unsupported() {
    return new ColumnMismatchException(
        path, describe(), "an Iceberg type", "this Parquet type is not supported");
  }

  /** Describes the type for messages; of a nested type, only its kind. */
  String describe() {
    return switch (kind) {
      case LEAF -> node.leaf() == null ? "unknown" : node.leaf().type().describe();
      case STRUCT -> "a struct";
      case LIST -> "a list";
      case MAP -> "a map";
      case VARIANT -> "VARIANT";
    };
  }
}
