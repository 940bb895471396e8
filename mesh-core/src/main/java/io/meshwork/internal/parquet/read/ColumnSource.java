package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.footer.FileFooter;
import io.meshwork.internal.parquet.page.PageDecompressor;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema.Field;
import io.meshwork.internal.vector.Vector;
import java.util.List;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/** The source of one projected column: a flat column, a nested column, or a constant. */
record ColumnSource(
    @Nullable ColumnReader column,
    @Nullable NestedColumn nested,
    @Nullable ConstantReader constant) {

  static ColumnSource of(
      FileFooter footer,
      FileProjection projection,
      NestedField field,
      PageDecompressor decompressor,
      BatchLimit limit) {
    Field fileField = projection.column(field);
    if (fileField == null) {
      return new ColumnSource(null, null, ConstantReader.absent(field));
    }
    ParquetColumn leaf = fileField.leaf();
    if (leaf == null || leaf.maxRepetitionLevel() > 0) {
      return new ColumnSource(
          null,
          NestedColumn.of(footer.file(), projection, fileField, field, decompressor, limit),
          null);
    } else if (leaf.type().alwaysNull()) {
      return new ColumnSource(null, null, ConstantReader.nulls(field.type()));
    }
    return new ColumnSource(
        new ColumnReader(
            footer.file(), projection, leaf, field.type(), field.name(), decompressor, limit),
        null,
        null);
  }

  /** Returns the leaves of the file that this column reads. */
  List<? extends ChunkReader> leaves() {
    if (column != null) {
      return List.of(column);
    }
    return nested == null ? List.of() : nested.leaves();
  }

  /** Returns the bytes of the byte strings of the last batch of a flat column, else 0. */
  long flatBytes() {
    return column == null ? 0 : column.bytes();
  }

  /** Reads into vectors that none of the last {@code valid} batches uses. */
  void turn(int valid) {
    if (column != null) {
      column.turn(valid);
    } else if (nested != null) {
      nested.turn(valid);
    }
  }

  /** Reads the next rows of a flat or constant column. */
  Vector read(int rows) {
    if (column != null) {
      return column.read(rows);
    }
    if (constant == null) {
      throw new IllegalStateException("a nested column must be read before the others");
    }
    return constant.read(rows);
  }

  /**
   * Reads some rows of the row group that follow the rows read so far; valid until the next call.
   *
   * @param first a row of the row group
   * @param chosen the rows, counted from the first; at least one, ascending
   */
  Vector read(long first, int[] chosen) {
    if (column != null) {
      return column.read(first, chosen);
    }
    return nested == null ? read(chosen.length) : nested.read(first, chosen);
  }

  /** Skips to a row of the row group; the rows up to {@code until} are needed next. */
  void skipTo(long target, long until) {
    if (column != null) {
      column.skipTo(target, until);
    } else if (nested != null) {
      nested.skipTo(target, until);
    }
  }
}
