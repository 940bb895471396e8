package io.meshwork.internal.ingest;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.BatchReader;
import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.PublishedFile;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Writes the rows of several data files anew, in their order, into fewer. Rows are neither checked
 * nor changed. Stateless.
 */
public final class FileMerge {
  private FileMerge() {}

  /**
   * What was merged.
   *
   * @param taken so many of the files, the first ones
   * @param written at least one file that holds their rows, if there is a row
   */
  public record Merged(int taken, List<DataFileEntry> written) {}

  /**
   * Writes files that hold the rows of others; either all of them or, if it fails, none.
   *
   * @param table for columns, partitioning and folder
   * @param files at least one data file of the table, in the order in which their rows are to lie
   * @param name what the names of the new files begin with; it carries an id
   * @param enough asked after each file but the last with how many were taken: true ends it there
   * @throws BackendException DATA_DAMAGED if a file is missing or damaged; BACKEND_FAILED if one
   *     could not be read; STORAGE_UNWRITABLE
   */
  public static Merged of(
      Table table,
      FileIO io,
      List<DataFile> files,
      String name,
      IntPredicate enough,
      Deadline deadline,
      MeshAction action) {
    DataFileWriter writer = new DataFileWriter(table, io, name, action);
    boolean kept = false;
    try {
      int taken = 0;
      do {
        copy(table, io, files.get(taken), writer, deadline, action);
        taken++;
      } while (taken < files.size() && !enough.test(taken));
      Merged written = new Merged(taken, writer.finish());
      kept = true;
      return written;
    } finally {
      if (!kept) {
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
    try (ParquetReader reader = PublishedFile.open(io, file);
        BatchReader batches = reader.read(table.schema(), ColumnMatch.BY_FIELD_ID)) {
      for (VectorBatch rows = batches.next(); rows != null; rows = batches.next()) {
        deadline.check(action);
        writer.write(rows);
      }
    } catch (MalformedFileException
        | ColumnMismatchException
        | NotFoundException
        | UncheckedIOException e) {
      throw PublishedFile.unreadable(file, action, e);
    }
  }
}
