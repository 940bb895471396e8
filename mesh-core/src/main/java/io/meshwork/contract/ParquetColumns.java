package io.meshwork.contract;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;

/** The columns of a Parquet file, from its footer. */
final class ParquetColumns {
  private ParquetColumns() {}

  static Schema of(Path file) {
    try (ParquetReader reader = ParquetReader.open(Files.localInput(file.toFile()))) {
      return reader.schema();
    } catch (MalformedFileException e) {
      throw new ContractViolationException(
          ErrorCode.FILE_MALFORMED,
          "Cannot take a contract from file "
              + file.getFileName()
              + ": "
              + e.getMessage()
              + ". Write the file anew, and check how it was copied.");
    } catch (ColumnMismatchException e) {
      throw new InvalidRequestException(
          ErrorCode.SCHEMA_UNSUPPORTED,
          "Cannot take a contract from file "
              + file.getFileName()
              + ": "
              + e.getMessage()
              + ". Leave the column out of the file, or convert it.");
    } catch (NotFoundException | UncheckedIOException e) {
      throw new InvalidRequestException(
          ErrorCode.SOURCE_UNREADABLE,
          "Cannot take a contract from file "
              + file.getFileName()
              + ": it does not exist or cannot be read. Check the path and its rights.");
    }
  }
}
