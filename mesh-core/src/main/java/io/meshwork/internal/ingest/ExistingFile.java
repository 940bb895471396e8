package io.meshwork.internal.ingest;

import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * Checks the footer of a file that another program wrote against the columns of a table, of which
 * the file becomes a data file as it is. Accepts only what each reader of Iceberg tables reads with
 * the same values: the table's types, and int as long, float as double, and decimals with fewer
 * digits. Stateless.
 */
final class ExistingFile {
  /** A property of the files in which Iceberg lists deleted rows: by position, or by their keys. */
  private static final String DELETES = "delete-type";

  private ExistingFile() {}

  /** Returns true for a file in which an engine lists deleted rows of an Iceberg table. */
  static boolean hasDeletedRows(ParquetReader file) {
    return file.properties().containsKey(DELETES);
  }

  /**
   * Returns why a file cannot be a data file of a table; null if it can.
   *
   * @param opened the file as it is
   * @param table the columns of the table
   * @param names its name mapping
   * @param values the values of columns that the names of its folders have, by field ID
   * @param ignoringUnknownColumns true if the file may have undeclared columns
   */
  static @Nullable String refusal(
      ParquetReader opened,
      Schema table,
      MappedFields names,
      Map<Integer, Object> values,
      boolean ignoringUnknownColumns) {
    if (hasDeletedRows(opened)) {
      return "it lists deleted rows of an Iceberg table, which its data files still have";
    }
    if (opened.hasSomeFieldIds() && !opened.hasFieldIds()) {
      return "only some of its columns have a field ID, or two have the same";
    }
    ParquetReader reader = opened.ofOtherProgram(names, values);
    try {
      reader.schema();
      List<String> unknown = new ArrayList<>();
      String refusal = columns(reader.columns(), table.asStruct(), "", 1, unknown);
      if (refusal == null && opened.hasFieldIds()) {
        refusal = fieldIds(reader.columns(), table.asStruct(), "");
      }
      if (refusal == null && !ignoringUnknownColumns && !unknown.isEmpty()) {
        refusal = "its columns " + unknown + " are not in the contract";
      }
      if (refusal == null) {
        refusal = twice(reader.columns(), table, values.keySet());
      }
      if (refusal == null
          && table.columns().stream().noneMatch(column -> has(reader.columns(), column.name()))) {
        refusal = "it has none of the contract's columns";
      }
      if (refusal == null) {
        reader.readOffered(table, ColumnMatch.BY_FIELD_ID).close();
      }
      return refusal;
    } catch (ColumnMismatchException e) {
      return e.getMessage();
    }
  }

  /** A column must not be both in the file and in the name of its folder. */
  private static @Nullable String twice(List<Field> found, Schema table, Set<Integer> inFolder) {
    for (Field field : found) {
      Types.NestedField column = table.asStruct().field(field.name());
      if (column != null && inFolder.contains(column.fieldId())) {
        return "its column '" + field.name() + "' is also in the name of its folder";
      }
    }
    return null;
  }

  private static boolean has(List<Field> fields, String name) {
    return fields.stream().anyMatch(field -> field.name().equals(name));
  }

  /**
   * Checks the columns that a file has.
   *
   * @param depth the number of names in the file from the root to these columns
   * @param unknown receives the columns that the table does not have
   */
  private static @Nullable String columns(
      List<Field> found, Types.StructType table, String prefix, int depth, List<String> unknown) {
    for (Field field : found) {
      Types.NestedField wanted = table.field(field.name());
      if (wanted == null) {
        unknown.add(prefix + field.name());
        continue;
      }
      String refusal = type(field, wanted.type(), prefix + field.name(), depth, unknown);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static @Nullable String type(
      Field found, Type wanted, String path, int depth, List<String> unknown) {
    Kind kind =
        switch (wanted.typeId()) {
          case STRUCT -> Kind.STRUCT;
          case LIST -> Kind.LIST;
          case MAP -> Kind.MAP;
          default -> Kind.LEAF;
        };
    if (found.kind() != kind) {
      return mismatch(path, found, wanted);
    }
    return switch (kind) {
      case STRUCT -> columns(found.parts(), wanted.asStructType(), path + ".", depth + 1, unknown);
      case LIST ->
          type(
              found.parts().get(0),
              wanted.asListType().elementType(),
              path + "[]",
              depth + 2,
              unknown);
      case MAP -> {
        Types.MapType map = wanted.asMapType();
        String key = type(found.parts().get(0), map.keyType(), path + "{key}", depth + 2, unknown);
        yield key != null
            ? key
            : type(found.parts().get(1), map.valueType(), path + "{}", depth + 2, unknown);
      }
      default -> leaf(found, wanted, path, depth);
    };
  }

  private static @Nullable String leaf(Field found, Type wanted, String path, int depth) {
    if (found.leaf() == null) {
      return mismatch(path, found, wanted);
    }
    ValueType type = found.leaf().type();
    if (found.leaf().path().size() != depth) {
      return "its column '" + path + "' is a list in a form of old writers, without a group";
    }
    LogicalType annotation = type.annotation();
    boolean half = annotation != null && annotation.isSetFLOAT16();
    boolean int96 = type.physical() == org.apache.parquet.format.Type.INT96;
    return type.unsigned() || half || int96 || !isReadAs(type.type(), wanted)
        ? mismatch(path, found, wanted)
        : null;
  }

  /** True if all readers of Iceberg tables read a type as another one without a change. */
  private static boolean isReadAs(@Nullable Type found, Type wanted) {
    return found != null && TypeUtil.isPromotionAllowed(found, wanted.asPrimitiveType());
  }

  private static String mismatch(String path, Field found, Type wanted) {
    return "its column '"
        + path
        + "' is "
        + found.describe()
        + ", and the contract's "
        + wanted
        + " cannot be read from that";
  }

  /**
   * Checks that the field IDs of a file are those of the table. A column that the table does not
   * have must not have one either: a later column of the table could get it.
   */
  private static @Nullable String fieldIds(
      List<Field> found, Types.StructType table, String prefix) {
    for (Field field : found) {
      Types.NestedField wanted = table.field(field.name());
      String refusal =
          wanted == null
              ? otherId(field, prefix + field.name(), "a later column of the table can get it")
              : sameIds(field, wanted.fieldId(), wanted.type(), prefix + field.name());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static @Nullable String sameIds(Field found, int id, Type wanted, String path) {
    if (found.id() != id) {
      return otherId(found, path, "the table's is " + id);
    }
    if (wanted.isStructType()) {
      return fieldIds(found.parts(), wanted.asStructType(), path + ".");
    }
    List<Types.NestedField> parts =
        wanted.isNestedType() ? wanted.asNestedType().fields() : List.of();
    for (int i = 0; i < parts.size(); i++) {
      Types.NestedField part = parts.get(i);
      String refusal =
          sameIds(found.parts().get(i), part.fieldId(), part.type(), path + "." + part.name());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static String otherId(Field found, String path, String why) {
    return "its column '" + path + "' has the field ID " + found.id() + ", and " + why;
  }
}
