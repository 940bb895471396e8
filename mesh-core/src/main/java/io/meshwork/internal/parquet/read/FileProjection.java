package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.footer.FileFooter;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.HybridCalendar;
import io.meshwork.internal.parquet.schema.ParquetColumn.ValueType;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Kind;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Finds the fields of a projection in a file.
 *
 * @param file the file's columns
 * @param match how fields are matched
 * @param offered whether the file is input to a publish, so that conversion errors are recorded
 *     instead of thrown
 * @param calendar the calendar of the dates in such an input; null if it is the usual one
 */
record FileProjection(
    ParquetFileSchema file, ColumnMatch match, boolean offered, @Nullable HybridCalendar calendar) {
  static FileProjection of(FileFooter footer, ColumnMatch match, boolean offered) {
    return new FileProjection(
        footer.schema(), match, offered, offered ? HybridCalendar.of(footer.properties()) : null);
  }

  ConversionDecoder conversion(String column, ValueType fileType, Type wanted) {
    ConversionDecoder conversion = ConversionDecoder.of(column, fileType, wanted, offered);
    // The columns of a file that is registered unchanged are matched by their field IDs.
    return calendar == null
        ? conversion
        : CalendarConversionDecoder.of(
            conversion, calendar, fileType, wanted, match == ColumnMatch.BY_NAME);
  }

  /** Creates an empty vector of a type for the values of a leaf. */
  Vector vector(Type type) {
    Vector vector = VectorBatch.emptyVector(type);
    if (offered) {
      vector.recordConversionErrors();
    }
    return vector;
  }

  /**
   * Returns the column that provides a field; null if the file lacks it and its rows are null or
   * the field's initial default. Throws {@link ColumnMismatchException} if neither is possible.
   */
  @Nullable Field column(NestedField field) {
    if (match == ColumnMatch.BY_FIELD_ID && !file.hasFieldIds()) {
      throw new ColumnMismatchException(
          field.name(),
          "without field ID",
          field.type().toString(),
          "the file has no field IDs to match by");
    }
    Field column =
        match == ColumnMatch.BY_FIELD_ID ? file.column(field.fieldId()) : file.column(field.name());
    return checked(column, field, field.name());
  }

  /**
   * Returns the column that provides a field of a struct; {@code path} is the path of the field in
   * the projection.
   */
  @Nullable Field find(List<Field> candidates, NestedField field, String path) {
    Field fileField = null;
    for (Field candidate : candidates) {
      if (match == ColumnMatch.BY_FIELD_ID
          ? candidate.id() == field.fieldId()
          : candidate.name().equals(field.name())) {
        fileField = candidate;
        break;
      }
    }
    return checked(fileField, field, path);
  }

  private static @Nullable Field checked(
      @Nullable Field fileField, NestedField field, String path) {
    if (fileField != null) {
      checkKind(fileField, field.type(), path);
      return fileField;
    }
    checkReadable(field.type(), path);
    if (field.isRequired() && field.initialDefault() == null) {
      throw new ColumnMismatchException(
          path, "absent", field.type().toString(), "the column is required and has no default");
    }
    return null;
  }

  /** Throws if the kinds differ, such as a struct read as a list. */
  static void checkKind(Field fileField, Type wanted, String path) {
    checkReadable(wanted, path);
    Kind needed =
        switch (wanted.typeId()) {
          case STRUCT -> Kind.STRUCT;
          case LIST -> Kind.LIST;
          case MAP -> Kind.MAP;
          default -> Kind.LEAF;
        };
    if (fileField.kind() != needed) {
      throw new ColumnMismatchException(
          path, fileField.describe(), wanted.toString(), "the types are not compatible");
    }
  }

  private static void checkReadable(Type wanted, String path) {
    switch (wanted.typeId()) {
      case UNKNOWN, VARIANT, GEOMETRY, GEOGRAPHY ->
          throw new ColumnMismatchException(
              path, "not inspected", wanted.toString(), "columns of this type are not supported");
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
