package io.meshwork.internal.ingest;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.ingest.file.FileNames;
import io.meshwork.internal.ingest.write.DataFileWriter;
import io.meshwork.internal.ingest.write.PageCopyCheck;
import io.meshwork.internal.ingest.write.RowGroupSource;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.BatchReader.GroupPages;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.runtime.ThreadInterruption;
import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.vector.VectorBatch;
import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows of Parquet files, whose columns are matched by name. All footers are read first, so that an
 * invalid file is rejected before rows are read.
 */
final class FilesInput extends ColumnarInput {
  private static final Logger LOG = LoggerFactory.getLogger(FilesInput.class);

  private static final Pattern OTHER_FORMAT =
      Pattern.compile("(?i).*\\.(txt|json|orc|xlsx?)(\\.\\w+)?");

  private final List<Path> all;
  private final Iterator<Path> files;
  private final long total;
  private @Nullable Path path;
  private @Nullable ParquetReader file;
  private @Nullable BatchReader batches;
  private @Nullable FileColumns columns;
  private PageCopyCheck.@Nullable Fit fit;
  private @Nullable RowGroupSource group;

  /**
   * Reads and checks all footers.
   *
   * @throws ContractViolationException if a file cannot be read or its columns do not match
   * @throws InvalidRequestException if a file cannot be read
   */
  FilesInput(List<Path> files, ColumnTarget target) {
    super(target);
    this.all = List.copyOf(files);
    this.files = files.iterator();
    long rows = 0;
    for (Path each : files) {
      path = each;
      rows += reading(() -> checkFooter(each));
    }
    this.total = rows;
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(total);
  }

  @Override
  public @Nullable RowGroupSource rowGroup() {
    return group;
  }

  @Override
  public void close() {
    group = null;
    fit = null;
    if (batches != null) {
      batches.close();
      batches = null;
    }
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  @Nullable VectorBatch nextBatch(TypeViolations violations) {
    return checked(reading(this::nextOfFiles), violations);
  }

  private @Nullable VectorBatch nextOfFiles() {
    while (true) {
      if (batches != null && columns != null) {
        VectorBatch batch = batches.next();
        if (batch != null) {
          noteGroup(batches, columns.projection());
          return columns.complete(batch);
        }
        close();
      }
      if (!files.hasNext()) {
        return null;
      }
      path = files.next();
      file = ParquetReader.open(Files.localInput(local(path)));
      columns = columnsOf(file);
      batches = file.readOffered(columns.projection());
      fit =
          changesValues()
              ? PageCopyCheck.Fit.refused(target().schema(), "the contract truncates times")
              : PageCopyCheck.of(
                  file,
                  target().schema(),
                  DataFileWriter.profileOf(target().contract().readers()),
                  all.size() == 1);
      if (fit.refusal() == null) {
        batches.storePages();
      } else {
        LOG.debug("{} is encoded again: {}", name(), fit.refusal());
      }
    }
  }

  /** Notes the row group of the last batch of a file whose pages may be copied. */
  private void noteGroup(BatchReader read, Schema projection) {
    if (file == null || fit == null || fit.refusal() != null) {
      return;
    }
    GroupPages pages = read.pages();
    if (group == null || !group.isOf(pages)) {
      group = new RowGroupSource(name(), file, projection, fit, pages, this::reading);
    }
    if (read.endsGroup()) {
      group.end();
    }
  }

  /** A path may belong to another file system provider, such as the provider of zip files. */
  private File local(Path each) {
    try {
      return each.toFile();
    } catch (UnsupportedOperationException e) {
      throw Failure.of(action())
          .because("it is not in the default file system, but for example in a zip file")
          .state("Nothing was published.")
          .fix("Copy it to a folder, and pass its path there.")
          .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
    }
  }

  private long checkFooter(Path each) {
    try (ParquetReader reader = ParquetReader.open(Files.localInput(local(each)))) {
      if (ExistingFile.hasDeletedRows(reader)) {
        throw FileColumns.mismatch(
            action(),
            "it lists deleted rows of an Iceberg table, which its data files still have",
            "Read the table with an engine, and publish the rows.");
      }
      target()
          .givenColumns()
          .check(
              reader.schema().columns().stream().map(Types.NestedField::name).toList(),
              NamesInFiles.of(target().declared()),
              action());
      FileColumns columns = columnsOf(reader);
      columns.check(action(), "file", reader.schema(), target().ignoringUnknownColumns());
      try (BatchReader checked = reader.readOffered(columns.projection())) {
        return checked == null ? 0 : reader.rows();
      }
    }
  }

  private FileColumns columnsOf(ParquetReader reader) {
    return FileColumns.ofFile(
        reader.schema(), target().schema(), target().declared(), target().givenColumns());
  }

  private MeshAction action() {
    return target().action().on("from " + name());
  }

  private String name() {
    return path == null || path.getFileName() == null ? "a file" : FileNames.described(path, all);
  }

  /** True if the extension of a file that is not Parquet indicates another format. */
  private boolean isOfOtherFormat() {
    return path != null && OTHER_FORMAT.matcher(path.toString()).matches();
  }

  private String fix(UnreadableFileException e) {
    if (isOfOtherFormat()) {
      return "Name its format with files(format, ..) if it is CSV, JSON lines, or Avro. Otherwise, read"
          + " it yourself, and call records(..).";
    }
    if (e.remedy() != null) {
      return e.remedy();
    }
    return switch (e.reason()) {
      case CORRUPT -> "Write the file again, and check how it was copied.";
      case UNSUPPORTED -> "Write the file again without this feature.";
      case LIMIT -> "Write the file again with smaller pages, or increase the heap (-Xmx).";
    };
  }

  private <T extends @Nullable Object> T reading(java.util.function.Supplier<T> step) {
    try {
      return step.get();
    } catch (UnreadableFileException e) {
      throw Failure.of(action())
          .because(e.whatAndWhere())
          .state("Nothing was published.")
          .fix(fix(e))
          .contractViolation(ErrorCode.FILE_MALFORMED);
    } catch (ColumnMismatchException e) {
      throw FileColumns.mismatch(
          action(),
          String.valueOf(e.getMessage()),
          "Convert the column in the file to the contract's type.");
    } catch (NotFoundException | UncheckedIOException e) {
      if (ThreadInterruption.isCauseOf(e)) {
        throw ThreadInterruption.ofChange(target().action(), e);
      }
      throw Failure.of(action())
          .because(path == null ? "it cannot be read" : SourceFile.unreadable(path))
          .state("Nothing was published.")
          .fix("Check the path and its permissions.")
          .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
    }
  }
}
