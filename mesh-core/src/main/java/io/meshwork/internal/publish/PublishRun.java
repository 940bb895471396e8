package io.meshwork.internal.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.AffectedPartitions;
import io.meshwork.internal.ingest.DigestedInput;
import io.meshwork.internal.ingest.QuarantinedRowSelection;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.RowRemoval;
import io.meshwork.internal.ingest.RowSelection;
import io.meshwork.internal.ingest.UncommittedFiles;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.NewKeys;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One publish, from the checks to the receipt. It runs once. Not thread-safe. */
final class PublishRun {
  private static final Logger LOG = LoggerFactory.getLogger(PublishRun.class);
  private static final String COMMIT = "commit";
  private static final String ROWS = "rows";

  /** How far a statement of completeness may be ahead of the mesh's time. */
  private static final Duration MAX_AHEAD = Duration.ofHours(24);

  private final ClientSession session;
  private final ProductName product;
  private final PublishOptions options;
  private final RowSource rows;
  private final MeshAction action;
  private final Deadline deadline;
  private final String publishId;
  private final FileIO files;
  private int major;

  /**
   * Creates a publish.
   *
   * @param files where data files are written
   */
  PublishRun(
      ClientSession session,
      ProductName product,
      PublishOptions options,
      RowSource rows,
      FileIO files,
      MeshAction action) {
    this.session = session;
    this.files = files;
    this.product = product;
    this.options = options;
    this.rows = rows;
    this.action = action;
    this.deadline =
        session
            .runtime()
            .startDeadline(
                options.timeout() == null ? session.runtime().deadline() : options.timeout());
    this.publishId = session.runtime().ids().next();
  }

  /** Runs the publish and records its outcome in the meters. */
  StoredReceipt run() {
    MeshMeters meters = session.runtime().meters();
    Instant start = meters.now();
    try {
      StoredReceipt receipt = publish();
      CommitLogLines.log(receipt, Duration.between(start, meters.now()));
      meters.publish(product, PublishMeters.count(meters, receipt), start);
      return receipt;
    } catch (ContractViolationException e) {
      meters.refusedPublish(product, major);
      meters.publish(product, MeshMeters.Outcome.of(e), start);
      throw e;
    } catch (RuntimeException e) {
      meters.publish(product, MeshMeters.Outcome.of(e), start);
      throw e;
    }
  }

  /** Returns what the publish would do. Writes no files, records nothing in the meters. */
  PublishPlan plan() {
    if (options.mode() == PublishMode.ERASE_QUARANTINE) {
      return quarantineErase().plan();
    }
    Context context = readContext();
    if (context.earlier().isPresent()) {
      return PublishDryRun.ofReplay(replay(context));
    }
    VersionEntry version = context.version();
    Table table = context.table();
    AffectedPartitions touched = new AffectedPartitions(table);
    UniqueKeyCheck keyCheck = keyCheck(context, touched);
    RowIngestion.Result written = ingest(context, keyCheck, touched).written();
    try (NewKeys keys = written.keys();
        PendingRules pending = pending(written, context.filter(), touched)) {
      PublishVerdict verdict =
          pending.evaluateBeforeCommit(table, QualityHistory.read(session, product, major));
      Optional<String> refusal = Optional.empty();
      List<Finding> findings = verdict.findings();
      long removed = 0;
      long quarantineRemoved = 0;
      try {
        check(version, written, table, pending);
        if (verdict.refused()) {
          throw PublishRejection.of(product, version.version(), verdict);
        }
        keyCheck.newKeys(keys).check(table);
        ReplacePlan replacement = replacement(table, context.filter(), written.files());
        removed = replacement == null ? 0 : replacement.prepare();
        ReplacePlan quarantined = quarantined(table, version, context.filter());
        quarantineRemoved = quarantined == null ? 0 : quarantined.prepare();
      } catch (ContractViolationException e) {
        refusal = Optional.of(String.valueOf(e.getMessage()));
        findings = e.findings();
      } catch (InvalidRequestException e) {
        if (e.errorCode() != ErrorCode.EMPTY_REPLACE) {
          throw e;
        }
        refusal = Optional.of(String.valueOf(e.getMessage()));
      }
      return new PublishDryRun(
          product,
          version.version(),
          options.mode(),
          refusal,
          verdict.report(),
          findings,
          removed,
          quarantineRemoved,
          Optional.empty());
    }
  }

  private QuarantineErase quarantineErase() {
    return QuarantineErase.of(session, product, options, files, publishId, deadline, action);
  }

  /**
   * The state that a publish is based on.
   *
   * @param filter selects the rows to replace or erase; null for modes without a filter
   * @param earlier the receipt of a publish under the same key
   */
  private record Context(
      ProductEntry entry,
      VersionEntry version,
      Table table,
      OnViolation policy,
      @Nullable RowPredicate filter,
      PublishRequest request,
      Optional<StoredReceipt> earlier) {}

  private Context readContext() {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    Target target = target(options.majorOf(entry));
    VersionEntry version = target.version();
    major = version.major();
    Table table = target.table();
    OnViolation policy = PublishPolicy.effective(version.contract(), options.policy(), action);
    RowPredicate filter =
        options.filter() == null
            ? null
            : RowPredicate.parse(options.filter(), table.schema(), action);
    if (options.mode() == PublishMode.REPLACE_PARTITIONS && table.spec().isUnpartitioned()) {
      throw unpartitioned();
    }
    PublishRequest request = request(version, filter);
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    if (earlier.isEmpty()) {
      session.catalog().requireUse(PublishOptions.use(options.mode()), product, version, action);
      PublishPolicy.checkCode(version.contract(), options.code().keySet(), action);
      checkCompleteUpTo();
      request.fingerprint(); // hashes the files before they are read
    }
    return new Context(entry, version, table, policy, filter, request, earlier);
  }

  /** Fails if the stated time is so late that it can only be a mistake. */
  private void checkCompleteUpTo() {
    Instant stated = options.completeUpTo();
    Instant now = session.runtime().clock().instant();
    if (stated != null && stated.isAfter(now.plus(MAX_AHEAD))) {
      throw Failure.of(action)
          .because(
              "completeUpTo(..) is "
                  + stated
                  + ", more than "
                  + MAX_AHEAD.toHours()
                  + " hours after the time of the mesh, "
                  + now)
          .state("Nothing was published.")
          .fix("State the time up to which all rows have arrived.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  private StoredReceipt publish() {
    if (options.mode() == PublishMode.ERASE_QUARANTINE) {
      return quarantineErase().run();
    }
    Context context = readContext();
    if (context.earlier().isPresent()) {
      return replay(context);
    }
    AffectedPartitions touched = new AffectedPartitions(context.table());
    UniqueKeyCheck keyCheck = keyCheck(context, touched);
    IngestedRows ingested = ingest(context, keyCheck, touched);
    try (NewKeys keys = ingested.written().keys()) {
      return commit(context, ingested, keyCheck.newKeys(keys), touched);
    }
  }

  /** The receipt of the earlier publish, after {@code verifyingReplay()} compared the rows. */
  private StoredReceipt replay(Context context) {
    StoredReceipt earlier = context.earlier().orElseThrow();
    if (options.mode() != PublishMode.ERASE) {
      if (options.verifyingReplay()) {
        return verify(earlier, context.version(), context.table());
      }
      ReplayCheck.difference(earlier, rows.count(), action).ifPresent(LOG::warn);
    }
    return earlier;
  }

  private PendingRules pending(
      RowIngestion.Result written, @Nullable RowPredicate filter, AffectedPartitions touched) {
    return new PendingRules(session, written, options.mode(), filter, touched, deadline, action);
  }

  private StoredReceipt commit(
      Context context, IngestedRows ingested, UniqueKeyCheck keyCheck, AffectedPartitions touched) {
    RowIngestion.Result written = ingested.written();
    VersionEntry version = context.version();
    Table table = context.table();
    try (PendingRules pending = pending(written, context.filter(), touched)) {
      check(version, written, table, pending);
      ReplacePlan replacement = replacement(table, context.filter(), written.files());
      ReplacePlan quarantined = quarantined(table, version, context.filter());
      PublishChange change =
          new PublishChange(
              session,
              context.request(),
              context.entry(),
              version,
              written,
              pending,
              ingested.digest(),
              replacement,
              quarantined,
              keyCheck,
              deadline);
      StoredReceipt receipt = commit(change, written, replacement, quarantined);
      if (receipt.replayed()) {
        long offered = written.verdict().report().rowsOffered();
        if (options.verifyingReplay() && ingested.digest().isPresent()) {
          ReplayCheck.checkSameRows(receipt, ingested.digest().get(), offered, action);
        }
        ReplayCheck.difference(receipt, OptionalLong.of(offered), action).ifPresent(LOG::warn);
      }
      reportCommit();
      return receipt;
    }
  }

  /** A contract and the table that has its columns. */
  private record Target(VersionEntry version, Table table) {}

  /** Loads the contract and its table. Repeats if the contract was amended in between. */
  private Target target(int major) {
    while (true) {
      deadline.check(action);
      VersionEntry version = session.catalog().requireFor(Use.DESCRIBE, product, major, action);
      Table table = session.tables().load(TableName.of(product, version.major()));
      boolean unchanged =
          session
              .ledger()
              .read(version.majorStored().key())
              .filter(now -> now.version().equals(version.majorStored().version()))
              .isPresent();
      if (unchanged) {
        return new Target(version, table);
      }
    }
  }

  /**
   * The rows of the source.
   *
   * @param written the files that they were written to
   * @param digest the digest of the offered rows; empty if it was not computed
   */
  private record IngestedRows(RowIngestion.Result written, Optional<String> digest) {}

  /** Returns the earlier receipt if the source has the same rows. */
  private StoredReceipt verify(StoredReceipt earlier, VersionEntry version, Table table) {
    ProgressMeter progress = progress();
    try (DigestedInput input = digested(version, table)) {
      while (input.next() != null) {
        deadline.check(action);
        progress.at(ROWS, input.rowsRead(), input.total());
      }
      progress.end(ROWS, input.rowsRead(), input.total());
      ReplayCheck.checkSameRows(earlier, input.digest(), input.rowsRead(), action);
    }
    return earlier;
  }

  private RowInput open(VersionEntry version, Table table) {
    return rows.open(version.contract(), table.schema(), options.ignoringUnknownColumns(), action);
  }

  private DigestedInput digested(VersionEntry version, Table table) {
    return new DigestedInput(open(version, table));
  }

  private PublishRequest request(VersionEntry version, @Nullable RowPredicate filter) {
    PublishIntent intent =
        new PublishIntent(
            options.mode(),
            Optional.ofNullable(filter).map(RowPredicate::text),
            Optional.ofNullable(options.reason()),
            DerivationCheck.checked(session, version.contract(), options.inputs(), action),
            Optional.ofNullable(options.completeUpTo()));
    return new PublishRequest(
        product,
        version.major(),
        publishId,
        options.key(),
        intent,
        rows,
        options.contentDigest(),
        action);
  }

  private UniqueKeyCheck keyCheck(Context context, AffectedPartitions touched) {
    return new UniqueKeyCheck(
        context.table(),
        files,
        product,
        context.version(),
        options.mode(),
        context.filter(),
        touched,
        deadline,
        action);
  }

  private IngestedRows ingest(
      Context context, UniqueKeyCheck keyCheck, AffectedPartitions touched) {
    if (options.mode() == PublishMode.ERASE) {
      return new IngestedRows(RowIngestion.Result.ofNoRows(), Optional.empty());
    }
    VersionEntry version = context.version();
    Table table = context.table();
    Table quarantine = session.tables().load(TableName.of(product, version.major()).quarantined());
    RowIngestion.Result written = null;
    try (RowInput input =
            options.verifyingReplay() ? digested(version, table) : open(version, table);
        RowIngestion ingest =
            new RowIngestion(
                version.contract(),
                context.policy(),
                table,
                quarantine,
                files,
                publishId,
                context.filter(),
                keyCheck.existingKeys(),
                touched,
                ruleContext(),
                progress(),
                session.runtime().executor(),
                deadline,
                action)) {
      written = ingest.run(input);
      return new IngestedRows(
          written,
          input instanceof DigestedInput digested
              ? Optional.of(digested.digest())
              : Optional.empty());
    } catch (RuntimeException e) {
      // Closing the source failed after the files were written.
      if (written != null) {
        written.keys().close();
        delete(written);
      }
      throw e;
    }
  }

  private ProgressMeter progress() {
    return new ProgressMeter(session.runtime().clock(), options.progress(), action);
  }

  private RuleContext ruleContext() {
    return new RuleContext(
        session.runtime().clock().instant(),
        options.code(),
        new PinnedProducts(session, product, deadline, action));
  }

  /**
   * Rejects rows that break the contract or do not match the filter, and an unintended replacement
   * by no rows.
   */
  private void check(
      VersionEntry version, RowIngestion.Result written, Table table, PendingRules pending) {
    if (written.verdict().refused()) {
      // The other rules are evaluated too, so that the message has all findings.
      throw PublishRejection.of(
          product,
          version.version(),
          pending.evaluateBeforeCommit(
              table, QualityHistory.read(session, product, version.major())));
    }
    Optional<Finding> outside = written.outsideScope();
    if (outside.isPresent()) {
      throw PublishRejection.ofOutsideScope(action, outside.get());
    }
    boolean noRows = written.verdict().report().rowsAccepted() == 0;
    if (noRows && PublishOptions.replacesRows(options.mode()) && !options.allowingEmpty()) {
      delete(written);
      throw Failure.of(action.on("by " + options.mode().text()))
          .because("the source has no rows, and replacing rows with none deletes them")
          .fix("Check why the source is empty, or call allowingEmpty().")
          .invalidRequest(ErrorCode.EMPTY_REPLACE);
    }
  }

  private @Nullable ReplacePlan replacement(
      Table table, @Nullable RowPredicate filter, List<DataFileEntry> incoming) {
    if (options.mode() == PublishMode.APPEND) {
      return null;
    }
    ReplacedRows replaced;
    if (filter != null) {
      RowSelection selection = RowSelection.of(filter);
      RowRemoval removal = new RowRemoval(table, files, publishId, selection, deadline, action);
      replaced = ReplacedRows.matching(selection, removal);
    } else if (options.mode() == PublishMode.REPLACE_PARTITIONS) {
      replaced = ReplacedRows.partitionsOf(table.spec(), incoming, action);
    } else {
      replaced = ReplacedRows.all();
    }
    return new ReplacePlan(table, replaced, action);
  }

  /**
   * The quarantined rows that an erase removes: those that may match its filter. Null for other
   * modes.
   */
  private @Nullable ReplacePlan quarantined(
      Table table, VersionEntry version, @Nullable RowPredicate filter) {
    if (options.mode() != PublishMode.ERASE || filter == null) {
      return null;
    }
    Table quarantine = session.tables().load(TableName.of(product, version.major()).quarantined());
    RowSelection selection = new QuarantinedRowSelection(filter, table.schema());
    return new ReplacePlan(
        quarantine,
        ReplacedRows.matchingByContent(
            new RowRemoval(quarantine, files, publishId + "-q", selection, deadline, action)),
        action);
  }

  /** Commits the written files; deletes them again if the commit certainly failed. */
  private StoredReceipt commit(
      PublishChange change,
      RowIngestion.Result written,
      @Nullable ReplacePlan replacement,
      @Nullable ReplacePlan quarantined) {
    StoredReceipt receipt;
    try {
      change.prepare();
      progress().end(COMMIT, 0, OptionalLong.of(1));
      receipt = session.ledger().commit(change, deadline);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      discard(written, replacement, quarantined);
      throw e;
    }
    if (receipt.replayed()) {
      discard(written, replacement, quarantined);
      return receipt;
    }
    if (replacement != null) {
      replacement.discardAllBut(change.files());
    }
    if (quarantined != null) {
      quarantined.discardAllBut(change.quarantineFiles());
    }
    return receipt;
  }

  private void discard(
      RowIngestion.Result written,
      @Nullable ReplacePlan replacement,
      @Nullable ReplacePlan quarantined) {
    delete(written);
    if (replacement != null) {
      replacement.discardAllBut(List.of());
    }
    if (quarantined != null) {
      quarantined.discardAllBut(List.of());
    }
  }

  /** Reports the commit to the listener, whose failure must not hide the receipt. */
  private void reportCommit() {
    try {
      options.progress().at(COMMIT, 1, OptionalLong.of(1));
    } catch (RuntimeException e) {
      LOG.warn(
          "{} was committed; the listener of its progress failed with {}",
          action,
          e.getClass().getName());
    }
  }

  private void delete(RowIngestion.Result written) {
    UncommittedFiles.deleteAll(files, written.files());
    UncommittedFiles.deleteAll(files, written.quarantineFiles());
  }

  private InvalidRequestException unpartitioned() {
    return Failure.of(action.on("by replacingPartitions()"))
        .because("its table is not partitioned")
        .state("Nothing was published.")
        .fix("Use replacingAll(), or replacingWhere(..) for some of the rows.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
