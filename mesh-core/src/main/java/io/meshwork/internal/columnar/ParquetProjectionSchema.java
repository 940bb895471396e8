package io.meshwork.internal.columnar;

import io.meshwork.internal.columnar.ParquetFieldSchema.Kind;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of a projection in a file.
 *
 * @param file the file's columns
 * @param match what makes a field the same
 * @param offered whether rows are offered, and values that do not fit are told instead of refused
 */
record ParquetProjectionSchema(ParquetFileSchema file, ColumnMatch match, boolean offered) {
  /** An empty vector of a type for the values of a leaf. */
  Vector vector(Type type) {
    Vector vector = VectorBatch.emptyVector(type);
    if (offered) {
      vector.keepMisfits();
    }
    return vector;
  }

  /**
   * The column to read a field from; null if the file does not have it and its rows are null or the
   * field's initial default. {@link ColumnMismatchException} if neither can be.
   */
  @Nullable ParquetFieldSchema column(NestedField field) {
    if (match == ColumnMatch.BY_FIELD_ID && !file.hasFieldIds()) {
      throw new ColumnMismatchException(
          field.name(),
          "without field id",
          field.type().toString(),
          "the file has no field ids to match by");
    }
    return find(file.columns(), field, field.name());
  }

  /** The same for a field of a struct; {@code path} is where the projection has the field. */
  @Nullable ParquetFieldSchema find(
      List<ParquetFieldSchema> candidates, NestedField field, String path) {
    for (ParquetFieldSchema candidate : candidates) {
      boolean same =
          match == ColumnMatch.BY_FIELD_ID
              ? candidate.id() == field.fieldId()
              : candidate.name().equals(field.name());
      if (same) {
        checkKind(candidate, field.type(), path);
        return candidate;
      }
    }
    checkReadable(field.type(), path);
    if (field.isRequired() && field.initialDefault() == null) {
      throw new ColumnMismatchException(
          path, "absent", field.type().toString(), "the column is required and has no default");
    }
    return null;
  }

  /** Refuses to read a struct as a list and the like. */
  static void checkKind(ParquetFieldSchema found, Type wanted, String path) {
    checkReadable(wanted, path);
    Kind needed =
        switch (wanted.typeId()) {
          case STRUCT -> Kind.STRUCT;
          case LIST -> Kind.LIST;
          case MAP -> Kind.MAP;
          default -> Kind.LEAF;
        };
    if (found.kind() != needed) {
      throw new ColumnMismatchException(
          path, found.describe(), wanted.toString(), "one cannot be read as the other");
    }
  }

  private static void checkReadable(Type wanted, String path) {
    switch (wanted.typeId()) {
      case UNKNOWN, VARIANT, GEOMETRY, GEOGRAPHY ->
          throw new ColumnMismatchException(
              path, "not looked at", wanted.toString(), "columns of this type are not read");
      case STRUCT ->
          wanted
              .asStructType()
              .fields()
              .forEach(field -> checkReadable(field.type(), path + "." + field.name()));
      case LIST -> checkReadable(wanted.asListType().elementType(), path + ".element");
      case MAP -> {
        checkReadable(wanted.asMapType().keyType(), path + ".key");
        checkReadable(wanted.asMapType().valueType(), path + ".value");
      }
      default -> {}
    }
  }
}
