package io.meshwork.internal.ingest;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.ingest.file.FileNames;
import io.meshwork.internal.ingest.write.RowGroupSource;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.publish.Publish.FileFormat;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** The rows of a source, as batches with the table's columns. Not thread-safe. */
public interface RowInput extends AutoCloseable {
  /**
   * The next rows; null at the end. A batch is valid until the next call, unless {@link
   * #retainBatch} was called.
   */
  @Nullable VectorBatch next();

  /**
   * Reads the rows that the source has now into the batch that the next call of {@link #next}
   * returns. For a source that gets its rows one by one and says in between that it has no more.
   *
   * @return true if the batch is full, so that {@link #next} has to be called
   */
  default boolean fill() {
    return true;
  }

  /**
   * Retains the rows of the last batch during the next call of {@link #next}, so that another
   * thread can read them. Returns false if the input cannot do that.
   */
  default boolean retainBatch() {
    return false;
  }

  /** The last batch; empty before the first call of {@link #next} and after the end. */
  VectorBatch batch();

  /** Retains the records of each batch until the next one, so that they can be mapped. */
  default void retainRecords() {}

  /**
   * The record of a row of the last batch, in the form in which the caller offered it; a row of a
   * file, a batch, or a result set is a {@code GenericRecord}. The row has no type violation.
   */
  default Object record(int row) {
    throw new IllegalStateException("the records of this input are not retained");
  }

  /** The rows of the last batch with type violations. */
  RowMask failures();

  /** The type violations of a row of the last batch. */
  List<Violation> failuresOf(int row);

  /**
   * False if the batch lacks the values that a row with type violations has in its other columns.
   */
  default boolean hasOtherValues(int row) {
    return true;
  }

  /**
   * The row group of a file that has the rows of the last batch, in order, and no others between
   * them; null if its pages cannot be copied.
   */
  default @Nullable RowGroupSource rowGroup() {
    return null;
  }

  /** The rows of the last batch that this major version does not have; normally none. */
  default RowMask excluded() {
    return new RowMask(0);
  }

  /** The type violations of all rows so far, one finding per column and code. */
  List<Finding> failureFindings();

  /**
   * The same in a form that another process adds.
   *
   * @throws IllegalStateException for an input that is not divided among processes
   */
  default List<ViolationCount> violationCounts() {
    throw new IllegalStateException("this input is not divided among processes");
  }

  /** A row of the last batch as JSON, including values of other types. */
  String json(int row);

  /** Where a row of the last batch is in its file; empty if it is not of a file with lines. */
  default String place(int row) {
    return "";
  }

  /**
   * How the files of text are read, where that is not the plain form, by the file; without files
   * that are read in the plain form.
   */
  default Map<String, String> readAs() {
    return Map.of();
  }

  /** The total number of rows; empty if it is unknown before they are read. */
  OptionalLong total();

  /** The number of rows read so far. */
  long rowsRead();

  /** The digest of the rows so far; empty if this input computes none. */
  default Optional<String> digest() {
    return Optional.empty();
  }

  @Override
  void close();

  /**
   * The rows of files, whose columns are matched by name. Reads and checks what describes the
   * columns in each file first.
   *
   * @param format their format; null if their extensions show it
   * @param ignoringUnknownColumns true if files may have undeclared columns
   * @param action the action, for messages
   * @throws ContractViolationException if a file cannot be read or its columns do not match
   * @throws InvalidRequestException if a file cannot be read
   */
  static RowInput files(
      List<Path> files,
      @Nullable FileFormat format,
      Contract contract,
      Schema schema,
      boolean ignoringUnknownColumns,
      FileColumnChanges changes,
      MeshAction action) {
    requireFiles(files, action);
    ColumnTarget target =
        new ColumnTarget(
            contract,
            schema,
            ignoringUnknownColumns,
            action,
            changes.of(contract.schema(), action),
            changes.given(contract.schema(), schema, action));
    FileFormat fileFormat = format == null ? FileNames.format(files, action) : format;
    return fileFormat.equals(FileFormat.parquet())
        ? new FilesInput(files, target)
        : new RecordFilesInput(files, fileFormat, target);
  }

  /**
   * The rows of an iterator.
   *
   * @param source the source of the iterator, for its size
   * @param onClose closes the source
   * @param action the action, for messages
   */
  static RowInput records(
      Iterator<?> records,
      @Nullable Object source,
      RecordShredder shredder,
      Schema schema,
      Runnable onClose,
      MeshAction action) {
    return new RecordsInput(records, source, shredder, schema, onClose, action);
  }

  /**
   * The rows of batches of a read, whose columns are matched by name.
   *
   * @param ignoringUnknownColumns true if batches may have undeclared columns
   * @param action the action, for messages
   */
  static RowInput batches(
      Iterator<? extends ColumnBatch> batches,
      Contract contract,
      Schema schema,
      boolean ignoringUnknownColumns,
      MeshAction action) {
    return new BatchesInput(
        batches, new ColumnTarget(contract, schema, ignoringUnknownColumns, action));
  }

  /**
   * The rows of a result set from the one after its current row on. Matches the columns.
   *
   * @param ignoringUnknownColumns true if the result set may have undeclared columns
   * @param action the action, for messages
   * @throws ContractViolationException if its columns do not match
   * @throws InvalidRequestException if it is closed
   */
  static RowInput resultSet(
      ResultSet rows,
      Contract contract,
      Schema schema,
      boolean ignoringUnknownColumns,
      MeshAction action) {
    return new ResultSetInput(
        rows, new ColumnTarget(contract, schema, ignoringUnknownColumns, action));
  }

  /**
   * The rows of a staged publish.
   *
   * @param fitting the rows that fit their columns, with the table's columns
   * @param malformed the other rows, as {@link StagedRows} stores them
   * @param total the number of all rows
   * @param onClose closes both
   */
  static RowInput staged(
      Iterator<VectorBatch> fitting,
      Iterator<VectorBatch> malformed,
      long total,
      Runnable onClose,
      Contract contract,
      Schema schema,
      MeshAction action) {
    return new StagedInput(
        fitting, malformed, total, onClose, new ColumnTarget(contract, schema, true, action));
  }

  /** The exception if the caller's source fails before its first row. */
  static BackendException failed(MeshAction action, RuntimeException cause) {
    return RecordsInput.failed(action, 0, cause);
  }

  /**
   * Rejects paths that are not files, before one of them is opened.
   *
   * @throws InvalidRequestException if one does not exist, or is a folder, a pipe, or a device
   */
  static void requireFiles(List<Path> files, MeshAction action) {
    for (Path file : files) {
      SourceFile.fault(file)
          .ifPresent(
              fault -> {
                throw Failure.of(action.on("from file " + FileNames.of(file, files)))
                    .because(fault.reason())
                    .state("Nothing was published.")
                    .fix(fault.fix())
                    .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
              });
    }
  }

  /** The name of a file in messages: the shortest end of its path that no other file has. */
  static String fileName(Path file, List<Path> all) {
    return FileNames.of(file, all);
  }

  /**
   * The rows of another input in the form of another major version, by the producer's mapping. A
   * row that the mapping does not map is a violation.
   *
   * @param source the rows as the leading major version has them
   * @param mapping maps a record of the source to a record of this version
   * @param shredder reads the mapped records
   * @param schema the columns of this version
   * @param version this version, for messages
   * @param excluded the rows of the source that this version does not have; null if it has all
   * @param readingSource true if each call of {@link #next} reads the next batch of the source
   *     first, and {@link #close} closes it; false to map the batch that it returned last
   */
  static RowInput mapped(
      RowInput source,
      Function<Object, ?> mapping,
      RecordShredder shredder,
      Schema schema,
      String version,
      @Nullable RowPredicate excluded,
      boolean readingSource) {
    return new MappedInput(
        source, mapping, shredder, schema, version, new RowExclusion(excluded), readingSource);
  }

  /**
   * The rows of another input in the form of another major version, column by column.
   *
   * @param source the rows as the leading major version has them
   * @param conversion converts a batch, row by row
   * @param empty an empty batch of this version
   * @param excluded the rows of the source that this version does not have; null if it has all
   * @param readingSource true if each call of {@link #next} reads the next batch of the source
   *     first, and {@link #close} closes it; false to convert the batch that it returned last
   */
  static RowInput converted(
      RowInput source,
      UnaryOperator<VectorBatch> conversion,
      VectorBatch empty,
      @Nullable RowPredicate excluded,
      boolean readingSource) {
    return new ConvertedInput(source, conversion, empty, new RowExclusion(excluded), readingSource);
  }
}
