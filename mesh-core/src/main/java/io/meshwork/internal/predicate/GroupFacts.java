package io.meshwork.internal.predicate;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import java.math.BigDecimal;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The column statistics of a row group in a file's footer. Footers do not count NaN, so a
 * floating-point column with values may contain NaN. A column that the file lacks may have any
 * value, because it may have a default.
 */
record GroupFacts(FooterRowGroup group, Schema file, ColumnMatch match)
    implements ColumnFacts.Source {

  @Override
  public ColumnFacts of(FilterColumn column) {
    String path =
        match == ColumnMatch.BY_FIELD_ID ? file.findColumnName(column.fieldId()) : column.name();
    FooterRowGroup.FooterColumnChunk stored = path == null ? null : stored(path);
    if (stored == null) {
      return ColumnFacts.unknown(column);
    }
    Long nulls = stored.nullCount();
    boolean values = nulls == null || nulls < group.rows();
    return new ColumnFacts(
        nulls == null || nulls != 0,
        column.floating() && values,
        values,
        bound(column.type(), stored.type(), stored.lowest()),
        bound(column.type(), stored.type(), stored.highest()));
  }

  private FooterRowGroup.@Nullable FooterColumnChunk stored(String path) {
    FooterRowGroup.FooterColumnChunk match = null;
    for (FooterRowGroup.FooterColumnChunk column : group.columns()) {
      if (column.path().equals(path)) {
        if (match != null) {
          return null;
        }
        match = column;
      }
    }
    return match;
  }

  /**
   * Converts a bound to the filter's type; null if the file's type is neither that type nor
   * narrower.
   */
  private static @Nullable TypedLiteral bound(
      Type type, @Nullable Type stored, @Nullable Object value) {
    if (stored == null || value == null || !fits(type, stored)) {
      return null;
    } else if (value instanceof Boolean truth) {
      return TypedLiteral.of(type, truth);
    } else if (value instanceof Long number) {
      return TypedLiteral.of(type, number);
    } else if (value instanceof Double number) {
      return TypedLiteral.of(type, number);
    } else if (value instanceof BigDecimal decimal) {
      return TypedLiteral.of(type, decimal);
    } else if (value instanceof byte[] bytes) {
      return TypedLiteral.of(type, ByteString.of(bytes));
    }
    return null;
  }

  private static boolean fits(Type type, Type stored) {
    return switch (type.typeId()) {
      case LONG -> stored.typeId() == Type.TypeID.LONG || stored.typeId() == Type.TypeID.INTEGER;
      case DOUBLE -> stored.typeId() == Type.TypeID.DOUBLE || stored.typeId() == Type.TypeID.FLOAT;
      case DECIMAL ->
          stored instanceof Types.DecimalType decimal
              && decimal.scale() == ((Types.DecimalType) type).scale();
      default -> type.equals(stored);
    };
  }
}
