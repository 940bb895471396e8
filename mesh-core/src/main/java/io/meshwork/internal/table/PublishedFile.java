package io.meshwork.internal.table;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.parquet.footer.FooterCache;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.schema.UnreadableFileException.Reason;
import io.meshwork.internal.runtime.ThreadInterruption;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.mapping.NameMappingParser;
import org.jspecify.annotations.Nullable;

/** Opens the data files of a snapshot, and checks that they are unchanged since the publish. */
public final class PublishedFile {
  /** The property of a table that lists where files of other programs were registered. */
  public static final String ORIGINS = "meshwork.onboarded-from";

  /** What to do about a file that exceeds a limit of memory. */
  public static final String MORE_MEMORY =
      "Increase the heap (-Xmx), or read when other work takes less of it.";

  private PublishedFile() {}

  /** The locations below which a table registered files of other programs; each once. */
  public static List<String> origins(Table table) {
    return table.properties().getOrDefault(ORIGINS, "").lines().toList();
  }

  /**
   * How the columns of files that another program wrote are found: by the table's name mapping, if
   * a file has no field IDs, and in the partition of the file. Immutable.
   *
   * @param folder the folder of the table's own files
   * @param names the name mapping; null for a table that has only its own files
   * @param specs the partition specs of the table
   */
  public record ColumnNames(
      String folder, @Nullable MappedFields names, Map<Integer, PartitionSpec> specs) {
    /** The names of a table without files of other programs. */
    public static final ColumnNames NONE = new ColumnNames("", null, Map.of());

    public ColumnNames {
      specs = Map.copyOf(specs);
    }

    public static ColumnNames of(Table table) {
      String json = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
      return json == null
          ? NONE
          : new ColumnNames(
              table.location(), NameMappingParser.fromJson(json).asMappedFields(), table.specs());
    }

    /** True if another program wrote a file, which was registered where it is. */
    public boolean isOfOtherProgram(String location) {
      return names != null && !CanonicalLocation.leadsBelow(folder, location);
    }

    private ParquetReader reader(ParquetReader opened, DataFile file) {
      return names != null && isOfOtherProgram(file.location())
          ? opened.ofOtherProgram(names, partitionValues(file))
          : opened;
    }

    /** The values of the columns by which the table is partitioned, by field ID. */
    private Map<Integer, Object> partitionValues(DataFile file) {
      Map<Integer, Object> values = new HashMap<>();
      PartitionSpec spec = specs.get(file.specId());
      for (int i = 0; spec != null && i < spec.fields().size(); i++) {
        PartitionField field = spec.fields().get(i);
        Object value = file.partition().get(i, Object.class);
        if (field.transform().isIdentity() && value != null) {
          values.put(
              field.sourceId(), value instanceof CharSequence text ? text.toString() : value);
        }
      }
      return values;
    }
  }

  /**
   * Opens the file and compares its length and number of rows with the snapshot's, and of a file of
   * another program also its last bytes.
   *
   * @param names how the columns are found
   * @throws UnreadableFileException if they differ, or it is not a Parquet file
   * @throws NotFoundException if it does not exist
   */
  public static ParquetReader open(FileIO io, ColumnNames names, DataFile file) {
    ParquetReader opened =
        ParquetReader.open(
            io.newInputFile(file.location()), file.fileSizeInBytes(), file.recordCount());
    if (names.isOfOtherProgram(file.location()) && !FileFingerprint.isOf(file, opened)) {
      opened.close();
      throw new UnreadableFileException(
          file.location(),
          "another program overwrote it, with as many bytes and rows, after it was registered",
          UnreadableFileException.UNKNOWN,
          null);
    }
    return names.reader(opened, file);
  }

  /**
   * Opens the file as {@link #open(FileIO, ColumnNames, DataFile)}. If its footer is known, only
   * its rows are read, because Meshwork never changes a file. Files of other programs may change,
   * so their footers are not cached.
   */
  public static ParquetReader open(
      FileIO io, ColumnNames names, DataFile file, FooterCache footers) {
    return names.isOfOtherProgram(file.location())
        ? open(io, names, file)
        : ParquetReader.open(
            io.newInputFile(file.location()), file.fileSizeInBytes(), file.recordCount(), footers);
  }

  /**
   * Opens a file that no snapshot has, so that it cannot be compared. Columns that only the names
   * of its folders have are null.
   *
   * @throws UnreadableFileException if it is not a Parquet file
   * @throws NotFoundException if it does not exist
   */
  public static ParquetReader openUnreferenced(FileIO io, ColumnNames names, String location) {
    ParquetReader opened = ParquetReader.open(io.newInputFile(location));
    MappedFields mapped = names.names();
    return mapped != null && names.isOfOtherProgram(location)
        ? opened.ofOtherProgram(mapped, Map.of())
        : opened;
  }

  /**
   * The state of an unreadable file, for a message: "is missing", "is damaged" and why, or "cannot
   * be read" and why.
   */
  public static String state(RuntimeException failure) {
    if (failure instanceof UnreadableFileException unreadable) {
      return (unreadable.reason() == Reason.CORRUPT ? "is damaged: " : "cannot be read: ")
          + unreadable.whatAndWhere();
    }
    return failure instanceof ColumnMismatchException mismatch
        ? "is damaged: " + mismatch.getMessage()
        : "is missing";
  }

  /**
   * The exception for a file that the current version of its table no longer needs, and that is
   * missing; empty if it needs it, or the failure is another.
   */
  public static Optional<ConflictException> removed(
      Table table, String location, MeshAction action, RuntimeException failure) {
    return failure instanceof NotFoundException && !LoadedTable.needsFile(table, location)
        ? Optional.of(Manifests.removed(action, "the data file " + name(location), failure))
        : Optional.empty();
  }

  /**
   * The exception for a write that must read the file first and cannot: DATA_DAMAGED;
   * BACKEND_FAILED if a retry may succeed; or SNAPSHOT_EXPIRED if its table no longer needs it.
   */
  public static MeshException unreadable(
      Table table, DataFile file, MeshAction action, RuntimeException failure) {
    if (ThreadInterruption.isCauseOf(failure)) {
      return ThreadInterruption.ofChange(action, failure);
    }
    Optional<ConflictException> removed = removed(table, file.location(), action, failure);
    if (removed.isPresent()) {
      return removed.get();
    }
    String what = "the data file " + name(file.location()) + " ";
    Failure unreadable = Failure.of(action).state("Nothing was committed.").cause(failure);
    return failure instanceof UncheckedIOException
        ? unreadable
            .because(what + "could not be read")
            .fix("Try again.")
            .passing(ErrorCode.BACKEND_FAILED)
        : failure instanceof UnreadableFileException limited && limited.reason() == Reason.LIMIT
            ? unreadable
                .because(what + state(failure))
                .fix(MORE_MEMORY)
                .passing(ErrorCode.BACKEND_FAILED)
            : unreadable
                .because(what + state(failure))
                .fix(
                    "Restore the file from a backup in which doctorWithChecksums() reports no damage."
                        + " Run doctorWithChecksums() on the mesh to list all damaged files.")
                .lasting(ErrorCode.DATA_DAMAGED);
  }

  /** The file name only, because folders contain partition values. */
  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
