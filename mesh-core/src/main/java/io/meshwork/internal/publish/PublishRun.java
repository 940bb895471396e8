package io.meshwork.internal.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.AffectedPartitions;
import io.meshwork.internal.ingest.DigestedInput;
import io.meshwork.internal.ingest.QuarantinedRows;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.RowRemoval;
import io.meshwork.internal.ingest.RowSelection;
import io.meshwork.internal.ingest.WrittenFiles;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.ExistingKeys;
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

/** One publish from admission to receipt; it is run once, by one thread. */
final class PublishRun {
  private static final Logger LOG = LoggerFactory.getLogger(PublishRun.class);
  private static final String COMMIT = "commit";
  private static final String ROWS = "rows";

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
   * A publish that has not begun.
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
                options.limit() == null ? session.runtime().deadline() : options.limit());
    this.publishId = session.runtime().ids().next();
  }

  /** The publish, counted by how it ended. */
  StoredReceipt run() {
    MeshMeters meters = session.runtime().meters();
    Instant begun = meters.now();
    try {
      StoredReceipt receipt = publish();
      CommitLogLines.log(receipt, Duration.between(begun, meters.now()));
      meters.publish(product, PublishMeters.count(meters, receipt), begun);
      return receipt;
    } catch (ContractViolationException e) {
      meters.refusedPublish(product, major);
      meters.publish(product, MeshMeters.Outcome.of(e), begun);
      throw e;
    } catch (RuntimeException e) {
      meters.publish(product, MeshMeters.Outcome.of(e), begun);
      throw e;
    }
  }

  /** What it would do. Files go nowhere, and nobody is told. */
  PublishPlan plan() {
    if (options.mode() == PublishMode.ERASE_QUARANTINE) {
      return quarantineErase().plan();
    }
    Begun begun = begin();
    if (begun.earlier().isPresent()) {
      return PublishDryRun.ofReplay(replayed(begun));
    }
    VersionEntry version = begun.version();
    AffectedPartitions touched = new AffectedPartitions(begun.table());
    KeyGuard guard = guard(version, begun.table(), begun.filter(), touched);
    RowIngestion.Result written = read(begun, guard, touched).written();
    try (NewKeys keys = written.keys();
        PendingRules pending = pending(written, begun.filter(), touched)) {
      PublishVerdict judgement =
          pending.judgedAnyway(begun.table(), QualityHistory.read(session, product, major));
      Optional<String> refusal = Optional.empty();
      List<Finding> findings = judgement.findings();
      long removed = 0;
      long quarantineRemoved = 0;
      try {
        check(version, written, begun.table(), pending);
        if (judgement.refused()) {
          throw PublishRefusal.of(product, version.version(), judgement);
        }
        guard.guarding(keys).check(begun.table());
        ReplacePlan replacement = replacement(begun.table(), begun.filter(), written.files());
        removed = replacement == null ? 0 : replacement.prepare();
        ReplacePlan quarantined = quarantined(begun.table(), version, begun.filter());
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
          judgement.report(),
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
   * What a publish begins with.
   *
   * @param filter of what is replaced or erased; null if there is none
   * @param earlier the receipt of a publish under the same key
   */
  private record Begun(
      ProductEntry entry,
      VersionEntry version,
      Table table,
      OnViolation policy,
      @Nullable RowPredicate filter,
      PublishRequest request,
      Optional<StoredReceipt> earlier) {}

  private Begun begin() {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    Target target = target(entry.currentMajor());
    VersionEntry version = target.version();
    major = version.major();
    Table table = target.table();
    OnViolation effective = PublishPolicy.effective(version.contract(), options.policy(), action);
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
      PublishPolicy.checkCode(version.contract(), options.code().keySet(), action);
      request.fingerprint(); // of files as they are before they are read
    }
    return new Begun(entry, version, table, effective, filter, request, earlier);
  }

  private StoredReceipt publish() {
    if (options.mode() == PublishMode.ERASE_QUARANTINE) {
      return quarantineErase().run();
    }
    Begun begun = begin();
    if (begun.earlier().isPresent()) {
      return replayed(begun);
    }
    AffectedPartitions touched = new AffectedPartitions(begun.table());
    KeyGuard guard = guard(begun.version(), begun.table(), begun.filter(), touched);
    Rows read = read(begun, guard, touched);
    try (NewKeys keys = read.written().keys()) {
      return commit(begun, read, guard.guarding(keys), touched);
    }
  }

  /** The receipt of the earlier publish, which rows are compared with if that was asked for. */
  private StoredReceipt replayed(Begun begun) {
    StoredReceipt earlier = begun.earlier().orElseThrow();
    if (options.mode() != PublishMode.ERASE) {
      if (options.verifyingReplay()) {
        return verified(earlier, begun.version(), begun.table());
      }
      ReplayCheck.difference(earlier, rows.count(), action).ifPresent(LOG::warn);
    }
    return earlier;
  }

  private Rows read(Begun begun, KeyGuard guard, AffectedPartitions touched) {
    return options.mode() == PublishMode.ERASE
        ? new Rows(RowIngestion.Result.ofNoRows(), Optional.empty())
        : ingest(
            begun.version(),
            begun.policy(),
            begun.table(),
            begun.filter(),
            guard.existingKeys(),
            touched);
  }

  private PendingRules pending(
      RowIngestion.Result written, @Nullable RowPredicate filter, AffectedPartitions touched) {
    return new PendingRules(session, written, options.mode(), filter, touched, deadline, action);
  }

  private StoredReceipt commit(Begun begun, Rows read, KeyGuard guard, AffectedPartitions touched) {
    RowIngestion.Result written = read.written();
    VersionEntry version = begun.version();
    Table table = begun.table();
    try (PendingRules pending = pending(written, begun.filter(), touched)) {
      check(version, written, table, pending);
      ReplacePlan replacement = replacement(table, begun.filter(), written.files());
      ReplacePlan quarantined = quarantined(table, version, begun.filter());
      PublishChange change =
          new PublishChange(
              session,
              begun.request(),
              begun.entry(),
              version,
              written,
              pending,
              read.digest(),
              replacement,
              quarantined,
              guard,
              deadline);
      StoredReceipt receipt = commit(change, written, replacement, quarantined);
      if (receipt.replayed()) {
        long offered = written.judgement().report().rowsOffered();
        if (options.verifyingReplay() && read.digest().isPresent()) {
          ReplayCheck.checkSameRows(receipt, read.digest().get(), offered, action);
        }
        ReplayCheck.difference(receipt, OptionalLong.of(offered), action).ifPresent(LOG::warn);
      }
      logCommit();
      return receipt;
    }
  }

  /** A contract and the table that has its columns. */
  private record Target(VersionEntry version, Table table) {}

  /** A contract that was amended before its table was loaded is looked at again. */
  private Target target(int major) {
    while (true) {
      deadline.check(action);
      VersionEntry version = session.catalog().requireVersion(product, major, action);
      Table table = session.tables().load(TableName.of(product, version.major()));
      boolean stands =
          session
              .ledger()
              .read(version.majorStored().key())
              .filter(now -> now.version().equals(version.majorStored().version()))
              .isPresent();
      if (stands) {
        return new Target(version, table);
      }
    }
  }

  /**
   * Rows that were read once.
   *
   * @param written what came of them
   * @param digest of what the source gave; empty if none was asked for
   */
  private record Rows(RowIngestion.Result written, Optional<String> digest) {}

  /** The earlier receipt, if the rows are those that it speaks of. */
  private StoredReceipt verified(StoredReceipt earlier, VersionEntry version, Table table) {
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

  private KeyGuard guard(
      VersionEntry version,
      Table table,
      @Nullable RowPredicate filter,
      AffectedPartitions touched) {
    return new KeyGuard(
        table, files, product, version, options.mode(), filter, touched, deadline, action);
  }

  private Rows ingest(
      VersionEntry version,
      OnViolation effective,
      Table table,
      @Nullable RowPredicate filter,
      ExistingKeys standing,
      AffectedPartitions touched) {
    Table quarantine = session.tables().load(TableName.of(product, version.major()).quarantined());
    RowIngestion.Result written = null;
    try (RowInput input =
            options.verifyingReplay() ? digested(version, table) : open(version, table);
        RowIngestion ingest =
            new RowIngestion(
                version.contract(),
                effective,
                table,
                quarantine,
                files,
                publishId,
                filter,
                standing,
                touched,
                surroundings(),
                progress(),
                session.runtime().executor(),
                deadline,
                action)) {
      written = ingest.run(input);
      return new Rows(
          written,
          input instanceof DigestedInput digested
              ? Optional.of(digested.digest())
              : Optional.empty());
    } catch (RuntimeException e) {
      // The source failed at its very end, when files were handed over already.
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

  private RuleContext surroundings() {
    return new RuleContext(
        session.runtime().clock().instant(),
        options.code(),
        new PinnedProducts(session, product, deadline, action));
  }

  /**
   * Refuses what breaks the contract, lies outside of what it replaces, or would wipe by mistake.
   */
  private void check(
      VersionEntry version, RowIngestion.Result written, Table table, PendingRules pending) {
    if (written.judgement().refused()) {
      // All that is wrong is told at once, beside what the table would have held.
      throw PublishRefusal.of(
          product,
          version.version(),
          pending.judgedAnyway(table, QualityHistory.read(session, product, version.major())));
    }
    Optional<Finding> outside = written.outsideScope();
    if (outside.isPresent()) {
      throw PublishRefusal.ofOutsideScope(action, outside.get());
    }
    boolean nothing = written.judgement().report().rowsAccepted() == 0;
    if (nothing && PublishOptions.replacesRows(options.mode()) && !options.allowingEmpty()) {
      delete(written);
      throw new InvalidRequestException(
          ErrorCode.EMPTY_REPLACE,
          "Cannot "
              + action
              + " by "
              + options.mode().text()
              + ": there is no row to publish, and replacing rows with none takes them away."
              + " Nothing was changed. Look why the source is empty, or say allowingEmpty().");
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
      replaced = ReplacedRows.partitionsOf(table.spec(), incoming);
    } else {
      replaced = ReplacedRows.all();
    }
    return new ReplacePlan(table, replaced, action);
  }

  /**
   * What an erase takes out of the quarantine: what may be of the same rows. Null for what erases
   * nothing.
   */
  private @Nullable ReplacePlan quarantined(
      Table table, VersionEntry version, @Nullable RowPredicate filter) {
    if (options.mode() != PublishMode.ERASE || filter == null) {
      return null;
    }
    Table quarantine = session.tables().load(TableName.of(product, version.major()).quarantined());
    RowSelection selection = new QuarantinedRows(filter, table.schema());
    return new ReplacePlan(
        quarantine,
        ReplacedRows.matchingByContent(
            new RowRemoval(quarantine, files, publishId + "-q", selection, deadline, action)),
        action);
  }

  /** Commits what was written; takes the files away again whenever it is certain that it failed. */
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

  /** What is committed stays so: a listener that fails now must not hide the receipt. */
  private void logCommit() {
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
    WrittenFiles.deleteAll(files, written.files());
    WrittenFiles.deleteAll(files, written.quarantineFiles());
  }

  private InvalidRequestException unpartitioned() {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + action
            + " by replacingPartitions(): its table is not partitioned. Nothing was published. Use"
            + " replacingAll(), or replacingWhere(..) for some of the rows.");
  }
}
