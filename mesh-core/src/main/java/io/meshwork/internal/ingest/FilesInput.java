package io.meshwork.internal.ingest;

import io.meshwork.contract.Contract;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.BatchReader;
import io.meshwork.internal.columnar.ColumnMismatchException;
import io.meshwork.internal.columnar.MalformedFileException;
import io.meshwork.internal.columnar.ParquetReader;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.rows.VectorChecks;
import io.meshwork.internal.runtime.ThreadInterruption;
import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Rows from Parquet files, whose columns are matched by name. Every footer is read first, so that a
 * file that does not fit is refused before a row is read.
 */
public final class FilesInput implements RowInput {
  private static final Pattern OTHER_FORMAT =
      Pattern.compile("(?i).*\\.(csv|tsv|txt|json|jsonl|ndjson|avro|orc|xlsx?)(\\.\\w+)?");

  private final Contract contract;
  private final Schema schema;
  private final MeshAction action;
  private final List<Path> all;
  private final Iterator<Path> files;
  private final long total;
  private @Nullable Path path;
  private @Nullable ParquetReader file;
  private @Nullable BatchReader batches;
  private @Nullable FileColumns columns;
  private final VectorChecks checks;
  private final TypeViolations violations = new TypeViolations();
  private final FailureTally tally = new FailureTally();
  private @Nullable VectorBatch last;
  private long rowsRead;

  /**
   * Opens and checks all footers.
   *
   * @param ignoringUnknownColumns whether a file may have columns that the contract lacks
   * @param action what is being done, for messages
   * @throws ContractViolationException if a file is malformed or its columns do not fit
   * @throws InvalidRequestException if a file cannot be read
   */
  public FilesInput(
      List<Path> files,
      Contract contract,
      Schema schema,
      boolean ignoringUnknownColumns,
      MeshAction action) {
    this.contract = contract;
    this.schema = schema;
    this.action = action;
    this.checks = VectorChecks.of(contract.schema(), schema);
    this.all = List.copyOf(files);
    this.files = files.iterator();
    long rows = 0;
    for (Path each : files) {
      path = each;
      rows += reading(() -> checkFooter(each, ignoringUnknownColumns));
    }
    this.total = rows;
  }

  @Override
  public @Nullable VectorBatch next() {
    violations.clear();
    last = reading(this::nextBatch);
    if (last != null) {
      checks.find(last, violations);
      RowMask unfit = violations.rows();
      for (int row = unfit.next(0); row >= 0; row = unfit.next(row + 1)) {
        tally.add(rowsRead + row, violations.at(row));
      }
      rowsRead += last.rows();
    }
    return last;
  }

  @Override
  public RowMask failures() {
    return violations.rows();
  }

  @Override
  public List<Violation> failuresOf(int row) {
    return violations.at(row);
  }

  @Override
  public List<Finding> failureFindings() {
    return tally.findings();
  }

  @Override
  public String json(int row) {
    if (last == null) {
      throw new IllegalStateException("no batch was read");
    }
    return JsonRow.of(last, row, Set.of());
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(total);
  }

  @Override
  public long rowsRead() {
    return rowsRead;
  }

  @Override
  public void close() {
    if (batches != null) {
      batches.close();
      batches = null;
    }
    if (file != null) {
      file.close();
      file = null;
    }
  }

  private @Nullable VectorBatch nextBatch() {
    while (true) {
      if (batches != null && columns != null) {
        VectorBatch batch = batches.next();
        if (batch != null) {
          return columns.complete(batch);
        }
        close();
      }
      if (!files.hasNext()) {
        return null;
      }
      path = files.next();
      file = ParquetReader.open(Files.localInput(local(path)));
      columns = new FileColumns(file.schema(), schema, contract.schema());
      batches = file.readOffered(columns.projection());
    }
  }

  /** A path may be one of a file system of somebody else's, such as in a zip. */
  private File local(Path each) {
    try {
      return each.toFile();
    } catch (UnsupportedOperationException e) {
      throw new InvalidRequestException(
          ErrorCode.SOURCE_UNREADABLE,
          "Cannot "
              + action
              + " from "
              + name()
              + ": it lies in a file system of its own, such as a zip file. Nothing was published."
              + " Copy it into a folder, and name it there.");
    }
  }

  private long checkFooter(Path each, boolean ignoringUnknownColumns) {
    try (ParquetReader reader = ParquetReader.open(Files.localInput(local(each)))) {
      FileColumns found = new FileColumns(reader.schema(), schema, contract.schema());
      if (!found.missing().isEmpty()) {
        throw mismatch(
            "it has no column '"
                + found.missing().get(0)
                + "', which the contract requires without a default",
            "Add the column to the file.");
      }
      if (!ignoringUnknownColumns && !found.unknown().isEmpty()) {
        throw mismatch(
            "its columns " + found.unknown() + " are not in the contract",
            "Leave them out of the file, or say ignoringUnknownColumns().");
      }
      if (found.shareNothing(reader.schema())) {
        throw mismatch(
            "it has none of the contract's columns", "Choose another file, or fix its names.");
      }
      try (BatchReader fits = reader.readOffered(found.projection())) {
        return fits == null ? 0 : reader.rows();
      }
    }
  }

  private ContractViolationException mismatch(String why, String fix) {
    return new ContractViolationException(
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot " + action + " from " + name() + ": " + why + ". Nothing was published. " + fix);
  }

  private String name() {
    return path == null || path.getFileName() == null
        ? "a file"
        : "file " + FileNames.of(path, all);
  }

  /** By the end of its name, once its bytes have said that it is no Parquet. */
  private boolean isOfOtherFormat() {
    return path != null && OTHER_FORMAT.matcher(path.toString()).matches();
  }

  private <T extends @Nullable Object> T reading(java.util.function.Supplier<T> step) {
    try {
      return step.get();
    } catch (MalformedFileException e) {
      throw new ContractViolationException(
          ErrorCode.FILE_MALFORMED,
          "Cannot "
              + action
              + " from "
              + name()
              + ": "
              + e.whatAndWhere()
              + ". Nothing was published. "
              + (isOfOtherFormat()
                  ? "files(..) takes Parquet; read this file yourself and give records(..)."
                  : "Write the file anew, with a codec that is read (none, Snappy, gzip, zstd, LZ4"
                      + " raw), and check how it was copied."));
    } catch (ColumnMismatchException e) {
      throw mismatch(
          String.valueOf(e.getMessage()), "Convert the column in the file to the contract's type.");
    } catch (NotFoundException | UncheckedIOException e) {
      if (ThreadInterruption.isCauseOf(e)) {
        throw ThreadInterruption.ofChange(action, e);
      }
      throw new InvalidRequestException(
          ErrorCode.SOURCE_UNREADABLE,
          "Cannot "
              + action
              + " from "
              + name()
              + ": it does not exist or cannot be read. Nothing was published. Check the path and"
              + " its rights.");
    }
  }
}
