package io.meshwork.internal.publish.run;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.disk.SourceFile;
import io.meshwork.internal.ingest.FileColumnChanges;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.replacement.BaseSnapshot;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.runtime.CallerException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The source of the rows of one publish. One whose rows the mesh has already, as staged or
 * quarantined ones or as files of another program, also says what becomes of them: a run asks in
 * the order of these methods, and treats all sources alike.
 */
public interface RowSource {
  /** The calls that name a source, for messages. */
  String CALLS = "records(..), files(..), batches(..), resultSet(..), or republish(..)";

  /** The fingerprint of rows that cannot be read twice, whatever their source. */
  String READ_ONCE = "records";

  /** Opens the source for a contract and the columns of its table. */
  RowInput open(Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action);

  /**
   * Distinguishes this source from another under the same key: names and checksums of files; a
   * constant for other sources, which cannot be read twice.
   */
  String fingerprint(MeshAction action);

  /** The number of rows; empty if it is unknown without reading them. */
  default OptionalLong count() {
    return OptionalLong.empty();
  }

  /** The request by which the rows were staged; empty if they were not. */
  default Optional<StagedRequest> staged() {
    return Optional.empty();
  }

  /**
   * The receipt of a publish of the same rows, if they are gone because of it. Only staged rows go.
   */
  default Optional<StoredReceipt> receipt() {
    return Optional.empty();
  }

  /** Fails if rows of this source cannot be published with these options. */
  default void checkOptions(PublishOptions options, MeshAction action) {}

  /**
   * Prepares for a publish that was not committed before.
   *
   * @param leading the major version to which the rows belong
   */
  default void begin(VersionEntry leading, MeshAction action) {}

  /**
   * The state of the table of a major version that the rows are to replace; empty for the state at
   * the start of the run.
   *
   * @param table the table at the start of the run
   */
  default Optional<BaseSnapshot> base(int major, Table table) {
    return staged().map(rows -> rows.base(major, table));
  }

  /**
   * Checks rows that become the table's where they are. Returns a result for each major version;
   * none if a run reads the rows, and writes them to new files.
   *
   * @param targets the major versions that it publishes to
   * @param measuring false if the files need no counts and bounds
   */
  default List<RowIngestion.Result> checkInPlace(
      List<RowIngestion.Target> targets,
      RuleContext context,
      boolean measuring,
      ProgressMeter progress,
      Deadline deadline,
      MeshAction action) {
    return List.of();
  }

  /** The quarantined rows that the publish takes; empty if its rows are others. */
  default Optional<QuarantineRemoval> taken() {
    return Optional.empty();
  }

  /** Adds to a drafted table, and to its transaction, what the files of the rows need. */
  default void addTo(
      TableDraft table,
      CommitDraft<?> draft,
      String publishId,
      List<DataFileEntry> files,
      MeshAction action) {}

  /**
   * What the publish changes besides its tables; asked once.
   *
   * @param majors the major versions that it writes, the leading one first
   */
  default AdditionalChange change(PublishContext publish, List<MajorTarget> majors) {
    return AdditionalChange.NONE;
  }

  /**
   * How the files of text that were opened are read, where that is not the plain form, by the file;
   * empty for other sources.
   */
  default Map<String, String> readAs() {
    return Map.of();
  }

  /** Closes the source if it was not opened. */
  void discard();

  /** Records of an iterable, an iterator, or a stream. */
  static RowSource records(Supplier<Iterator<?>> iterator, Object origin, Runnable onClose) {
    return new RowSource() {
      private boolean opened;

      @Override
      public RowInput open(
          Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action) {
        if (opened && !(origin instanceof Iterable<?>)) {
          throw Failure.of(action)
              .because("plan() read the records, and an iterator or a stream returns them once")
              .state("Nothing was published.")
              .fix("Pass a collection, or create the operation again with a new iterator.")
              .invalidRequest(ErrorCode.INVALID_ARGUMENT);
        }
        Iterator<?> records;
        try {
          records = iterator.get();
        } catch (RuntimeException e) {
          if (CallerException.isKnown(e)) {
            throw e;
          }
          if (e instanceof IllegalStateException && origin instanceof Stream<?>) {
            throw Failure.of(action)
                .because("the stream of records was used before, or closed")
                .state("Nothing was published.")
                .fix("Create a new stream for each publish.")
                .invalidRequest(ErrorCode.INVALID_ARGUMENT);
          }
          throw RowInput.failed(action, e);
        }
        opened = true;
        return RowInput.records(
            records,
            origin,
            RecordShredders.forRecords(contract.schema(), columns, action),
            columns,
            onClose,
            action);
      }

      @Override
      public String fingerprint(MeshAction action) {
        return READ_ONCE;
      }

      @Override
      public OptionalLong count() {
        try {
          return origin instanceof Collection<?> collection
              ? OptionalLong.of(collection.size())
              : OptionalLong.empty();
        } catch (RuntimeException e) {
          return OptionalLong.empty(); // the caller's collection failed; the count is optional
        }
      }

      @Override
      public void discard() {
        if (!opened) {
          onClose.run();
        }
      }
    };
  }

  /** Batches of a read. */
  static RowSource batches(Iterator<? extends ColumnBatch> batches) {
    return new SinglePassSource("batches") {
      @Override
      RowInput read(Contract contract, Schema columns, boolean ignoring, MeshAction action) {
        return RowInput.batches(batches, contract, columns, ignoring, action);
      }
    };
  }

  static RowSource resultSet(ResultSet rows) {
    return new SinglePassSource("result set") {
      @Override
      RowInput read(Contract contract, Schema columns, boolean ignoring, MeshAction action) {
        return RowInput.resultSet(rows, contract, columns, ignoring, action);
      }
    };
  }

  /**
   * Files.
   *
   * @param format null if their extensions tell it
   * @param changes other names and values of columns, which may be added until the files are opened
   */
  static RowSource files(List<Path> files, @Nullable FileFormat format, FileColumnChanges changes) {
    return new RowSource() {
      private Map<String, String> readAs = Map.of();

      @Override
      public Map<String, String> readAs() {
        return readAs;
      }

      @Override
      public RowInput open(
          Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action) {
        RowInput input =
            RowInput.files(files, format, contract, columns, ignoreUnknownColumns, changes, action);
        readAs = input.readAs();
        return input;
      }

      @Override
      public String fingerprint(MeshAction action) {
        RowInput.requireFiles(files, action);
        StringBuilder text = new StringBuilder("files");
        if (format != null && !format.equals(FileFormat.parquet())) {
          text.append(' ').append(format);
        }
        text.append(changes.fingerprint());
        for (Path file : files) {
          text.append('\n')
              .append(file.getFileName())
              .append(' ')
              .append(sha256(file, files, action));
        }
        return text.toString();
      }

      @Override
      public void discard() {}
    };
  }

  /**
   * Returns the source.
   *
   * @throws io.meshwork.error.InvalidRequestException if it is null
   */
  static RowSource required(@Nullable RowSource source, MeshAction action) {
    if (source == null) {
      throw Failure.of(action)
          .because(CALLS + " is missing")
          .fix("Call one of them before commit().")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return source;
  }

  private static String sha256(Path file, List<Path> all, MeshAction action) {
    try {
      return SourceFile.sha256(file);
    } catch (IOException e) {
      throw Failure.of(action.on("from file " + RowInput.fileName(file, all)))
          .because(SourceFile.unreadable(file))
          .state("Nothing was published.")
          .fix("Check the path and its permissions.")
          .invalidRequest(ErrorCode.SOURCE_UNREADABLE);
    }
  }
}
