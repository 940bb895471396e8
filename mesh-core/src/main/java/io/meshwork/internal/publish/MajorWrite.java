package io.meshwork.internal.publish;

import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LatenessEpisode;
import io.meshwork.internal.ingest.AffectedPartitions;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.ingest.RowRemoval;
import io.meshwork.internal.ingest.RowSelection;
import io.meshwork.internal.ingest.UncommittedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.onboarding.OnboardedFiles;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quarantine.QuarantinedRowSelection;
import io.meshwork.internal.receipts.PublishLog;
import io.meshwork.internal.receipts.QualityHistory;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.rollout.RenamedColumns;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableState;
import io.meshwork.internal.uniqueness.UniqueKeyCheck;
import io.meshwork.publish.PublishMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What one publish does to one major version: the contract and the table that it is based on, the
 * rows that it wrote, and its part of the registry transaction. Not thread-safe.
 */
final class MajorWrite implements AutoCloseable {
  /** The most files of other programs that a receipt names. */
  private static final int MAX_FILES_NAMED = 1_000;

  private final PublishContext publish;
  private final VersionEntry version;
  private final Table table;
  private final TableName name;
  private final @Nullable RowPredicate filter;
  private final boolean filterKept;
  private final AffectedPartitions touched;
  private final UniqueKeyCheck keyCheck;
  private final MajorSummary summary;
  private RowIngestion.Result written = RowIngestion.Result.ofNoRows();
  private PendingRules pending;
  private @Nullable RegisteredSource registered;
  private @Nullable RowReplacement replacement;
  private @Nullable RowReplacement quarantined;
  private List<DataFileEntry> files = List.of();
  private RowReplacement.Result quarantineResult = new RowReplacement.Result(List.of(), 0);
  private boolean leavesNoneQuarantined;

  private MajorWrite(
      PublishContext publish,
      VersionEntry version,
      Table table,
      @Nullable RowPredicate filter,
      boolean filterKept) {
    this.publish = publish;
    this.version = version;
    this.table = table;
    this.name = TableName.of(publish.product(), version.major());
    this.filter = filter;
    this.filterKept = filterKept;
    this.touched = new AffectedPartitions(table);
    this.keyCheck =
        new UniqueKeyCheck(
            table,
            new LiveDataFiles(publish.files(), table),
            version.contract(),
            mode(),
            filter,
            touched,
            publish.deadline(),
            publish.action());
    this.summary = new MajorSummary(publish, version);
    this.pending = pending();
  }

  /**
   * Loads the contract and its table. Repeats if the contract was amended in between.
   *
   * @param rows the filter of the rows to replace or erase; null for modes without a filter
   */
  static MajorWrite open(PublishContext publish, int major, @Nullable GivenFilter rows) {
    while (true) {
      publish.deadline().check(publish.action());
      VersionEntry version =
          publish
              .session()
              .catalog()
              .requireFor(Use.DESCRIBE, publish.product(), major, publish.action());
      Table table = publish.session().tables().loadForReads(TableName.of(publish.product(), major));
      boolean unchanged =
          publish
              .session()
              .ledger()
              .read(version.majorStored().key())
              .filter(now -> now.version().equals(version.majorStored().version()))
              .isPresent();
      if (unchanged) {
        RowPredicate filter =
            rows == null
                ? null
                : RenamedColumns.parse(
                    publish.session(),
                    publish.product(),
                    major,
                    rows,
                    table.schema(),
                    null,
                    publish.action());
        boolean kept = rows == null || rows.kept();
        MajorWrite write = new MajorWrite(publish, version, table, filter, kept);
        write.checkPartitioned();
        return write;
      }
    }
  }

  private void checkPartitioned() {
    if (mode() == PublishMode.REPLACE_PARTITIONS && table.spec().isUnpartitioned()) {
      throw Failure.of(publish.action().on("by replacePartitions()"))
          .because("its table is not partitioned")
          .state("Nothing was published.")
          .fix("Use replaceAll(), or replaceWhere(..) for some of the rows.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Requires that the state of the major version allows the publish. */
  void requireUse() {
    publish
        .session()
        .catalog()
        .requireUse(PublishOptions.use(mode()), publish.product(), version, publish.action());
  }

  private PublishMode mode() {
    return publish.options().mode();
  }

  VersionEntry version() {
    return version;
  }

  /** The table as of the start of the publish. */
  Table table() {
    return table;
  }

  /** The filter of the rows to replace or erase; null for modes without a filter. */
  @Nullable RowPredicate filter() {
    return filter;
  }

  /** The filter as the receipt of this major version has it; empty for modes without a filter. */
  Optional<String> scope() {
    return Optional.ofNullable(filter)
        .map(rows -> filterKept ? rows.text() : rows.withoutConstants());
  }

  /** The hash of a filter that receipts must not contain; empty for others. */
  Optional<String> filterHash() {
    return Optional.ofNullable(filter)
        .filter(rows -> !filterKept)
        .map(rows -> RegistryKeys.sha256(rows.text()));
  }

  /** Where the rows are checked and written. */
  RowIngestion.Target target() {
    LateReference late = lateReference();
    return new RowIngestion.Target(
        version.version().toString(),
        LatenessLimit.added(version.contract(), late),
        table,
        publish.session().tables().load(name.quarantined()),
        filter,
        keyCheck.existingKeys(),
        touched,
        late);
  }

  /**
   * What makes an added row late: the newest event time as of the start of the publish, so that
   * publishes at the same time do not make each other late.
   */
  private @Nullable LateReference lateReference() {
    return mode() == PublishMode.APPEND
        ? LatenessLimit.reference(
                version.contract(), table, publish.session().runtime().clock().instant())
            .orElse(null)
        : null;
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

  /** Registers the received files, which other programs wrote, where they are. */
  void register(RegisteredSource source) {
    registered = source;
  }

  /** The result of the ingestion. */
  RowIngestion.Result written() {
    return written;
  }

  /** Evaluates all rules that can be evaluated before the commit. */
  PublishVerdict evaluate() {
    return pending.evaluateBeforeCommit(
        table, QualityHistory.read(publish.session(), publish.product(), version.major()));
  }

  /** Rejects rows that break the contract. All rules are evaluated, for the message. */
  void checkRows() {
    if (written.verdict().refused()) {
      throw PublishRejection.of(publish.product(), version.version(), evaluate());
    }
  }

  /** Rejects rows that do not match the filter, and an unintended replacement by no rows. */
  void checkScope() {
    Optional<Finding> outside = written.outsideScope();
    if (outside.isPresent()) {
      throw PublishRejection.ofOutsideScope(publish.action(), outside.get());
    }
    boolean noRows = written.verdict().report().rowsAccepted() == 0;
    if (noRows && PublishOptions.replacesRows(mode()) && !publish.options().allowingEmpty()) {
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
      throw PublishRejection.ofExistingKeys(publish.product(), version.version(), existing.get());
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
    } else {
      replaced = ReplacedRows.all();
    }
    BaseState base = publish.bases().getOrDefault(version.major(), BaseState.of(table));
    return new RowReplacement(table, base, replaced, publish.action());
  }

  /** Requires that no publish changed the replaced rows since a staged publish was staged. */
  void checkUnchanged() {
    if (replacement != null) {
      replacement.checkUnchanged();
    }
  }

  /**
   * Requires that a replacement removes no rows that the contract promises to keep, as of the start
   * of the publish.
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
   * The quarantined rows that an erase removes, which are those that may match its filter, or that
   * are published again. Null for other publishes.
   */
  private @Nullable RowReplacement quarantined() {
    RepublishedSource republished = publish.republished();
    if (republished != null && republished.taken().count() > 0) {
      Table from = republished.quarantine(version.major());
      return new RowReplacement(
          from,
          ReplacedRows.matchingByContent(removal(from, "-q", republished.taken())),
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
  }

  /**
   * The part of one attempt.
   *
   * @param receipt the receipt of this major version
   * @param after the state of the table after the publish
   * @param table the table after the publish
   * @param quarantineRowsRemoved the number of rows that it removes from the quarantine
   */
  record DraftedMajor(
      StoredReceipt receipt, TableState after, Table table, long quarantineRowsRemoved) {
    PublishLog.CommittedMajor committed() {
      PublishLog.CommittedMajor committed = PublishLog.CommittedMajor.of(receipt, after);
      if (quarantineRowsRemoved > 0) {
        committed.further().put("quarantineRowsRemoved", quarantineRowsRemoved);
      }
      return committed;
    }
  }

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
            request.intent().in(scope(), filterHash()),
            new StoredReceipt.MovedRows(result.rowsRemoved(), 0, written.late()),
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
    return new DraftedMajor(
        receipt, current.state(), current.table(), quarantineResult.rowsRemoved());
  }

  /**
   * Corrected rows are a part of an earlier publish, whose score stays while other rows wait. They
   * have no measures of a whole publish.
   */
  private void addScore(
      QualityHistory history, CommitDraft<?> draft, StoredReceipt receipt, PublishVerdict verdict) {
    boolean onlyPosition =
        publish.options().position() != null && verdict.report().rowsOffered() == 0;
    if (publish.republished() != null) {
      if (leavesNoneQuarantined) {
        history.add(draft, receipt, Map.of());
      }
    } else if (mode() != PublishMode.ERASE
        && !onlyPosition
        && PublishMeters.isScored(verdict.report(), receipt.intent())) {
      history.add(draft, receipt, verdict.measures());
    }
  }

  /** The files of other programs that contain erased rows. */
  private List<String> holdingErased(ErasedRowLocations erased) {
    ColumnNames names = ColumnNames.of(table);
    return erased.files().stream()
        .filter(names::isOfOtherProgram)
        .sorted()
        .limit(MAX_FILES_NAMED)
        .toList();
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
    if (registered != null) {
      register(registered, draft, commit);
    }
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

  private void register(RegisteredSource source, TableDraft draft, CommitDraft<?> commit) {
    requireCurrent();
    OnboardedFiles known = OnboardedFiles.of(publish.session().ledger(), publish.product());
    if (source.isRegisteredSince(known, written.files())) {
      throw Failure.of(publish.action())
          .because("another process registered some of the files in the meantime")
          .state("Nothing was registered.")
          .fix("Run it again: it registers the files that are left.")
          .conflict(ErrorCode.CONFLICT);
    }
    OnboardedFiles.record(
        commit,
        publish.product(),
        publish.publishId(),
        written.files(),
        source.marks(),
        source.origins());
    draft.setProperties(source.properties(draft.table(), publish.action()));
  }

  /** Files are registered in the current major version; the transaction checks that it stays so. */
  private void requireCurrent() {
    int current =
        publish
            .session()
            .catalog()
            .requireProduct(publish.product(), publish.action())
            .currentMajor();
    if (current != version.major()) {
      throw Failure.of(publish.action())
          .because("major version " + current + " became the current one in the meantime")
          .state("Nothing was registered.")
          .fix("Run it again: it registers the files in the current major version.")
          .conflict(ErrorCode.CONFLICT);
    }
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
      quarantine.append(written.quarantineFiles(), properties);
    }
    leavesNoneQuarantined = quarantine.state().rows() == 0;
    quarantine.stage(draft);
    return result;
  }

  /** Deletes all files that were written for the publish, which certainly failed. */
  void discard() {
    if (registered == null && mode() != PublishMode.ONBOARD) {
      UncommittedFiles.deleteAll(publish.files(), written.files());
    }
    UncommittedFiles.deleteAll(publish.files(), written.quarantineFiles());
    discardAllBut(List.of(), List.of());
  }

  /** Deletes the rewritten files of attempts that were not committed. */
  void discardUncommitted() {
    discardAllBut(files, quarantineResult.files());
  }

  private void discardAllBut(List<DataFileEntry> committed, List<DataFileEntry> ofQuarantine) {
    if (replacement != null) {
      replacement.discardAllBut(committed);
    }
    if (quarantined != null) {
      quarantined.discardAllBut(ofQuarantine);
    }
  }

  /** Releases keys and measures outside of memory. */
  @Override
  public void close() {
    pending.close();
    written.keys().close();
  }
}
