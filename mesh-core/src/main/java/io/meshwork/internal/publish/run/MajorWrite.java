package io.meshwork.internal.publish.run;

import io.meshwork.contract.OnViolation;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LatenessEpisode;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.ingest.write.RowRemoval;
import io.meshwork.internal.ingest.write.RowSelection;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quarantine.QuarantinedRowSelection;
import io.meshwork.internal.receipts.PublishEffects;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.receipts.QualityHistory;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.replacement.BaseSnapshot;
import io.meshwork.internal.replacement.ErasedRowLocations;
import io.meshwork.internal.replacement.RemovedRows;
import io.meshwork.internal.replacement.ReplacedRows;
import io.meshwork.internal.replacement.RowReplacement;
import io.meshwork.internal.table.AddedManifests;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableState;
import io.meshwork.internal.uniqueness.UniqueKeyCheck;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * What one publish does to one major version: the rows that it wrote, the checks of them, and its
 * part of the registry transaction. Not thread-safe.
 */
final class MajorWrite implements AutoCloseable {
  /** The most files of other programs that a receipt names. */
  private static final int MAX_FILES_NAMED = 1_000;

  private static final int MAX_BYTES_NAMED = 128 << 10;

  private final MajorTarget target;
  private final PublishContext publish;
  private final VersionEntry version;
  private final Table table;
  private final TableName name;
  private final @Nullable RowPredicate filter;
  private final AffectedPartitions touched;
  private final UniqueKeyCheck keyCheck;
  private final MajorSummary summary;
  private RowIngestion.Result written = RowIngestion.Result.ofNoRows();
  private PendingRules pending;
  private @Nullable RowReplacement replacement;
  private @Nullable RowReplacement quarantined;
  private Optional<AddedManifests> manifests = Optional.empty();
  private Optional<AddedManifests> quarantineManifests = Optional.empty();
  private List<DataFileEntry> files = List.of();
  private RowReplacement.Result quarantineResult = new RowReplacement.Result(List.of(), 0);
  private boolean leavesNoneQuarantined;

  MajorWrite(MajorTarget target) {
    this.target = target;
    this.publish = target.publish();
    this.version = target.version();
    this.table = target.table();
    this.name = target.name();
    this.filter = target.filter();
    this.touched = target.touched();
    this.keyCheck = target.keyCheck();
    this.summary = new MajorSummary(publish, version);
    this.pending = pending();
  }

  private PublishMode mode() {
    return publish.options().mode();
  }

  MajorTarget target() {
    return target;
  }

  /** Takes over the files and the keys of the written rows. */
  void receive(RowIngestion.Result result) {
    written = result;
    keyCheck.newKeys(result.keys());
    pending = pending();
  }

  private PendingRules pending() {
    return new PendingRules(
        publish.session(), written, mode(), filter, touched, publish.deadline(), publish.action());
  }

  RowIngestion.Result written() {
    return written;
  }

  /** Evaluates all rules that can be evaluated before the commit. */
  PublishVerdict evaluate() {
    return pending.evaluateBeforeCommit(
        table, QualityHistory.read(publish.session(), publish.product(), version.major()));
  }

  /**
   * Rejects rows that break the contract. All rules are evaluated, for the message.
   *
   * @param all the major versions of the publish, whose strictest policy decides
   */
  void checkRows(List<MajorWrite> all) {
    if (written.verdict().refused()) {
      Optional<ContractVersion> rejecting =
          isLenient() && publish.options().policy() == null
              ? all.stream()
                  .filter(write -> !write.isLenient())
                  .map(write -> write.version.version())
                  .findFirst()
              : Optional.empty();
      throw PublishRejection.of(publish.product(), version.version(), rejecting, evaluate());
    }
  }

  private boolean isLenient() {
    return version.contract().onViolation() != OnViolation.REJECT;
  }

  /** Rejects rows that do not match the filter, and an unintended replacement by no rows. */
  void checkScope() {
    Optional<Finding> outside = written.outsideScope();
    if (outside.isPresent()) {
      throw PublishRejection.ofOutsideScope(
          publish.action(), outside.get(), written.verdict().report());
    }
    boolean noRows = written.verdict().report().rowsAccepted() == 0;
    if (noRows && PublishEffects.replacesRows(mode()) && !publish.options().allowEmpty()) {
      throw emptyReplace();
    }
  }

  private InvalidRequestException emptyReplace() {
    return Failure.of(publish.action().on("by " + mode().text()))
        .because("the source has no rows, and replacing rows with none deletes them")
        .fix("Check why the source is empty, or call allowEmpty().")
        .invalidRequest(ErrorCode.EMPTY_REPLACE);
  }

  /** Checks the keys against the table as of the start of the publish. */
  void checkKeys() {
    requireNewKeys(table);
  }

  private void requireNewKeys(Table now) {
    Optional<Finding> existing = keyCheck.check(now);
    if (existing.isPresent()) {
      throw PublishRejection.ofExistingKeys(
          publish.product(), version.version(), existing.get(), written.verdict().report());
    }
  }

  /** Determines which rows are replaced or erased. */
  void prepareReplacement() {
    replacement = replacement();
    quarantined = quarantined();
  }

  private @Nullable RowReplacement replacement() {
    if (mode() == PublishMode.APPEND || mode() == PublishMode.ONBOARD) {
      return null;
    }
    ReplacedRows replaced;
    if (filter != null) {
      RowSelection selection = RowSelection.of(filter);
      replaced = ReplacedRows.matching(selection, removal(table, "", selection));
    } else if (mode() == PublishMode.REPLACE_PARTITIONS) {
      replaced = ReplacedRows.partitionsOf(table.spec(), written.files(), publish.action());
    } else if (mode() == PublishMode.REPLACE_ALL) {
      replaced = ReplacedRows.all();
    } else {
      throw new IllegalStateException(mode().text() + " without a filter");
    }
    BaseSnapshot base =
        publish.rows().base(version.major(), table).orElseGet(() -> BaseSnapshot.of(table));
    return new RowReplacement(table, base, replaced, publish.action());
  }

  /** Requires that no publish changed the replaced rows since a staged publish was staged. */
  void checkUnchanged() {
    if (replacement != null) {
      replacement.checkUnchanged();
    }
  }

  /**
   * Requires that a replacement removes no rows that the contract promises to retain, as of the
   * start of the publish.
   */
  void checkRetention() {
    ServiceLevel level = version.contract().serviceLevel();
    RowReplacement replaced = replacement;
    if (replaced == null || mode() == PublishMode.ERASE || level.retention().isEmpty()) {
      return;
    }
    RetentionCheck check =
        new RetentionCheck(
            table,
            publish.files(),
            NewestEventTime.of(level, table),
            level.retention().get(),
            publish.session().runtime().clock().instant(),
            publish.action());
    boolean none = written.verdict().report().rowsAccepted() == 0;
    if (none && replaced.prepare() > 0) {
      check.checkRemoval(check.live(), filter);
    } else if (!none) {
      check.checkOldest(check.live(), replaced.expected(written.files()));
    }
  }

  private RowRemoval removal(Table from, String suffix, RowSelection rows) {
    return new RowRemoval(
        from,
        publish.files(),
        publish.publishId() + suffix,
        rows,
        publish.deadline(),
        publish.action());
  }

  /**
   * The quarantined rows that an erase removes: rows that may match its filter, or that are
   * published again. Null for other publishes.
   */
  private @Nullable RowReplacement quarantined() {
    QuarantineRemoval removal = publish.rows().taken().orElse(null);
    if (removal != null && removal.rows().count() > 0) {
      Table from = removal.quarantine(version.major());
      return new RowReplacement(
          from,
          ReplacedRows.matchingByContent(removal(from, "-q", removal.rows())),
          publish.action());
    }
    if (mode() != PublishMode.ERASE || filter == null) {
      return null;
    }
    Table quarantine = publish.session().tables().load(name.quarantined());
    RowSelection rows = new QuarantinedRowSelection(filter, table.schema());
    return new RowReplacement(
        quarantine,
        ReplacedRows.matchingByContent(removal(quarantine, "-q", rows)),
        publish.action());
  }

  /** The number of rows that the publish removes from the table. */
  long rowsToRemove() {
    return replacement == null ? 0 : replacement.prepare();
  }

  /** The rows that the publish removes from the table. Only for modes that remove some. */
  RemovedRows removedRows() {
    return Objects.requireNonNull(replacement).removedRows(publish.files(), filter);
  }

  /** The number of rows that the publish removes from the quarantine. */
  long quarantineRowsToRemove() {
    return quarantined == null ? 0 : quarantined.prepare();
  }

  /**
   * Does the expensive work before the commit. An attempt then reads only what was committed since.
   */
  void prepare() {
    if (replacement != null) {
      summary.prepare(replacement.base(), replacement.expected(written.files()));
    }
    if (replacement != null && mode() == PublishMode.ERASE) {
      replacement.locate();
    }
    if (quarantined != null) {
      quarantined.prepare();
    }
    if (replacement == null) {
      manifests = writtenManifests(name, table, written.files());
    }
    if (quarantined == null && !written.quarantineFiles().isEmpty()) {
      TableName quarantine = name.quarantined();
      Table now = publish.session().tables().load(quarantine);
      quarantineManifests = writtenManifests(quarantine, now, written.quarantineFiles());
    }
  }

  /** Returns nothing if the store fails for a moment: each attempt then writes its own. */
  private Optional<AddedManifests> writtenManifests(
      TableName to, Table now, List<DataFileEntry> added) {
    if (added.isEmpty()) {
      return Optional.empty();
    }
    try {
      return publish.session().tables().writeManifests(to, now, publish.publishId(), added);
    } catch (BackendException e) {
      if (!e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /**
   * The part of one attempt.
   *
   * @param receipt the receipt of this major version
   * @param after the state of the table after the publish
   * @param table the table after the publish
   */
  record DraftedMajor(StoredReceipt receipt, TableState after, Table table) {}

  /** Adds the changes of both tables to the draft of one attempt. */
  DraftedMajor update(
      PublishRequest request,
      Optional<String> rowsDigest,
      CommitDraft<?> draft,
      Ledger.Attempt attempt) {
    TableDraft current = publish.session().tables().draft(name, attempt);
    Optional<Snapshot> before = Optional.ofNullable(current.table().currentSnapshot());
    ErasedRowLocations erased = erased(current);
    RowReplacement.Result result = updateTable(request, current, draft, attempt);
    quarantineResult = updateQuarantine(request, draft, attempt);
    Optional<Snapshot> created =
        Optional.ofNullable(current.table().currentSnapshot())
            .filter(now -> !now.equals(before.orElse(null)));
    QualityHistory history =
        QualityHistory.read(publish.session(), publish.product(), version.major());
    PublishVerdict verdict = pending.evaluate(current.table(), history);
    if (verdict.refused()) {
      throw PublishRejection.of(publish.product(), version.version(), verdict);
    }
    StoredReceipt receipt =
        new StoredReceipt(
            publish.publishId(),
            request.idempotencyKey(),
            publish.product(),
            version.major(),
            version.version(),
            created.map(snapshot -> Long.toString(snapshot.snapshotId())),
            created.stream().mapToLong(Snapshot::sequenceNumber).findFirst(),
            new StoredReceipt.StoredReport(verdict.report()),
            request.intent().in(target.scope(), target.filterHash()),
            new StoredReceipt.MovedRows(
                result.rowsRemoved(), 0, quarantineResult.rowsRemoved(), written.late()),
            rowsDigest,
            result.files().size(),
            result.files().stream().mapToLong(DataFileEntry::bytes).sum(),
            attempt.now(),
            false,
            erased.refs(),
            holdingErased(erased),
            List.of());
    ErasedFiles.record(draft, name, publish.publishId(), erased.files());
    addScore(history, draft, receipt, verdict);
    files = result.files();
    if (created.isPresent() && version.contract().freshWithin().isPresent()) {
      draft.onCommitted(() -> LatenessEpisode.endIfFresh(publish.session(), name));
    }
    return new DraftedMajor(receipt, current.state(), current.table());
  }

  /**
   * Corrected rows are a part of an earlier publish, whose score stays while other rows wait. They
   * have no measures of a whole publish.
   */
  private void addScore(
      QualityHistory history, CommitDraft<?> draft, StoredReceipt receipt, PublishVerdict verdict) {
    boolean onlyPosition =
        publish.options().position() != null && verdict.report().rowsOffered() == 0;
    if (publish.rows().taken().isPresent()) {
      if (leavesNoneQuarantined) {
        history.add(draft, receipt, Map.of());
      }
    } else if (mode() != PublishMode.ERASE
        && !onlyPosition
        && PublishEffects.isScored(verdict.report(), receipt.intent())) {
      history.add(draft, receipt, verdict.measures());
    }
  }

  /** The files of other programs that contain erased rows. */
  private List<String> holdingErased(ErasedRowLocations erased) {
    ColumnNames names = ColumnNames.of(table);
    List<String> named =
        erased.files().stream()
            .filter(names::isOfOtherProgram)
            .sorted()
            .limit(MAX_FILES_NAMED)
            .toList();
    return PackedPart.split(named, MAX_BYTES_NAMED).get(0);
  }

  private ErasedRowLocations erased(TableDraft draft) {
    return replacement == null || mode() != PublishMode.ERASE
        ? ErasedRowLocations.NONE
        : replacement.erased(draft.table());
  }

  private RowReplacement.Result updateTable(
      PublishRequest request, TableDraft draft, CommitDraft<?> commit, Ledger.Attempt attempt) {
    Snapshot before = draft.table().currentSnapshot();
    requireNewKeys(draft.table());
    publish.rows().addTo(draft, commit, publish.publishId(), written.files(), publish.action());
    RowReplacement.Result result = new RowReplacement.Result(written.files(), 0);
    if (replacement != null) {
      result =
          replacement.update(
              draft,
              written.files(),
              live -> summary.ofReplacement(request, written.late(), draft, live, attempt.now()));
      if (mode() == PublishMode.ERASE && result.rowsRemoved() > 0) {
        draft.setProperties(NewestEventTime.withoutEarlier(draft.table()));
      }
    } else if (!written.files().isEmpty()) {
      draft.append(
          written.files(),
          manifests,
          summary.ofAddedFiles(request, written.late(), draft, written.files(), attempt.now()));
    }
    Snapshot now = draft.table().currentSnapshot();
    if (Objects.equals(before, now)) {
      // No row was added or removed. A snapshot is added all the same, so that a reader of some
      // rows cannot distinguish this from a change of rows that it may not read.
      draft.append(List.of(), summary.ofNoRows(request, written.late(), draft, attempt.now()));
    }
    draft.stage(commit);
    return result;
  }

  private RowReplacement.Result updateQuarantine(
      PublishRequest request, CommitDraft<?> draft, Ledger.Attempt attempt) {
    RowReplacement.Result result = new RowReplacement.Result(List.of(), 0);
    leavesNoneQuarantined = false;
    boolean removes =
        quarantined != null && (mode() == PublishMode.ERASE || quarantined.prepare() > 0);
    if (written.quarantineFiles().isEmpty() && !removes) {
      return result;
    }
    TableDraft quarantine = publish.session().tables().draft(name.quarantined(), attempt);
    Map<String, String> properties = request.summary(version.version());
    if (quarantined != null && removes) {
      result = quarantined.update(quarantine, written.quarantineFiles(), live -> properties);
    } else {
      quarantine.append(written.quarantineFiles(), quarantineManifests, properties);
    }
    leavesNoneQuarantined = quarantine.state().rows() == 0;
    quarantine.stage(draft);
    return result;
  }

  /** Deletes all files that were written for the publish, which certainly failed. */
  void discard() {
    if (mode() != PublishMode.ONBOARD) {
      UncommittedFiles.deleteAll(publish.files(), written.files());
    }
    UncommittedFiles.deleteAll(publish.files(), written.quarantineFiles());
    FileIO metadata = publish.session().tables().files();
    Stream.of(manifests, quarantineManifests)
        .flatMap(Optional::stream)
        .forEach(added -> UncommittedFiles.delete(metadata, added.locations()));
    Stream.of(replacement, quarantined).filter(Objects::nonNull).forEach(RowReplacement::discard);
  }

  /** Deletes the rewritten files of attempts that were not committed. */
  void discardUncommitted() {
    if (replacement != null) {
      replacement.discardAllBut(files);
    }
    if (quarantined != null) {
      quarantined.discardAllBut(quarantineResult.files());
    }
  }

  /** Releases keys and measures outside of memory. */
  @Override
  public void close() {
    pending.close();
    written.keys().close();
  }
}
