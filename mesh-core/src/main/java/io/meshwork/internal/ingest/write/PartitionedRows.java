package io.meshwork.internal.ingest.write;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Schema;

/**
 * Rows of more partitions than files may be open, in temporary files: each has the rows of so many
 * partitions that their data files can be open at once. Rows keep their order within a partition.
 * Not thread-safe.
 */
final class PartitionedRows implements AutoCloseable {
  private final Schema schema;
  private final IntSupplier most;
  private int partitionsOfFile;
  private final MeshAction action;
  private final Map<PartitionKey, Integer> numbers = new HashMap<>();
  private final List<TemporaryRows> files = new ArrayList<>();

  /**
   * Creates the rows.
   *
   * @param most the most partitions of a file, as of when the first rows are added
   */
  PartitionedRows(Schema schema, IntSupplier most, MeshAction action) {
    this.schema = schema;
    this.most = most;
    this.action = action;
  }

  /** Writes rows to the files, so that none is in memory. */
  void add(List<VectorBatch> batches, PartitionRouter router) {
    if (partitionsOfFile == 0) {
      partitionsOfFile = most.getAsInt();
    }
    for (VectorBatch batch : batches) {
      Map<Integer, List<int[]>> rowsOfFiles = new TreeMap<>();
      for (PartitionRouter.PartitionRows part : router.route(batch)) {
        int number = numbers.computeIfAbsent(part.partition(), key -> numbers.size());
        int[] rows = part.rows();
        rowsOfFiles
            .computeIfAbsent(number / partitionsOfFile, file -> new ArrayList<>())
            .add(rows == null ? all(batch) : rows);
      }
      rowsOfFiles.forEach(
          (file, rows) ->
              file(file).add(batch.gather(rows.stream().flatMapToInt(Arrays::stream).toArray())));
    }
    files.forEach(TemporaryRows::flush);
  }

  private TemporaryRows file(int number) {
    while (files.size() <= number) {
      files.add(new TemporaryRows(schema, "rows of many partitions", action));
    }
    return files.get(number);
  }

  private static int[] all(VectorBatch batch) {
    int[] rows = new int[batch.rows()];
    Arrays.setAll(rows, row -> row);
    return rows;
  }

  /** The most partitions of a file; 0 if there is none. */
  int partitionsOfFile() {
    return partitionsOfFile;
  }

  /** The files, each with rows of other partitions. No rows may be added afterwards. */
  List<TemporaryRows> files() {
    return List.copyOf(files);
  }

  @Override
  public void close() {
    files.forEach(TemporaryRows::close);
    files.clear();
  }
}
