package io.meshwork.internal.diagnosis;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.table.TableFiles;
import io.meshwork.internal.vector.VectorBatch;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Reads data files completely, newest first, some at the same time: checks that each page has its
 * checksum, if it was written with one, and can be decoded. No backup has the newest files yet.
 */
final class ChecksumExamination {
  private static final String RESTORE =
      "Restore it from a backup in which doctorWithChecksums() finds no damage.";

  /** How many files are read at the same time, if the executor has as many threads. */
  private static final int MOST_AT_ONCE = 8;

  private final FileIO io;
  private final String place;
  private final Executor executor;

  ChecksumExamination(FileIO io, String place, Executor executor) {
    this.io = io;
    this.place = place;
    this.executor = executor;
  }

  /**
   * Adds findings.
   *
   * @param minBytes how many bytes to read at least; every file is read completely
   * @throws BackendException if the store failed and a retry may succeed
   */
  void examine(List<TableFiles.DataEntry> files, long minBytes, List<Finding> findings) {
    List<TableFiles.DataEntry> newestFirst = new ArrayList<>(files);
    newestFirst.sort(
        Comparator.comparingLong(TableFiles.DataEntry::sequence)
            .reversed()
            .thenComparing(TableFiles.DataEntry::location));
    int count = 0;
    for (long bytes = 0; count < newestFirst.size() && bytes < minBytes; count++) {
      bytes += newestFirst.get(count).bytes();
    }
    for (int first = 0; first < count; first += MOST_AT_ONCE) {
      examine(newestFirst.subList(first, Math.min(first + MOST_AT_ONCE, count)), findings);
    }
  }

  private void examine(List<TableFiles.DataEntry> files, List<Finding> findings) {
    List<List<Finding>> findingsOfTasks = new ArrayList<>();
    List<Runnable> tasks = new ArrayList<>();
    for (TableFiles.DataEntry file : files) {
      List<Finding> ofFile = new ArrayList<>();
      findingsOfTasks.add(ofFile);
      tasks.add(() -> examine(file, ofFile));
    }
    ParallelTasks.run(executor, tasks);
    findingsOfTasks.forEach(findings::addAll);
  }

  private void examine(TableFiles.DataEntry file, List<Finding> findings) {
    try (ParquetReader reader =
            ParquetReader.open(io.newInputFile(file.location()), file.bytes(), file.rows());
        BatchReader batches =
            reader.read(
                reader.schema(),
                reader.hasFieldIds() ? ColumnMatch.BY_FIELD_ID : ColumnMatch.BY_NAME)) {
      long rows = 0;
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        rows += batch.rows();
      }
      if (rows != file.rows()) {
        findings.add(
            damaged(file, "it has " + rows + " rows and was published with " + file.rows()));
      }
    } catch (NotFoundException e) {
      return; // reported as missing
    } catch (UnreadableFileException e) {
      findings.add(damaged(file, e.whatAndWhere()));
    } catch (ColumnMismatchException e) {
      findings.add(damaged(file, String.valueOf(e.getMessage())));
    } catch (UncheckedIOException e) {
      throw Failure.of(MeshAction.of(Verb.READ, "the data files of table " + place))
          .because("a file could not be read")
          .fix("Run it again.")
          .cause(e)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private Finding damaged(TableFiles.DataEntry file, String why) {
    return Finding.error(
        FindingCode.FILE_CHANGED,
        place + " " + file.location(),
        "It is damaged, although its length is correct: " + why + ".",
        RESTORE);
  }
}
