package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates a contract with the columns of a Parquet file. */
final class ParquetColumns {
  /** The same for all files, so that files with the same columns give the same contract. */
  private static final String RECORD_NAME = "row";

  private ParquetColumns() {}

  static Contract contract(Path file) {
    SourceFile.fault(file)
        .ifPresent(
            fault -> {
              throw Contract.unreadable(file, fault.reason());
            });
    if (!Files.isReadable(file)) {
      throw Contract.unreadable(file, SourceFile.unreadable(file));
    }
    try (ParquetReader reader =
        ParquetReader.open(org.apache.iceberg.Files.localInput(file.toFile()))) {
      return Contract.fromFile(reader.schema(), RECORD_NAME, creation(file));
    } catch (UnreadableFileException e) {
      throw Failure.of(MeshAction.of(Verb.READ, "the columns of file " + file.getFileName()))
          .because(e.whatAndWhere())
          .fix(e.remedy() == null ? "Use a Parquet file." : e.remedy())
          .contractViolation(ErrorCode.FILE_MALFORMED);
    } catch (ColumnMismatchException e) {
      throw Failure.of(creation(file))
          .because(String.valueOf(e.getMessage()))
          .fix("Write the column with another type.")
          .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
    } catch (UncheckedIOException e) {
      throw Contract.unreadable(file, e.getClass().getSimpleName());
    }
  }

  private static MeshAction creation(Path file) {
    return MeshAction.of(Verb.CREATE, "a contract for the columns of " + file.getFileName());
  }
}
