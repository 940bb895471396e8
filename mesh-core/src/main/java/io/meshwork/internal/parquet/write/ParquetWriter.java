package io.meshwork.internal.parquet.write;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;

/**
 * Writes batches as one Parquet file. Pages are compressed and row groups are written as soon as
 * they are full, so that memory is bounded by one encoded row group. Not thread-safe.
 *
 * <p>Format: parquet-format 2.13, V1 data pages with CRC, chunk statistics, page indexes, bloom
 * filters for selected columns, field IDs of the schema, codec zstd or uncompressed per column
 * chunk.
 */
public final class ParquetWriter implements AutoCloseable {
  /** The encodings that a written Parquet file may use. */
  public enum EncodingProfile {
    /**
     * PLAIN and dictionary encoding only, which every engine reads: for tables that others read.
     */
    COMPATIBLE,
    /**
     * Also DELTA_BINARY_PACKED for integers and DELTA_LENGTH_BYTE_ARRAY for strings and binary:
     * smaller and faster, for readers that support them.
     */
    FAST
  }

  static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  /** The target size of a slice of a batch in bytes; a row group may end between slices. */
  private static final long SLICE_BYTES = 8L << 20;

  private Executor executor = Runnable::run;
  private final PositionOutputStream out;
  private final Map<String, String> properties;
  private final ParquetWriterLimits limits;
  private final int width;
  private final List<ColumnChunkEncoder> columns = new ArrayList<>();
  private final List<SchemaElement> elements;
  private final ParquetFooterWriter footer = new ParquetFooterWriter();
  private final Map<Integer, Long> columnSizes = new HashMap<>();
  private final List<Long> splitOffsets = new ArrayList<>();
  private long position;
  private long rows;
  private int groupRows;
  private boolean done;

  /**
   * The metadata of a finished Parquet file for its table.
   *
   * @param rows number of rows
   * @param bytes its length, footer included
   * @param metrics counts, sizes, and bounds by field ID; bounds truncated as Iceberg's {@code
   *     truncate(16)}
   * @param splitOffsets offsets of its row groups, ascending; empty for a file without rows
   */
  public record WrittenFile(long rows, long bytes, Metrics metrics, List<Long> splitOffsets) {
    public WrittenFile {
      splitOffsets = List.copyOf(splitOffsets);
    }
  }

  /** Creates a writer with custom limits. */
  ParquetWriter(
      PositionOutputStream out,
      Schema schema,
      EncodingProfile profile,
      Map<String, String> properties,
      ParquetWriterLimits limits) {
    this.out = out;
    this.properties = new TreeMap<>(properties);
    this.limits = limits;
    this.width = schema.columns().size();
    this.elements = ParquetFileSchema.elements(schema);
    List<ParquetColumn> inFile = ParquetFileSchema.of(elements).leaves();
    for (ParquetLeaf leaf : ParquetLeaves.of(schema, inFile)) {
      columns.add(new ColumnChunkEncoder(leaf, profile, limits));
    }
    try {
      position = out.getPos();
      out.write(MAGIC);
      position += MAGIC.length;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Starts a file in an empty stream, which the writer takes over.
   *
   * @param schema the columns; their field IDs are written
   * @param properties key-value metadata for the footer
   * @throws io.meshwork.error.InvalidRequestException if no vector supports the type of a column,
   *     or if a struct has no field
   * @throws BackendException if the stream fails
   */
  public static ParquetWriter open(
      PositionOutputStream out,
      Schema schema,
      EncodingProfile profile,
      Map<String, String> properties) {
    return new ParquetWriter(out, schema, profile, properties, ParquetWriterLimits.DEFAULT);
  }

  /** Returns how many bytes open row groups may have in memory: an eighth of the heap. */
  public static long memory() {
    return Math.max(4L << 20, Runtime.getRuntime().maxMemory() / 8);
  }

  /** Encodes columns in parallel, on this executor and on the calling thread. */
  public ParquetWriter encodeOn(Executor workers) {
    executor = workers;
    return this;
  }

  /**
   * Writes bloom filters for these leaf columns, none of them a boolean. Call this before the first
   * row.
   *
   * @param fieldIds IDs of the schema's fields; unknown IDs are ignored
   */
  public ParquetWriter filtering(Set<Integer> fieldIds) {
    for (ColumnChunkEncoder column : columns) {
      if (fieldIds.contains(column.leaf().field().fieldId())
          && column.leaf().physical() != Type.BOOLEAN) {
        column.filtering();
      }
    }
    return this;
  }

  /**
   * Adds all rows of a batch, which is not retained and may contain {@link DictionaryVector}s.
   *
   * @throws io.meshwork.error.ContractViolationException if a value does not fit its column; no row
   *     of the batch is added
   * @throws BackendException if the stream fails; the file is then lost
   */
  public void write(VectorBatch batch) {
    refuseIfDone();
    if (batch.vectors().size() != width) {
      throw new IllegalArgumentException(
          "a batch of " + batch.vectors().size() + " columns for a file of " + width);
    }
    for (ColumnChunkEncoder column : columns) {
      ParquetLeafChecks.check(column.leaf(), batch.vector(column.leaf().position()));
    }
    // If a column fails midway, the columns have different numbers of rows, so the file is
    // abandoned.
    done = true;
    writeSlices(batch);
    done = false;
  }

  private void writeSlices(VectorBatch batch) {
    int total = batch.rows();
    int slice = sliceRows(batch);
    int from = 0;
    while (from < total) {
      int to = (int) Math.min(total, (long) from + Math.min(slice, limits.groupRows() - groupRows));
      writeColumns(batch, from, to);
      groupRows += to - from;
      rows += to - from;
      from = to;
      if (groupRows == limits.groupRows() || buffered() >= limits.groupBytes()) {
        endGroup();
      }
    }
  }

  /** Encodes a slice; columns share no state. */
  private void writeColumns(VectorBatch batch, int from, int to) {
    List<Runnable> tasks = new ArrayList<>(columns.size());
    for (ColumnChunkEncoder column : columns) {
      tasks.add(
          () -> {
            try (CompressionContext context = CompressionContext.borrow()) {
              column.write(batch.vector(column.leaf().position()), from, to, context);
            }
          });
    }
    ParallelTasks.run(executor, tasks);
  }

  private int sliceRows(VectorBatch batch) {
    long bytes = 1;
    for (Vector vector : batch.vectors()) {
      bytes += vector.variableByteSize();
    }
    // Slices are smaller if rows are large, so that row groups stay close to their size limit.
    long size = Math.min(SLICE_BYTES, limits.groupBytes());
    long rowsInSize = (long) batch.rows() * size / bytes;
    return (int) Math.max(1, Math.min(VectorBatch.ROWS, rowsInSize));
  }

  /** Writes the buffered rows as a row group, to release their memory; does nothing without. */
  public void flush() {
    refuseIfDone();
    if (groupRows > 0) {
      done = true;
      endGroup();
      done = false;
    }
  }

  /**
   * Returns the bytes of the pages that are not in a finished row group: the compressed pages, and
   * an estimate of open ones. Dictionaries and Bloom filters are not counted.
   */
  private long buffered() {
    long bytes = 0;
    for (ColumnChunkEncoder column : columns) {
      bytes += column.bytes();
    }
    return bytes;
  }

  /** Returns the memory of rows that are not in a finished row group, in bytes. */
  public long heldBytes() {
    long bytes = 0;
    for (ColumnChunkEncoder column : columns) {
      bytes += column.heldBytes();
    }
    return bytes;
  }

  /**
   * Returns the number of bytes written plus an estimate for the buffered rows, to decide when a
   * file is full.
   */
  public long length() {
    return position + (done ? 0 : buffered());
  }

  private void endGroup() {
    try (CompressionContext context = CompressionContext.borrow()) {
      endGroup(context);
    }
  }

  private void endGroup(CompressionContext context) {
    long start = position;
    List<ParquetChunkEncoding.Written> written = new ArrayList<>(columns.size());
    try {
      for (ColumnChunkEncoder column : columns) {
        ParquetChunkEncoding.Written chunk = column.finish(context).writeTo(out, position);
        columnSizes.merge(column.leaf().field().fieldId(), chunk.end() - position, Long::sum);
        position = chunk.end();
        written.add(chunk);
      }
      position = ParquetFooterWriter.writeFilters(out, position, written);
    } catch (IOException e) {
      throw failed(e);
    }
    footer.add(written, start, groupRows);
    splitOffsets.add(start);
    groupRows = 0;
  }

  /**
   * Writes the buffered rows and the footer, and closes the stream. Only {@link #close()} may
   * follow.
   *
   * @throws BackendException if the stream fails; the file is then lost
   */
  public WrittenFile finish() {
    refuseIfDone();
    if (groupRows > 0) {
      endGroup();
    }
    try {
      position = footer.writeTo(out, position, elements, properties);
      done = true;
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
    return new WrittenFile(
        rows,
        position,
        ParquetMetricsEncoding.encode(rows, statistics(), columnSizes),
        splitOffsets);
  }

  private List<ParquetMetricsEncoding.LeafStatistics> statistics() {
    return columns.stream()
        .map(
            column ->
                new ParquetMetricsEncoding.LeafStatistics(column.leaf(), column.fileStatistics()))
        .toList();
  }

  /**
   * Ends writing. Before {@link #finish()}, this abandons the file: no footer is written, and the
   * stream remains open for its owner, so that closing it cannot publish an incomplete file. The
   * writer itself holds no resources.
   */
  @Override
  public void close() {
    done = true;
  }

  private void refuseIfDone() {
    if (done) {
      throw new IllegalStateException("the Parquet file is finished or closed, or a write failed");
    }
  }

  private BackendException failed(IOException cause) {
    close();
    return failure(width, rows, position, cause);
  }

  /** Returns the exception for a file that the store rejects. */
  static BackendException failure(int width, long rows, long position, IOException cause) {
    return Failure.of(MeshAction.of(Verb.WRITE, "a Parquet file of " + width + " columns"))
        .because(
            "the store rejected a write after "
                + rows
                + " rows and "
                + position
                + " bytes ("
                + cause.getMessage()
                + ")")
        .state("The file has no footer.")
        .fix("Delete the file, check the store's free space and permissions, and write again.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
