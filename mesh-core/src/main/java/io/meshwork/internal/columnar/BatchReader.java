package io.meshwork.internal.columnar;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file as batches, in the file's order, with the columns of a projection.
 *
 * <p>Byte strings (text, binary, fixed, UUID, decimals of more than 18 digits) come as {@link
 * DictionaryVector} where all rows of a batch are codes of one dictionary: rules can judge entries
 * once, others call {@link Vector#flat()}. All other columns come flat. Text is not checked to be
 * UTF-8. A batch never spans row groups; holds the compressed bytes of the projected columns of one
 * row group at a time. Not thread-safe.
 */
public final class BatchReader implements AutoCloseable {
  /** How many bytes a batch should take at most: wide rows come in smaller batches. */
  private static final long BATCH_BYTES = 64 << 20;

  /** One column of the projection: read from the file, or the same in each row. */
  private record Source(@Nullable ColumnReader column, @Nullable ConstantReader constant) {
    Vector read(int rows) {
      if (column != null) {
        return column.read(rows);
      }
      return constant == null ? new IntVector() : constant.read(rows);
    }
  }

  private final Footer footer;
  private final SeekableInputStream in;
  private final Schema projection;
  private final List<Source> sources;
  private final Decompressor decompressor;
  private int nextGroup;
  private long leftInGroup;
  private int batchRows;
  private long firstRow;
  private int lastRows;
  private boolean closed;

  private BatchReader(
      Footer footer,
      SeekableInputStream in,
      Schema projection,
      List<Source> sources,
      Decompressor decompressor) {
    this.footer = footer;
    this.in = in;
    this.projection = projection;
    this.sources = sources;
    this.decompressor = decompressor;
  }

  static BatchReader open(
      Footer footer, SeekableInputStream in, Schema projection, ColumnMatch match) {
    if (projection.columns().isEmpty()) {
      throw new IllegalArgumentException("a projection needs a column; rows() counts without one");
    }
    Decompressor decompressor = new Decompressor();
    List<Source> sources = new ArrayList<>();
    for (NestedField field : projection.columns()) {
      ParquetLeafSchema leaf = ParquetProjectionSchema.find(footer.schema(), field, match);
      if (leaf == null) {
        sources.add(new Source(null, ConstantReader.absent(field)));
      } else if (leaf.type().alwaysNull()) {
        sources.add(new Source(null, ConstantReader.nulls(field.type())));
      } else {
        sources.add(
            new Source(
                new ColumnReader(footer.file(), leaf, field.type(), field.name(), decompressor),
                null));
      }
    }
    return new BatchReader(footer, in, projection, List.copyOf(sources), decompressor);
  }

  /** The columns of each batch. */
  public Schema schema() {
    return projection;
  }

  /** The number in the file, from 0, of the first row of the batch returned last. */
  public long firstRow() {
    return firstRow;
  }

  /**
   * The next rows, at most {@link VectorBatch#ROWS}; null when there are no more. The batch before
   * is no longer valid then. {@link MalformedFileException} if the file is broken, {@link
   * ColumnMismatchException} if a value does not fit the type wanted; after either, close.
   */
  public @Nullable VectorBatch next() {
    if (closed) {
      throw new IllegalStateException("the reader is closed");
    }
    firstRow += lastRows;
    lastRows = 0;
    while (leftInGroup == 0) {
      if (nextGroup == footer.groups().size()) {
        return null;
      }
      openGroup(footer.groups().get(nextGroup++));
    }
    int rows = (int) Math.min(batchRows, leftInGroup);
    List<Vector> vectors = new ArrayList<>(sources.size());
    for (Source source : sources) {
      vectors.add(source.read(rows));
    }
    leftInGroup -= rows;
    lastRows = rows;
    return new VectorBatch(projection, vectors);
  }

  private void openGroup(RowGroup group) {
    leftInGroup = group.getNum_rows();
    batchRows = VectorBatch.ROWS;
    if (leftInGroup == 0) {
      return;
    }
    long expanded = 0;
    for (Source source : sources) {
      if (source.column() != null) {
        expanded += open(source.column(), group.getColumns().get(source.column().index()));
      }
    }
    long bytesPerRow = expanded / leftInGroup + 1;
    batchRows = (int) Math.max(1, Math.min(VectorBatch.ROWS, BATCH_BYTES / bytesPerRow));
  }

  private long open(ColumnReader column, ColumnChunk chunk) {
    if (!chunk.isSetMeta_data() || chunk.isSetCrypto_metadata()) {
      throw refused("the column is encrypted; encrypted columns are not read", column);
    }
    if (chunk.isSetFile_path()) {
      throw refused("the column lies in another file; such columns are not read", column);
    }
    long offset = FooterReader.chunkStart(chunk.getMeta_data());
    int length = (int) chunk.getMeta_data().getTotal_compressed_size();
    column.release();
    byte[] bytes = FooterReader.range(footer.file(), in, offset, length);
    column.open(chunk.getMeta_data(), bytes, length, offset);
    return Math.max(0, Math.min(1L << 40, chunk.getMeta_data().getTotal_uncompressed_size()));
  }

  private MalformedFileException refused(String what, ColumnReader column) {
    return new MalformedFileException(
        footer.file(),
        what,
        footer.schema().leaves().get(column.index()).path(),
        MalformedFileException.UNKNOWN,
        MalformedFileException.UNKNOWN,
        null);
  }

  /** Lets go of memory; the file stays open for its {@link ParquetReader}. Idempotent. */
  @Override
  public void close() {
    closed = true;
    decompressor.close();
    for (Source source : sources) {
      if (source.column() != null) {
        source.column().release();
      }
    }
  }
}
