package io.meshwork.internal.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.index.RefusedPublishes;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.receipts.CommitLogLines;
import io.meshwork.internal.receipts.DigestedInput;
import io.meshwork.internal.receipts.DryRunResult;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.receipts.ReplayCheck;
import io.meshwork.internal.receipts.RowsDigest;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One publish, from the checks to the receipt. It runs once. Not thread-safe. */
final class PublishRun {
  private static final Logger LOG = LoggerFactory.getLogger(PublishRun.class);
  private static final String COMMIT = "commit";
  private static final String ROWS = "rows";

  /** How far a statement of completeness may be ahead of the mesh's time. */
  private static final Duration MAX_AHEAD = Duration.ofHours(24);

  private final PublishContext publish;
  private final ClientSession session;
  private final ProductName product;
  private final PublishOptions options;
  private final RowSource rows;
  private final MeshAction action;
  private final Deadline deadline;
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
    this.product = product;
    this.options = options;
    this.rows = rows;
    this.action = action;
    this.deadline =
        session
            .runtime()
            .startDeadline(
                options.timeout() == null ? session.runtime().deadline() : options.timeout());
    this.publish =
        new PublishContext(
            session,
            product,
            options,
            files,
            session.runtime().ids().next(),
            rows instanceof StagedSource staged ? staged.entry().bases() : Map.of(),
            rows instanceof RepublishedSource republished ? republished : null,
            deadline,
            action);
  }

  PublishContext context() {
    return publish;
  }

  /** Runs the publish and records its outcome in the meters. */
  StoredReceipt run() {
    MeshMeters meters = session.runtime().meters();
    Instant start = meters.now();
    try {
      StoredReceipt receipt = publish();
      CommitLogLines.log(receipt, Duration.between(start, meters.now()));
      MeshMeters.Outcome outcome =
          rows instanceof RepublishedSource
              ? PublishMeters.countRepublished(session, receipt)
              : PublishMeters.count(meters, receipt);
      meters.publish(product, outcome, start);
      return receipt;
    } catch (ContractViolationException e) {
      meters.refusedPublish(product, major);
      meters.publish(product, MeshMeters.Outcome.of(e), start);
      RefusedPublishes.record(session, product, options.key(), e, deadline);
      throw e;
    } catch (RuntimeException e) {
      meters.publish(product, MeshMeters.Outcome.of(e), start);
      throw asInterruption(action, e);
    }
  }

  /**
   * An interruption closes files and ends tasks, which looks like another failure. Reports the
   * interruption instead. Nothing was committed when either is thrown.
   */
  static RuntimeException asInterruption(MeshAction action, RuntimeException failure) {
    boolean reported =
        failure instanceof BackendException backend
            ? backend.errorCode() == ErrorCode.INTERRUPTED
            : failure instanceof MeshException;
    if (reported || !Thread.currentThread().isInterrupted()) {
      return failure;
    }
    BackendException interrupted = Deadline.interrupted(action, null);
    interrupted.addSuppressed(failure);
    return interrupted;
  }

  /** Returns what the publish would do. Writes no files, records nothing in the meters. */
  PublishPlan dryRun() {
    if (options.mode() == PublishMode.ERASE_QUARANTINE) {
      return quarantineErase().dryRun();
    }
    BaseVersions base = readBase();
    if (base.earlier().isPresent()) {
      return DryRunResult.ofReplay(replay(base));
    }
    try (OpenWrites majors = base.majors()) {
      ingest(base, false);
      List<PublishVerdict> verdicts = majors.all().stream().map(MajorWrite::evaluate).toList();
      Optional<MeshException> failure = Optional.empty();
      List<Finding> findings =
          verdicts.stream().flatMap(verdict -> verdict.findings().stream()).toList();
      try {
        check(majors.all());
        checkAsTransaction(majors.all(), verdicts);
      } catch (ConflictException e) {
        failure = Optional.of(e);
      } catch (ContractViolationException e) {
        failure = Optional.of(e);
        findings = e.findings();
      } catch (InvalidRequestException e) {
        if (e.errorCode() != ErrorCode.EMPTY_REPLACE) {
          throw e;
        }
        failure = Optional.of(e);
      }
      MajorWrite leading = majors.leading();
      return new DryRunResult(
          product,
          leading.version().version(),
          options.mode(),
          failure,
          verdicts.get(0).report(),
          findings,
          leading.rowsToRemove(),
          leading.quarantineRowsToRemove(),
          Optional.empty());
    }
  }

  /** Makes the checks that the transaction makes for each major version, in its order. */
  private void checkAsTransaction(List<MajorWrite> majors, List<PublishVerdict> verdicts) {
    for (int i = 0; i < majors.size(); i++) {
      MajorWrite write = majors.get(i);
      write.checkKeys();
      write.checkUnchanged();
      if (verdicts.get(i).refused()) {
        throw PublishRejection.of(product, write.version().version(), verdicts.get(i));
      }
    }
  }

  private void checkRepublished(List<MajorWrite> majors) {
    if (rows instanceof RepublishedSource republished) {
      republished.checkMissingIn(numbers(majors.subList(1, majors.size())), action);
    }
  }

  private static List<Integer> numbers(List<MajorWrite> majors) {
    return majors.stream().map(each -> each.version().major()).toList();
  }

  /** The quarantines that a publish of quarantined rows changes besides those that it writes. */
  private Optional<SharedQuarantines> otherQuarantines() {
    return rows instanceof RepublishedSource republished ? republished.others() : Optional.empty();
  }

  private QuarantineErase quarantineErase() {
    return QuarantineErase.of(publish);
  }

  /**
   * The state that a publish is based on.
   *
   * @param majors the major versions that it publishes to
   * @param policy the policy for violations in all of them
   * @param earlier the receipt of a publish under the same key
   */
  private record BaseVersions(
      ProductEntry entry,
      OpenWrites majors,
      OnViolation policy,
      PublishRequest request,
      Optional<StoredReceipt> earlier) {}

  /** The major versions of a publish, the leading one first. */
  private record OpenWrites(List<PublishedMajor> majors) implements AutoCloseable {
    MajorWrite leading() {
      return majors.get(0).write();
    }

    List<MajorWrite> all() {
      return majors.stream().map(PublishedMajor::write).toList();
    }

    /** The rows as each major version has them. */
    List<RowInput> inputs(RowInput source) {
      List<RowInput> inputs = new ArrayList<>();
      for (PublishedMajor major : majors) {
        inputs.add(major.input().apply(source));
      }
      return inputs;
    }

    @Override
    public void close() {
      majors.forEach(major -> major.write().close());
    }
  }

  private BaseVersions readBase() {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    MajorWrite leading =
        MajorWrite.open(publish, options.majorOf(session, entry), options.filter());
    VersionEntry version = leading.version();
    major = version.major();
    OnViolation policy = PublishPolicy.effective(version.contract(), options.policy(), action);
    PublishRequest request = request(leading);
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    if (earlier.isEmpty()) {
      leading.requireUse();
      if (rows instanceof StagedSource staged) {
        staged.requireLive(action);
      }
      if (rows instanceof RepublishedSource republished) {
        republished.begin(leading.version(), action);
      }
      checkCompleteUpTo();
      request.fingerprint(); // hashes the files before they are read
    }
    List<PublishedMajor> all = new ArrayList<>();
    all.add(PublishedMajor.leading(leading));
    if (earlier.isEmpty()) {
      all.addAll(PublishedMajors.others(publish, leading));
    }
    if (earlier.isEmpty()) {
      PublishPolicy.checkCode(
          all.stream().map(each -> each.write().version().contract()).toList(),
          options.code().keySet(),
          action);
    }
    for (PublishedMajor each : all) {
      policy = stricter(policy, each.write().version().contract().onViolation());
    }
    return new BaseVersions(entry, new OpenWrites(all), policy, request, earlier);
  }

  private static OnViolation stricter(OnViolation one, OnViolation other) {
    return one == OnViolation.REJECT ? one : other;
  }

  /** Fails if the stated time is so late that it can only be a mistake. */
  void checkCompleteUpTo() {
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
    try {
      return publishRows();
    } catch (NotFoundException e) {
      // Another promotion of the same rows may have published them in the meantime.
      return receiptOfPromotion().orElseThrow(() -> e);
    }
  }

  private Optional<StoredReceipt> receiptOfPromotion() {
    return rows instanceof StagedSource staged ? staged.receipt() : Optional.empty();
  }

  private StoredReceipt publishRows() {
    BaseVersions base = readBase();
    if (base.earlier().isPresent()) {
      return replay(base);
    }
    try (OpenWrites majors = base.majors()) {
      Optional<String> digest = ingest(base, true);
      return rows instanceof RepublishedSource republished && republished.taken().count() == 0
          ? uncommitted(base)
          : commit(base, digest);
    }
  }

  /** The receipt of a publish that had nothing to do. It is not recorded. */
  private StoredReceipt uncommitted(BaseVersions base) {
    MajorWrite leading = base.majors().leading();
    return new StoredReceipt(
        publish.publishId(),
        base.request().idempotencyKey(),
        product,
        leading.version().major(),
        leading.version().version(),
        Optional.empty(),
        OptionalLong.empty(),
        leading.written().verdict().report(),
        base.request().intent(),
        0,
        0,
        Optional.empty(),
        0,
        0,
        session.runtime().clock().instant(),
        false);
  }

  /** The receipt of the earlier publish, after {@code verifyReplay()} compared the rows. */
  private StoredReceipt replay(BaseVersions base) {
    StoredReceipt earlier = base.earlier().orElseThrow();
    if (options.mode() != PublishMode.ERASE) {
      if (verifiesRows()) {
        return verify(earlier, base.majors().leading());
      }
      ReplayCheck.difference(earlier, rows.count(), action).ifPresent(LOG::warn);
    }
    return earlier;
  }

  /** A staged publish is identified by its ID, and cannot be read after it was promoted. */
  private boolean verifiesRows() {
    return options.verifyingReplay() && !(rows instanceof StagedSource);
  }

  private StoredReceipt commit(BaseVersions base, Optional<String> digest) {
    List<MajorWrite> majors = base.majors().all();
    ErasedMajors erased = new ErasedMajors(publish, base.majors().leading().version());
    StagedPublishErasure staged =
        new StagedPublishErasure(publish, majors, base.request().idempotencyKey());
    PublishChange change =
        new PublishChange(
            session,
            base.request(),
            base.entry(),
            majors,
            erased,
            staged,
            digest,
            Optional.ofNullable(options.position()));
    StoredReceipt receipt = commit(change, staged, majors);
    if (receipt.replayed()) {
      long offered = base.majors().leading().written().verdict().report().rowsOffered();
      if (verifiesRows() && digest.isPresent()) {
        ReplayCheck.checkSameRows(receipt, digest.get(), offered, action);
      }
      ReplayCheck.difference(receipt, OptionalLong.of(offered), action).ifPresent(LOG::warn);
    }
    reportCommitted(options.progress(), COMMIT, 1, action);
    return receipt;
  }

  /** Commits the written files; deletes them again if the commit certainly failed. */
  private StoredReceipt commit(
      PublishChange change, StagedPublishErasure staged, List<MajorWrite> majors) {
    StoredReceipt receipt;
    try {
      check(majors);
      majors.forEach(MajorWrite::prepare);
      if (rows instanceof RepublishedSource republished) {
        republished.prepareOthers(publish, numbers(majors));
      }
      staged.eraseFirst();
      progress().end(COMMIT, 0, OptionalLong.of(1));
      receipt = session.ledger().commit(change, deadline);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      majors.forEach(MajorWrite::discard);
      otherQuarantines().ifPresent(SharedQuarantines::discard);
      throw staged.explain(e);
    }
    majors.forEach(receipt.replayed() ? MajorWrite::discard : MajorWrite::discardUncommitted);
    otherQuarantines()
        .ifPresent(
            receipt.replayed()
                ? SharedQuarantines::discard
                : SharedQuarantines::discardUncommitted);
    if (rows instanceof StagedSource promoted && !receipt.replayed()) {
      promoted.deleteFiles();
    }
    return receipt;
  }

  /** The checks before the transaction, which a dry run makes too; selects the removed rows. */
  private void check(List<MajorWrite> majors) {
    majors.forEach(MajorWrite::checkRows);
    majors.forEach(MajorWrite::checkScope);
    majors.forEach(MajorWrite::prepareReplacement);
    new SameRowsCheck(options, action).check(majors);
    majors.forEach(MajorWrite::checkRetention);
    checkRepublished(majors);
  }

  /** Returns the earlier receipt if the source has the same rows. */
  private StoredReceipt verify(StoredReceipt earlier, MajorWrite leading) {
    ProgressMeter progress = progress();
    try (DigestedInput input = new DigestedInput(open(leading))) {
      while (input.next() != null) {
        deadline.check(action);
        progress.at(ROWS, input.rowsRead(), input.total());
      }
      progress.end(ROWS, input.rowsRead(), input.total());
      ReplayCheck.checkSameRows(earlier, input.digest(), input.rowsRead(), action);
    }
    return earlier;
  }

  RowInput open(MajorWrite write) {
    return rows.open(
        write.version().contract(),
        write.table().schema(),
        options.ignoringUnknownColumns(),
        action);
  }

  PublishRequest request(MajorWrite leading) {
    PublishIntent intent =
        rows instanceof StagedSource staged
            ? staged.entry().intent()
            : new PublishIntent(
                options.mode(),
                leading.scope(),
                leading.filterHash(),
                Optional.ofNullable(options.reason()),
                DerivationCheck.checked(
                    session, leading.version().contract(), options.inputs(), action),
                Optional.ofNullable(options.completeUpTo()));
    return new PublishRequest(
        product,
        leading.version().major(),
        publish.publishId(),
        options.key(),
        intent,
        rows,
        options.contentDigest(),
        action);
  }

  /**
   * Writes the rows of the source.
   *
   * @param measuring false if files that are registered need no counts and bounds
   * @return the digest of the offered rows; empty if it was not computed
   */
  private Optional<String> ingest(BaseVersions base, boolean measuring) {
    if (options.mode() == PublishMode.ERASE) {
      return Optional.empty();
    }
    if (isOnlyPosition()) {
      return options.verifyingReplay() ? Optional.of(new RowsDigest().text()) : Optional.empty();
    }
    List<MajorWrite> majors = base.majors().all();
    if (rows instanceof RegisteredSource registered) {
      register(registered, majors, measuring);
      return Optional.empty();
    }
    try (RowInput source = source(base.majors().leading());
        RowIngestion ingest =
            new RowIngestion(
                majors.stream().map(MajorWrite::target).toList(),
                base.policy(),
                publish.files(),
                publish.publishId(),
                ruleContext(),
                progress(),
                session.runtime().executor(),
                deadline,
                action)) {
      List<RowIngestion.Result> results = ingest.run(base.majors().inputs(source));
      for (int i = 0; i < majors.size(); i++) {
        majors.get(i).receive(i == 0 ? withSkippedRows(results.get(i)) : results.get(i));
      }
      return digest(source);
    } catch (ContractViolationException e) {
      majors.forEach(MajorWrite::discard);
      throw new RetiredColumns(session, product, base.majors().leading().version(), action)
          .explain(e);
    } catch (RuntimeException e) {
      // Closing the source may have failed after the files were written.
      majors.forEach(MajorWrite::discard);
      throw e;
    }
  }

  private RowIngestion.Result withSkippedRows(RowIngestion.Result result) {
    return rows instanceof RepublishedSource republished
        ? result.with(result.verdict().withNotes(republished.skipped()))
        : result;
  }

  /** The digest of the offered rows; of staged rows, that of the rows as they were staged. */
  Optional<String> digest(RowInput source) {
    return source instanceof DigestedInput digested
        ? Optional.of(digested.digest())
        : rows instanceof StagedSource staged
            ? staged.entry().terms().rowsDigest()
            : Optional.empty();
  }

  /** True for a feed that records its position without rows, which no rule measures. */
  private boolean isOnlyPosition() {
    return options.position() != null && rows.count().equals(OptionalLong.of(0));
  }

  private void register(RegisteredSource registered, List<MajorWrite> majors, boolean measuring) {
    if (majors.size() > 1) {
      throw Failure.of(action)
          .because("a rollout publishes to several major versions, and files fit only one")
          .state("Nothing was registered.")
          .fix("Complete the rollout, or publish the rows with files(..), which copies them.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    if (registered.files().isEmpty()) {
      throw Failure.of(action)
          .because("all its files were registered before")
          .state("Nothing was changed.")
          .fix("Run it again when there are new files.")
          .alreadyExists(ErrorCode.ALREADY_EXISTS);
    }
    MajorWrite write = majors.get(0);
    RowIngestion.Target target = write.target();
    write.receive(
        registered.check(
            target.contract(),
            target.table().schema(),
            target.table().spec(),
            ruleContext(),
            target.existingKeys(),
            target.touched(),
            measuring,
            progress(),
            deadline,
            action));
    write.register(registered);
  }

  /** The rows of the source, with a digest if the publish stores one. */
  RowInput source(MajorWrite leading) {
    boolean known =
        rows instanceof StagedSource staged && staged.entry().terms().rowsDigest().isPresent();
    return options.verifyingReplay() && !known ? new DigestedInput(open(leading)) : open(leading);
  }

  ProgressMeter progress() {
    return new ProgressMeter(session.runtime().clock(), options.progress(), action);
  }

  private RuleContext ruleContext() {
    return new RuleContext(
        session.runtime().clock().instant(),
        options.code(),
        new PinnedProducts(session, product, deadline, action));
  }

  /** Reports the end of a phase to the listener, whose failure must not hide the receipt. */
  static void reportCommitted(Progress progress, String phase, long done, MeshAction action) {
    try {
      progress.at(phase, done, OptionalLong.of(done));
    } catch (RuntimeException e) {
      LOG.warn(
          "{} was committed; the listener of its progress failed with {}",
          action,
          e.getClass().getName());
    }
  }
}
