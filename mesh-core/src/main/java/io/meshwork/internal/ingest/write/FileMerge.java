package io.meshwork.internal.ingest.write;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.vector.VectorBatch;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Rewrites the rows of several data files, in their order, into fewer files. Rows are neither
 * checked nor changed. Stateless.
 */
public final class FileMerge {
  private FileMerge() {}

  /**
   * The result of a merge.
   *
   * @param count the number of merged files: the first ones of the list
   * @param written the new files; empty if the merged files have no rows
   */
  public record MergeResult(int count, List<DataFileEntry> written) {}

  /**
   * Rewrites data files. If it fails, it deletes all new files.
   *
   * @param table the table with the columns, the partition spec, and the location
   * @param files at least one data file of the table, in the order of the rows to write
   * @param name the prefix of the new files' names, which contains an ID
   * @param enough called with the number of merged files after each file except the last; returns
   *     true to stop
   * @throws BackendException DATA_DAMAGED if a file is missing or damaged; BACKEND_FAILED if one
   *     could not be read; STORAGE_UNWRITABLE
   */
  public static MergeResult of(
      Table table,
      FileIO io,
      List<DataFile> files,
      String name,
      IntPredicate enough,
      Deadline deadline,
      MeshAction action) {
    DataFileWriter writer = new DataFileWriter(table, io, name, action);
    boolean finished = false;
    try {
      int count = 0;
      do {
        copy(table, io, files.get(count), writer, deadline, action);
        count++;
      } while (count < files.size() && !enough.test(count));
      MergeResult merged = new MergeResult(count, writer.finish());
      finished = true;
      return merged;
    } finally {
      if (!finished) {
        writer.abandon();
      }
    }
  }

  private static void copy(
      Table table,
      FileIO io,
      DataFile file,
      DataFileWriter writer,
      Deadline deadline,
      MeshAction action) {
    try (ParquetReader reader = PublishedFile.open(io, ColumnNames.of(table), file);
        BatchReader batches = reader.read(table.schema(), ColumnMatch.BY_FIELD_ID)) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        writer.write(rows);
      }
    } catch (UnreadableFileException
        | ColumnMismatchException
        | NotFoundException
        | UncheckedIOException e) {
      throw PublishedFile.unreadable(table, file, action, e);
    }
  }
}
