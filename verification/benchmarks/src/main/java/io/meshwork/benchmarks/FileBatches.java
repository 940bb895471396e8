package io.meshwork.benchmarks;

import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.FileRowGroups;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.RowGroupReader;
import io.meshwork.internal.scan.ReadAheadBatches;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The batches of a file, of columns that are found by their names. */
final class FileBatches {
  private FileBatches() {}

  /** Returns copies of all batches. */
  static List<VectorBatch> inMemory(Path path, Schema columns) {
    List<VectorBatch> batches = new ArrayList<>();
    forEach(
        path,
        columns,
        null,
        batch -> batches.add(batch.gather(IntStream.range(0, batch.rows()).toArray())));
    return batches;
  }

  /**
   * Passes each batch on.
   *
   * @param workers read the next batches ahead, as a read through a mesh does; null for one thread
   */
  static void forEach(
      Path path, Schema columns, @Nullable Executor workers, Consumer<VectorBatch> each) {
    if (workers == null) {
      try (ParquetReader file = ParquetReader.open(Files.localInput(path.toFile()));
          BatchReader batches = file.read(columns, ColumnMatch.BY_NAME)) {
        for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
          each.accept(batch);
        }
      }
      return;
    }
    try (ParquetReader file = ParquetReader.open(Files.localInput(path.toFile()));
        ReadAheadBatches batches =
            new ReadAheadBatches(
                workers,
                new FileGroups(file.readRowGroups(columns, ColumnMatch.BY_NAME, null, workers)))) {
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        each.accept(batch);
      }
    }
  }

  /** The row groups of one file. */
  private record FileGroups(FileRowGroups groups) implements ReadAheadBatches.Groups {
    @Override
    public ReadAheadBatches.@Nullable Group next(boolean ahead) {
      RowGroupReader next = groups.next(ahead);
      return next == null ? null : new FileGroup(groups, next);
    }

    @Override
    public void stop() {
      groups.stop();
    }

    @Override
    public void close() {
      groups.close();
    }
  }

  private record FileGroup(FileRowGroups groups, RowGroupReader reader)
      implements ReadAheadBatches.Group {
    @Override
    public List<ColumnPart> parts() {
      return reader.parts().stream().map(ColumnPart::new).toList();
    }

    @Override
    public long wantedRows() {
      return reader.rows();
    }

    @Override
    public long bytes() {
      return reader.bytes();
    }

    @Override
    public VectorBatch join(List<VectorBatch> parts) {
      return reader.join(parts);
    }

    @Override
    public void end() {
      groups.giveBack(reader);
    }
  }

  private record ColumnPart(BatchReader reader) implements ReadAheadBatches.RowGroupPart {
    @Override
    public @Nullable VectorBatch next(int valid) {
      return reader.next(valid);
    }

    @Override
    public boolean isAtEnd() {
      return reader.endsGroup();
    }
  }
}
