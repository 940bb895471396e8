package io.meshwork.local;

import io.meshwork.internal.parquet.write.ParquetOracle;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** The encodings in the files of a table. */
final class FileEncodings {
  private FileEncodings() {}

  /** Returns those of each column of a table in a mesh's folder, by its path in the files. */
  static Map<String, Set<Encoding>> of(Table table, Path folder) throws IOException {
    Map<String, Set<Encoding>> encodings = new TreeMap<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        String file = task.file().location();
        Path path = folder.resolve(URI.create(file).getPath().substring(1));
        for (BlockMetaData group : ParquetOracle.footer(path).getBlocks()) {
          for (ColumnChunkMetaData chunk : group.getColumns()) {
            encodings
                .computeIfAbsent(chunk.getPath().toDotString(), column -> new TreeSet<>())
                .addAll(chunk.getEncodings());
          }
        }
      }
    }
    return encodings;
  }
}
