package io.meshwork.internal.publish.run;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.uniqueness.UniqueKeyCheck.TableDataFiles;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;

/** The data files of a product's table, whose keys are checked. */
record LiveDataFiles(FileIO io, Table table, ColumnNames names) implements TableDataFiles {
  LiveDataFiles(FileIO io, Table table) {
    this(io, table, ColumnNames.of(table));
  }

  @Override
  public List<DataFile> of(Table table, Snapshot snapshot) {
    return SnapshotFiles.inAnyOrder(table, snapshot);
  }

  @Override
  public List<DataFile> since(Table table, Snapshot snapshot, Snapshot earlier) {
    return SnapshotFiles.since(table, snapshot, earlier);
  }

  @Override
  public ParquetReader open(DataFile file) {
    return PublishedFile.open(io, names, file);
  }

  @Override
  public MeshException unreadable(DataFile file, MeshAction action, RuntimeException failure) {
    return PublishedFile.unreadable(table, file, action, failure);
  }
}
