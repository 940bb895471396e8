package io.meshwork.internal.ingest;

import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Kind;
import io.meshwork.internal.schema.NamesInFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * Checks the footer of a file that another program wrote against the columns of a table, before the
 * unchanged file becomes its data file. Accepts only what each reader of Iceberg tables reads with
 * the same values: the table's types, and int as long, float as double, and decimals with fewer
 * digits.
 */
final class ExistingFile {
  /** A property of the files in which Iceberg lists deleted rows: by position, or by their keys. */
  private static final String DELETES = "delete-type";

  /** The paths of the columns that the table does not have. */
  private final List<String> unknown = new ArrayList<>();

  private ExistingFile() {}

  /** Returns true for a file in which an engine lists deleted rows of an Iceberg table. */
  static boolean hasDeletedRows(ParquetReader file) {
    return file.properties().containsKey(DELETES);
  }

  /**
   * Returns why a file cannot be a data file of a table; null if it can.
   *
   * @param opened the unchanged file
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
    ExistingFile file = new ExistingFile();
    try {
      String refusal = file.columns(reader.columns(), table.asStruct(), names, "", 1);
      if (refusal == null) {
        reader.schema();
      }
      if (refusal == null && opened.hasFieldIds()) {
        refusal = fieldIds(reader.columns(), table.asStruct(), names, "");
      }
      if (refusal == null && !ignoringUnknownColumns && !file.unknown.isEmpty()) {
        refusal = "its columns " + file.unknown + " are not in the contract";
      }
      if (refusal == null) {
        refusal = twice(reader.columns(), names, values.keySet());
      }
      if (refusal == null
          && reader.columns().stream().allMatch(column -> names.id(column.name()) == null)) {
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
  private static @Nullable String twice(
      List<Field> fields, MappedFields names, Set<Integer> inFolder) {
    for (Field field : fields) {
      Integer id = names.id(field.name());
      if (id != null && inFolder.contains(id)) {
        return "its column '" + field.name() + "' is also in the name of its folder";
      }
    }
    return null;
  }

  /** Returns the column of a table that a column of the file is, by its name; null if none. */
  private static Types.@Nullable NestedField wanted(
      Field field, Types.StructType table, @Nullable MappedFields names) {
    Integer id = names == null ? null : names.id(field.name());
    return id == null ? null : table.field(id);
  }

  private static @Nullable MappedFields within(@Nullable MappedFields names, int id) {
    MappedField field = names == null ? null : names.field(id);
    return field == null ? null : field.nestedMapping();
  }

  /**
   * Checks the columns that a file has.
   *
   * @param names the names that the table's columns have in files
   * @param depth the number of names in the file from the root to these columns
   */
  private @Nullable String columns(
      List<Field> fields,
      Types.StructType table,
      @Nullable MappedFields names,
      String prefix,
      int depth) {
    String repetition =
        NamesInFiles.of(names).repetition(prefix, fields.stream().map(Field::name).toList());
    if (repetition != null) {
      return repetition;
    }
    for (Field field : fields) {
      Types.NestedField wanted = wanted(field, table, names);
      if (wanted == null) {
        unknown.add(prefix + field.name());
        continue;
      }
      String refusal =
          type(field, wanted.type(), within(names, wanted.fieldId()), prefix + field.name(), depth);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private @Nullable String type(
      Field field, Type wanted, @Nullable MappedFields names, String path, int depth) {
    Kind kind =
        switch (wanted.typeId()) {
          case STRUCT -> Kind.STRUCT;
          case LIST -> Kind.LIST;
          case MAP -> Kind.MAP;
          default -> Kind.LEAF;
        };
    if (field.kind() != kind) {
      return mismatch(path, field, wanted);
    }
    return switch (kind) {
      case STRUCT -> columns(field.parts(), wanted.asStructType(), names, path + ".", depth + 1);
      case LIST -> {
        Types.ListType list = wanted.asListType();
        yield type(
            field.parts().get(0),
            list.elementType(),
            within(names, list.elementId()),
            path + "[]",
            depth + 2);
      }
      case MAP -> {
        Types.MapType map = wanted.asMapType();
        String key =
            type(
                field.parts().get(0),
                map.keyType(),
                within(names, map.keyId()),
                path + "{key}",
                depth + 2);
        yield key != null
            ? key
            : type(
                field.parts().get(1),
                map.valueType(),
                within(names, map.valueId()),
                path + "{}",
                depth + 2);
      }
      default -> leaf(field, wanted, path, depth);
    };
  }

  private static @Nullable String leaf(Field field, Type wanted, String path, int depth) {
    if (field.leaf() == null) {
      return mismatch(path, field, wanted);
    }
    ValueType type = field.leaf().type();
    if (field.leaf().path().size() != depth) {
      return "its column '" + path + "' is a list in a form of old writers, without a group";
    }
    LogicalType annotation = type.annotation();
    boolean half = annotation != null && annotation.isSetFLOAT16();
    boolean int96 = type.physical() == org.apache.parquet.format.Type.INT96;
    return type.unsigned() || half || int96 || !isReadAs(type.type(), wanted)
        ? mismatch(path, field, wanted)
        : null;
  }

  /** True if all readers of Iceberg tables read a type as another one without a change. */
  private static boolean isReadAs(@Nullable Type fileType, Type wanted) {
    return fileType != null && TypeUtil.isPromotionAllowed(fileType, wanted.asPrimitiveType());
  }

  private static String mismatch(String path, Field field, Type wanted) {
    return "its column '"
        + path
        + "' is "
        + field.describe()
        + ", and the contract's "
        + wanted
        + " cannot be read from that";
  }

  /**
   * Checks that the field IDs of a file match the table. A column that the table does not have must
   * have no field ID: a later column of the table could get it.
   */
  private static @Nullable String fieldIds(
      List<Field> fields, Types.StructType table, @Nullable MappedFields names, String prefix) {
    for (Field field : fields) {
      Types.NestedField wanted = wanted(field, table, names);
      String refusal =
          wanted == null
              ? otherId(field, prefix + field.name(), "a later column of the table can get it")
              : sameIds(
                  field,
                  wanted.fieldId(),
                  wanted.type(),
                  within(names, wanted.fieldId()),
                  prefix + field.name());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static @Nullable String sameIds(
      Field field, int id, Type wanted, @Nullable MappedFields names, String path) {
    if (field.id() != id) {
      return otherId(field, path, "the table's is " + id);
    }
    if (wanted.isStructType()) {
      return fieldIds(field.parts(), wanted.asStructType(), names, path + ".");
    }
    List<Types.NestedField> parts =
        wanted.isNestedType() ? wanted.asNestedType().fields() : List.of();
    for (int i = 0; i < parts.size(); i++) {
      Types.NestedField part = parts.get(i);
      String refusal =
          sameIds(
              field.parts().get(i),
              part.fieldId(),
              part.type(),
              within(names, part.fieldId()),
              path + "." + part.name());
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private static String otherId(Field field, String path, String why) {
    return "its column '" + path + "' has the field ID " + field.id() + ", and " + why;
  }
}
