package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.schema.ParquetColumn;
import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.iceberg.Schema;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/**
 * Measures the rows of a row group of another file, whose pages {@link ParquetCopyWriter} writes
 * unchanged. Not thread-safe.
 */
public final class RowGroupMeasure {
  private final List<ColumnMeasure> columns = new ArrayList<>();
  private long rows;

  /**
   * Starts a row group.
   *
   * @param schema the columns, optional or required as their pages have them
   * @param filtered field IDs of the columns that get a bloom filter; unknown IDs are ignored
   */
  public RowGroupMeasure(Schema schema, Set<Integer> filtered) {
    List<ParquetColumn> inFile = ParquetFileSchema.of(ParquetFileSchema.elements(schema)).leaves();
    for (ParquetLeaf leaf : ParquetLeaves.of(schema, inFile)) {
      boolean filter = filtered.contains(leaf.field().fieldId()) && leaf.physical() != Type.BOOLEAN;
      columns.add(new ColumnMeasure(leaf, filter));
    }
  }

  /**
   * Adds the next rows.
   *
   * @param chunks the pages that were read so far, in the order of the schema's leaves
   * @param executor measures columns in parallel
   */
  public void add(VectorBatch batch, List<CopiedChunk> chunks, Executor executor) {
    List<Runnable> tasks = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      ColumnMeasure column = columns.get(i);
      CopiedChunk chunk = chunks.get(i);
      tasks.add(
          () -> column.add(batch.vector(column.leaf().position()), batch.rows(), chunk.headers()));
    }
    ParallelTasks.run(executor, tasks);
    rows += batch.rows();
  }

  /**
   * Returns why pages have to be encoded again, with the name of the column; null if all can be
   * copied for the readers of a profile.
   *
   * @param chunks in the order of the schema's leaves
   */
  public @Nullable String refusal(List<CopiedChunk> chunks, EncodingProfile profile) {
    for (int i = 0; i < columns.size(); i++) {
      ParquetLeaf leaf = columns.get(i).leaf();
      String refusal = chunks.get(i).refusal(leaf, profile);
      if (refusal != null) {
        return "column " + leaf.name() + ": " + refusal;
      }
    }
    return null;
  }

  List<ColumnMeasure> columns() {
    return columns;
  }

  /** Returns the number of rows that were added. */
  public long rows() {
    return rows;
  }
}
