package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.internal.columnar.BatchReader;
import io.meshwork.internal.columnar.ColumnMatch;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.VectorBatch;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;

/**
 * Reads data files to their end: each page has the checksum that it was written with, and each page
 * can be decoded, which is all there is to check where a writer gave pages none. Newest first, so
 * that a part of them is the part that no backup has yet.
 */
final class ChecksumExamination {
  private static final String MEND =
      "Restore it from a backup in which doctorWithChecksums() finds it whole.";

  private final FileIO io;
  private final String place;

  ChecksumExamination(FileIO io, String place) {
    this.io = io;
    this.place = place;
  }

  /**
   * Adds what is found.
   *
   * @param files all that could be read
   * @param atLeast how many bytes to read, of the newest files; the file in which that is reached
   *     is read whole
   * @throws BackendException if the store failed, and may not the next time
   */
  void examine(List<TableFiles.DataEntry> files, long atLeast, List<Finding> findings) {
    List<TableFiles.DataEntry> newestFirst = new ArrayList<>(files);
    newestFirst.sort(
        Comparator.comparingLong(TableFiles.DataEntry::sequence)
            .reversed()
            .thenComparing(TableFiles.DataEntry::location));
    long bytes = 0;
    for (TableFiles.DataEntry file : newestFirst) {
      if (bytes >= atLeast) {
        return;
      }
      bytes += file.bytes();
      examine(file, findings);
    }
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
            damaged(file, "it holds " + rows + " rows and was published with " + file.rows()));
      }
    } catch (NotFoundException e) {
      return; // it is told of as missing
    } catch (MalformedFileException e) {
      findings.add(damaged(file, e.whatAndWhere()));
    } catch (ColumnMismatchException e) {
      findings.add(damaged(file, String.valueOf(e.getMessage())));
    } catch (UncheckedIOException e) {
      throw BackendException.passing(
          ErrorCode.BACKEND_FAILED,
          "Could not look after the mesh: a data file of table "
              + place
              + " could not be read. Nothing was changed. Try again.",
          e);
    }
  }

  private Finding damaged(TableFiles.DataEntry file, String why) {
    return Finding.error(
        "FILE_CHANGED",
        place + " " + file.location(),
        "It is damaged, although it has its length: " + why + ".",
        MEND);
  }
}
