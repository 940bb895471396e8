package io.meshwork.internal.staging;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.publish.run.AdditionalChange;
import io.meshwork.internal.publish.run.MajorTarget;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.RowSource;
import io.meshwork.internal.publish.run.StagedRequest;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.scan.ScanBatches;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** The rows of a staged publish, which can be read again and again until it ends. */
final class StagedSource implements RowSource {
  private final ClientSession session;
  private final StagedEntry entry;
  private @Nullable Table quarantine;

  StagedSource(ClientSession session, StagedEntry entry) {
    this.session = session;
    this.entry = entry;
  }

  private Table quarantine() {
    Table loaded = quarantine;
    if (loaded == null) {
      loaded =
          session.tables().load(TableName.of(entry.product(), entry.files().major()).quarantined());
      quarantine = loaded;
    }
    return loaded;
  }

  @Override
  public RowInput open(
      Contract contract, Schema columns, boolean ignoreUnknownColumns, MeshAction action) {
    SnapshotScan fitting = scan(entry.files().fitting(), columns, action);
    try {
      SnapshotScan malformed = scan(entry.files().malformed(), QuarantineTable.SCHEMA, action);
      try {
        return RowInput.staged(
            new ScanBatches(fitting, UnaryOperator.identity()),
            new ScanBatches(malformed, UnaryOperator.identity()),
            rows(),
            () -> close(fitting, malformed),
            contract,
            columns,
            action);
      } catch (RuntimeException e) {
        malformed.close();
        throw e;
      }
    } catch (RuntimeException e) {
      fitting.close();
      throw e;
    }
  }

  private static void close(SnapshotScan fitting, SnapshotScan malformed) {
    try {
      fitting.close();
    } finally {
      malformed.close();
    }
  }

  /** Scans the rows that fit their columns. */
  SnapshotScan fitting(Schema columns, MeshAction action) {
    return scan(entry.files().fitting(), columns, action);
  }

  private SnapshotScan scan(List<StagedFiles.StagedFile> files, Schema columns, MeshAction action) {
    List<DataFile> data = StagedFiles.in(quarantine(), files);
    return SnapshotScan.of(session.files(), data, columns, Long.MAX_VALUE, action)
        .named(ColumnNames.of(quarantine()))
        .whenMissing(
            (location, failure) -> isLive() ? Optional.empty() : Optional.of(ended(action)));
  }

  private long rows() {
    return StagedFiles.rows(entry.files().fitting()) + StagedFiles.rows(entry.files().malformed());
  }

  @Override
  public String fingerprint(MeshAction action) {
    return "staged\n" + entry.files().publishId();
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(rows());
  }

  @Override
  public void discard() {}

  @Override
  public Optional<StagedRequest> staged() {
    return Optional.of(
        new StagedRequest(
            entry.intent(),
            entry.fingerprint(),
            entry.bases(),
            entry.files().stagedAt(),
            entry.terms().rowsDigest()));
  }

  @Override
  public void begin(VersionEntry leading, MeshAction action) {
    requireWithFilter(action);
  }

  /** Ends the staged publish in the transaction that publishes its rows. */
  @Override
  public AdditionalChange change(PublishContext publish, List<MajorTarget> majors) {
    return new AdditionalChange() {
      @Override
      public void addTo(CommitDraft<?> draft, Ledger.Attempt attempt, PublishRequest request) {
        draft.delete(requireWithFilter(publish.action()).files().stored());
        draft.details(new StagedPublishReference(entry.files().publishId()));
      }

      @Override
      public void committed() {
        deleteFiles();
      }
    };
  }

  /** The staged publish whose rows a publish has. */
  private record StagedPublishReference(String stagedAs) {}

  private boolean isLive() {
    return entry.now(session.ledger()).filter(now -> now.erasedBy().isEmpty()).isPresent();
  }

  /**
   * Requires that it was neither promoted nor discarded nor erased.
   *
   * @throws NotFoundException otherwise
   */
  StagedEntry requireLive(MeshAction action) {
    StagedEntry now = entry.now(session.ledger()).orElseThrow(() -> ended(action));
    if (now.erasedBy().isPresent()) {
      throw Failure.of(action)
          .because(
              "the erase "
                  + now.erasedBy().get()
                  + " removed the staged publish "
                  + entry.files().publishId()
                  + ", because it contained rows that the erase selects")
          .state("Nothing was published.")
          .fix("Discard it, and stage the rows again without the erased ones.")
          .notFound(ErrorCode.NOT_FOUND, null);
    }
    return now;
  }

  /** Rejects also a replacement whose filter an erasure removed: it would replace all rows. */
  private StagedEntry requireWithFilter(MeshAction action) {
    StagedEntry now = requireLive(action);
    if (now.intent().isFilterRemoved()) {
      throw Failure.of(action)
          .because(
              "an erasure removed the filter of the rows that it replaces, because both filters"
                  + " have a constant in common")
          .state("Nothing was published.")
          .fix("Discard it and stage the rows again.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    return now;
  }

  @Override
  public Optional<StoredReceipt> receipt() {
    return session
        .ledger()
        .read(RegistryKeys.receipt(entry.product(), entry.idempotencyKey()))
        .filter(
            stored ->
                stored.json().path(StagedEntry.FINGERPRINT).asText().equals(entry.fingerprint()))
        .map(stored -> StoredReceipt.fromDocument(stored.json(), true));
  }

  private NotFoundException ended(MeshAction action) {
    Optional<StoredReceipt> receipt = receipt();
    if (receipt.isPresent()) {
      return Failure.of(action)
          .because(
              "the staged publish "
                  + entry.files().publishId()
                  + " was promoted, or its request was published: publish "
                  + receipt.get().publishId()
                  + " at "
                  + receipt.get().committedAt())
          .fix("Read the rows of the product.")
          .notFound(ErrorCode.NOT_FOUND, null);
    }
    return Failure.of(action)
        .because(
            "the staged publish "
                + entry.files().publishId()
                + " was discarded, or its retention is over, or the receipt of its promotion is not"
                + " retained")
        .state("Nothing was published by this call.")
        .fix(
            "Look for the receipt of its key in publishHistory(..); if there is none, stage the"
                + " rows again.")
        .notFound(ErrorCode.NOT_FOUND, null);
  }

  /** Deletes the files after the staged publish ended; maintenance deletes the remaining ones. */
  void deleteFiles() {
    UncommittedFiles.delete(session.files(), session.tables().withoutLinks(locations()));
  }

  /** The locations of the files; none if the major version was purged, and its files with it. */
  List<String> locations() {
    TableName name = TableName.of(entry.product(), entry.files().major()).quarantined();
    return quarantine == null && session.tables().version(name.key()).isEmpty()
        ? List.of()
        : entry.files().locations(quarantine());
  }
}
