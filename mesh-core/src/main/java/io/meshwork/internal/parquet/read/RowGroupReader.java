package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.page.AdjacentChunks;
import io.meshwork.internal.parquet.page.ChunkBytes;
import io.meshwork.internal.parquet.page.ColumnTasks;
import io.meshwork.internal.parquet.read.ParquetReader.ReadFilter;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.jspecify.annotations.Nullable;

/**
 * Reads a row group in parts with some of the columns each, so that several threads read it. A part
 * is used by one thread at a time. Each flat column with enough rows is a part; nested columns,
 * which share a limit of memory, are one; and all columns are one if a filter selects rows. One
 * reader reads several row groups of a file, one after the other.
 */
public final class RowGroupReader {
  /** A part has at least so many values in a batch, which take longer than to pass them on. */
  private static final int LEAST_VALUES = 8 << 10;

  /** The most parts of flat columns. */
  private static final int MOST_PARTS = 64;

  /** The most that a page of a column chunk is expected to take. */
  private static final long PAGE_BYTES = 8 << 20;

  private final FileRead shared;
  private final Schema projection;
  private final ColumnTasks tasks;
  private final boolean filtered;
  private final List<BatchReader> parts = new ArrayList<>();

  /** The columns of each part, by their positions in the projection. */
  private final List<int[]> columns = new ArrayList<>();

  private final List<ChunkReader> leaves = new ArrayList<>();
  private long rows;
  private long bytes;

  /**
   * Creates a reader of the row groups of a file.
   *
   * @param filter selects rows; null for all
   */
  RowGroupReader(
      FileRead shared,
      FileProjection finder,
      Schema projection,
      @Nullable ReadFilter filter,
      ColumnTasks tasks,
      RowGroup largest) {
    this.shared = shared;
    this.projection = projection;
    this.tasks = tasks;
    this.filtered = filter != null;
    BatchLimit limit = new BatchLimit();
    List<ColumnSource> sources = BatchReader.sources(shared, finder, projection, limit);
    sources.forEach(source -> leaves.addAll(source.leaves()));
    int[] all = IntStream.range(0, sources.size()).toArray();
    if (filter != null || all.length == 0) {
      add(all, sources, filter, limit);
      return;
    }
    int[] flat = Arrays.stream(all).filter(i -> sources.get(i).column() != null).toArray();
    int[] others = Arrays.stream(all).filter(i -> sources.get(i).column() == null).toArray();
    int width =
        Math.max(
            LEAST_VALUES / batchRows(largest) + 1, (flat.length + MOST_PARTS - 1) / MOST_PARTS);
    for (int from = 0; from < flat.length; from += width) {
      int[] some = Arrays.copyOfRange(flat, from, Math.min(flat.length, from + width));
      add(some, sources, null, new BatchLimit());
    }
    if (others.length > 0) {
      add(others, sources, null, limit);
    }
  }

  private int batchRows(RowGroup group) {
    return (int) Math.min(BatchReader.batchRows(leaves, group), Math.max(1, group.getNum_rows()));
  }

  private void add(
      int[] some, List<ColumnSource> sources, @Nullable ReadFilter filter, BatchLimit limit) {
    List<NestedField> fields =
        Arrays.stream(some).mapToObj(i -> projection.columns().get(i)).toList();
    List<ColumnSource> those = Arrays.stream(some).mapToObj(sources::get).toList();
    Schema schema = some.length == sources.size() ? projection : new Schema(fields);
    parts.add(new BatchReader(shared, schema, those, null, filter, limit, tasks));
    columns.add(some);
  }

  /**
   * Starts a row group, which {@link #end} ends.
   *
   * @param ahead true to read the first bytes of all chunks, because the row group is not needed
   *     yet; false to read the bytes that are read together
   */
  void begin(int number, boolean ahead) {
    RowGroup group = shared.footer().groups().get(number);
    rows = group.getNum_rows();
    int window = shared.windowSize(leaves.size());
    if (filtered) {
      parts.get(0).begin(number);
    } else {
      List<ChunkBytes> chunks = new ArrayList<>();
      parts.forEach(part -> chunks.addAll(part.begin(number, window)));
      int batch = BatchReader.batchRows(leaves, group);
      parts.forEach(part -> part.startBatches(batch));
      if (shared.in() instanceof RangeReadable readable) {
        String file = shared.footer().file();
        if (ahead) {
          AdjacentChunks.readAhead(file, readable, chunks, tasks);
        } else {
          AdjacentChunks.read(file, readable, chunks, tasks);
        }
      }
    }
    bytes = 0;
    for (ChunkReader leaf : leaves) {
      ColumnMetaData meta = group.getColumns().get(leaf.index()).getMeta_data();
      if (meta != null) {
        bytes += Math.min(window, Math.max(0, meta.getTotal_compressed_size()));
        bytes += Math.min(PAGE_BYTES, Math.max(0, meta.getTotal_uncompressed_size()));
      }
    }
  }

  /** Returns the parts, each with all rows; their batches may have different numbers of rows. */
  public List<BatchReader> parts() {
    return parts;
  }

  /** Returns the rows of the row group; a filter may select some. */
  public long rows() {
    return rows;
  }

  /** Returns about how many bytes the chunks and pages of the row group take in memory. */
  public long bytes() {
    return bytes;
  }

  /** Returns the columns of all parts as one batch, in the order of the projection. */
  public VectorBatch join(List<VectorBatch> batches) {
    if (batches.size() == 1) {
      return batches.get(0);
    }
    Vector[] vectors = new Vector[projection.columns().size()];
    for (int part = 0; part < batches.size(); part++) {
      int[] positions = columns.get(part);
      for (int i = 0; i < positions.length; i++) {
        vectors[positions[i]] = batches.get(part).vector(i);
      }
    }
    return new VectorBatch(projection, List.of(vectors));
  }

  /** Ends the row group, and releases its memory. */
  void end() {
    leaves.forEach(leaf -> leaf.release(shared.memory()));
  }

  /** Ends reads soon. Called by any thread. */
  void stop() {
    parts.forEach(BatchReader::stop);
  }

  /** Releases the memory; no part is used any longer. */
  void release() {
    parts.forEach(BatchReader::release);
  }
}
