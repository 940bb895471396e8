package io.meshwork.contract;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The columns of a Parquet file as a contract. */
final class ParquetColumns {
  /** One name for all files, so that each month's file gives the same contract. */
  private static final String RECORD_NAME = "row";

  private ParquetColumns() {}

  static Contract contract(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw Contract.unreadable(file, "there is no such readable file");
    }
    try (ParquetReader reader =
        ParquetReader.open(org.apache.iceberg.Files.localInput(file.toFile()))) {
      return Contract.fromIceberg(reader.schema(), RECORD_NAME);
    } catch (MalformedFileException e) {
      throw new ContractViolationException(
          ErrorCode.FILE_MALFORMED,
          "Cannot read columns from the file "
              + file.getFileName()
              + ": "
              + e.whatAndWhere()
              + ". Nothing was changed. Give a Parquet file.");
    } catch (ColumnMismatchException e) {
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot make a contract of the file "
              + file.getFileName()
              + ": "
              + e.getMessage()
              + ". Nothing was changed. Rewrite the column with another type.");
    } catch (UncheckedIOException e) {
      throw Contract.unreadable(file, e.getClass().getSimpleName());
    }
  }
}
