package io.meshwork.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.DigestedInput;
import io.meshwork.internal.ingest.Ingest;
import io.meshwork.internal.ingest.Input;
import io.meshwork.internal.ingest.RowRemoval;
import io.meshwork.internal.ingest.TouchedPartitions;
import io.meshwork.internal.ingest.WrittenFiles;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.quality.PublishedKeys;
import io.meshwork.internal.quality.RuleSurroundings;
import io.meshwork.internal.quality.StandingKeys;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One publish from admission to receipt; it is run once, by one thread. */
final class PublishRun {
  private static final Logger LOG = LoggerFactory.getLogger(PublishRun.class);
  private static final String COMMIT = "commit";
  private static final String ROWS = "rows";

  private final Session session;
  private final ProductName product;
  private final PublishOptions options;
  private final Source rows;
  private final String doing;
  private final Deadline deadline;
  private final String publishId;
  private int major;

  PublishRun(
      Session session, ProductName product, PublishOptions options, Source rows, String doing) {
    this.session = session;
    this.product = product;
    this.options = options;
    this.rows = rows;
    this.doing = doing;
    this.deadline =
        session
            .runtime()
            .startDeadline(
                options.limit() == null ? session.runtime().deadline() : options.limit());
    this.publishId = session.runtime().ids().next();
  }

  /** The publish, counted by how it ended. */
  PublishReceipt run() {
    MeshMeters meters = session.runtime().meters();
    Instant begun = meters.now();
    try {
      PublishReceipt receipt = publish();
      meters.publish(product, Outcomes.count(meters, receipt), begun);
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

  private PublishReceipt publish() {
    ProductEntry entry = session.catalog().requireProduct(product, doing);
    session.admission().actsFor(product.domain(), doing);
    Target target = target(entry.currentMajor());
    VersionEntry version = target.version();
    major = version.major();
    Table table = target.table();
    OnViolation effective = Policies.effective(version.contract(), options.policy(), doing);
    Predicate filter =
        options.filter() == null ? null : Predicate.parse(options.filter(), table.schema(), doing);
    if (options.mode() == PublishMode.REPLACE_PARTITIONS && table.spec().isUnpartitioned()) {
      throw unpartitioned();
    }
    Request request = request(version, filter);
    Optional<PublishReceipt> earlier = Receipts.replay(session, request);
    if (earlier.isPresent()) {
      return options.verifyingReplay() && options.mode() != PublishMode.ERASE
          ? verified(earlier.get(), version, table)
          : earlier.get();
    }
    request.fingerprint(); // of files as they are before they are read

    TouchedPartitions touched = new TouchedPartitions(table);
    KeyGuard guard = guard(version, table, filter, touched);
    Rows read =
        options.mode() == PublishMode.ERASE
            ? new Rows(Ingest.Result.ofNoRows(), Optional.empty())
            : ingest(version, effective, table, filter, guard.standing(), touched);
    try (PublishedKeys keys = read.written().keys()) {
      return commit(request, entry, version, table, filter, read, guard.guarding(keys), touched);
    }
  }

  private PublishReceipt commit(
      Request request,
      ProductEntry entry,
      VersionEntry version,
      Table table,
      @Nullable Predicate filter,
      Rows read,
      KeyGuard guard,
      TouchedPartitions touched) {
    Ingest.Result written = read.written();
    try (PendingRules pending =
        new PendingRules(session, written, options.mode(), filter, touched, deadline, doing)) {
      check(version, written, table, pending);
      Replacement replacement = replacement(table, filter, written.files());
      PublishChange change =
          new PublishChange(
              session,
              request,
              entry,
              version,
              written,
              pending,
              read.digest(),
              replacement,
              guard);
      PublishReceipt receipt = commit(change, table, written, replacement);
      if (receipt.replayed() && options.verifyingReplay() && read.digest().isPresent()) {
        Replay.checkSameRows(
            receipt, read.digest().get(), written.judgement().report().rowsOffered(), doing);
      }
      tellCommitted();
      return receipt;
    }
  }

  /** A contract and the table that has its columns. */
  private record Target(VersionEntry version, Table table) {}

  /** A contract that was amended before its table was loaded is looked at again. */
  private Target target(int major) {
    while (true) {
      deadline.check(doing);
      VersionEntry version = session.catalog().requireVersion(product, major, doing);
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
  private record Rows(Ingest.Result written, Optional<String> digest) {}

  /** The earlier receipt, if the rows are those that it speaks of. */
  private PublishReceipt verified(PublishReceipt earlier, VersionEntry version, Table table) {
    ProgressMeter progress = new ProgressMeter(session.runtime().clock(), options.progress());
    try (DigestedInput input = digested(version, table)) {
      while (input.next() != null) {
        deadline.check(doing);
        progress.at(ROWS, input.rowsRead(), input.total());
      }
      progress.end(ROWS, input.rowsRead(), input.total());
      Replay.checkSameRows(earlier, input.digest(), input.rowsRead(), doing);
    }
    return earlier;
  }

  private Input open(VersionEntry version, Table table) {
    return rows.open(version.contract(), table.schema(), options.ignoringUnknownColumns(), doing);
  }

  private DigestedInput digested(VersionEntry version, Table table) {
    return new DigestedInput(open(version, table));
  }

  private Request request(VersionEntry version, @Nullable Predicate filter) {
    PublishIntent intent =
        new PublishIntent(
            options.mode(),
            Optional.ofNullable(filter).map(Predicate::text),
            Optional.ofNullable(options.reason()),
            Derivations.checked(session, version.contract(), options.inputs(), doing),
            Optional.ofNullable(options.completeUpTo()));
    return new Request(
        product,
        version.major(),
        publishId,
        options.key(),
        intent,
        rows,
        options.contentDigest(),
        doing);
  }

  private KeyGuard guard(
      VersionEntry version, Table table, @Nullable Predicate filter, TouchedPartitions touched) {
    return new KeyGuard(
        table, session.files(), product, version, options.mode(), filter, touched, deadline, doing);
  }

  private Rows ingest(
      VersionEntry version,
      OnViolation effective,
      Table table,
      @Nullable Predicate filter,
      StandingKeys standing,
      TouchedPartitions touched) {
    Table quarantine = session.tables().load(TableName.of(product, version.major()).quarantined());
    Ingest.Result written = null;
    try (Input input = options.verifyingReplay() ? digested(version, table) : open(version, table);
        Ingest ingest =
            new Ingest(
                version.contract(),
                effective,
                table,
                quarantine,
                session.files(),
                publishId,
                filter,
                standing,
                touched,
                surroundings(),
                new ProgressMeter(session.runtime().clock(), options.progress()),
                session.runtime().executor(),
                deadline,
                doing)) {
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

  private RuleSurroundings surroundings() {
    return new RuleSurroundings(
        session.runtime().clock().instant(),
        options.code(),
        new PinnedProducts(session, product, deadline, doing));
  }

  /**
   * Refuses what breaks the contract, lies outside of what it replaces, or would wipe by mistake.
   */
  private void check(
      VersionEntry version, Ingest.Result written, Table table, PendingRules pending) {
    if (written.judgement().refused()) {
      // All that is wrong is told at once, beside what the table would have held.
      throw Refusal.of(
          product,
          version.version(),
          pending.judgedAnyway(table, QualityHistory.read(session, product, version.major())));
    }
    Optional<Finding> outside = written.outsideScope();
    if (outside.isPresent()) {
      throw Refusal.ofOutsideScope(doing, outside.get());
    }
    boolean nothing = written.judgement().report().rowsAccepted() == 0;
    if (nothing && options.mode().needsRows() && !options.allowingEmpty()) {
      delete(written);
      throw new InvalidRequestException(
          ErrorCode.EMPTY_REPLACE,
          "Cannot "
              + doing
              + " by "
              + options.mode().text()
              + ": there is no row to publish, and replacing rows with none takes them away. Nothing"
              + " was changed. Look why the source is empty, or say allowingEmpty().");
    }
  }

  private @Nullable Replacement replacement(
      Table table, @Nullable Predicate filter, List<DataFileEntry> incoming) {
    if (options.mode() == PublishMode.APPEND) {
      return null;
    }
    ReplacedRows replaced;
    if (filter != null) {
      RowRemoval removal =
          new RowRemoval(table, session.files(), publishId, filter, deadline, doing);
      replaced = ReplacedRows.matching(filter, removal);
    } else if (options.mode() == PublishMode.REPLACE_PARTITIONS) {
      replaced = ReplacedRows.partitionsOf(table.spec(), incoming);
    } else {
      replaced = ReplacedRows.all();
    }
    return new Replacement(BaseState.of(table), replaced, doing);
  }

  /** Commits what was written; takes the files away again whenever it is certain that it failed. */
  private PublishReceipt commit(
      PublishChange change, Table table, Ingest.Result written, @Nullable Replacement replacement) {
    PublishReceipt receipt;
    try {
      if (replacement != null) {
        replacement.prepare(table);
      }
      options.progress().at(COMMIT, 0, OptionalLong.of(1));
      receipt = session.ledger().commit(change, deadline);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      discard(written, replacement);
      throw e;
    }
    if (receipt.replayed()) {
      discard(written, replacement);
    } else if (replacement != null) {
      replacement.discardAllBut(change.files());
    }
    return receipt;
  }

  private void discard(Ingest.Result written, @Nullable Replacement replacement) {
    delete(written);
    if (replacement != null) {
      replacement.discardAllBut(List.of());
    }
  }

  /** What is committed stays so: a listener that fails now must not hide the receipt. */
  private void tellCommitted() {
    try {
      options.progress().at(COMMIT, 1, OptionalLong.of(1));
    } catch (RuntimeException e) {
      LOG.warn(
          "{} was committed; the listener of its progress failed with {}",
          doing,
          e.getClass().getName());
    }
  }

  private void delete(Ingest.Result written) {
    WrittenFiles.deleteAll(session.files(), written.files());
    WrittenFiles.deleteAll(session.files(), written.quarantineFiles());
  }

  private InvalidRequestException unpartitioned() {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot "
            + doing
            + " by replacingPartitions(): its table is not partitioned. Nothing was published. Use"
            + " replacingAll(), or replacingWhere(..) for some of the rows.");
  }
}
