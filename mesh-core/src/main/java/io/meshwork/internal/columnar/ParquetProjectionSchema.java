package io.meshwork.internal.columnar;

import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** Finds the columns of a projection in a file. */
final class ParquetProjectionSchema {
  private ParquetProjectionSchema() {}

  /**
   * The leaf to read a field from; null if the file does not have it and its rows are null or the
   * field's initial default. {@link ColumnMismatchException} if neither can be.
   */
  static @Nullable ParquetLeafSchema find(
      ParquetFileSchema file, NestedField field, ColumnMatch match) {
    String wanted = field.type().toString();
    if (!field.type().isPrimitiveType() || field.type().typeId() == Type.TypeID.UNKNOWN) {
      throw new ColumnMismatchException(
          field.name(), "not looked at", wanted, "columns of this type are not read");
    }
    if (match == ColumnMatch.BY_FIELD_ID && !file.hasFieldIds()) {
      throw new ColumnMismatchException(
          field.name(), "without field id", wanted, "the file has no field ids to match by");
    }
    ParquetFileSchema.Column column = column(file, field, match);
    if (column == null) {
      if (field.isRequired() && field.initialDefault() == null) {
        throw new ColumnMismatchException(
            field.name(), "absent", wanted, "the column is required and has no default");
      }
      return null;
    }
    if (column.leaf() == null) {
      throw new ColumnMismatchException(
          column.name(), column.describe(), wanted, "nested columns are not read");
    }
    return column.leaf();
  }

  private static ParquetFileSchema.@Nullable Column column(
      ParquetFileSchema file, NestedField field, ColumnMatch match) {
    for (ParquetFileSchema.Column column : file.columns()) {
      boolean same =
          match == ColumnMatch.BY_FIELD_ID
              ? column.id() == field.fieldId()
              : column.name().equals(field.name());
      if (same) {
        return column;
      }
    }
    return null;
  }
}
