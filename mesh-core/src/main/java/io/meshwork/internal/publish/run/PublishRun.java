package io.meshwork.internal.publish.run;

import io.meshwork.contract.OnViolation;
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
import io.meshwork.internal.receipts.DigestedInput;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.receipts.PublishMeters;
import io.meshwork.internal.receipts.PublishPlanResult;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.receipts.ReplayCheck;
import io.meshwork.internal.receipts.RowsDigest;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.runtime.ThreadInterruption;
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
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One publish, from the checks to the receipt. It runs once. Not thread-safe. */
public final class PublishRun {
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
  private final Deadline deadline;
  private final MeshAction action;
  private int major;

  public PublishRun(PublishContext publish) {
    this.publish = publish;
    this.session = publish.session();
    this.product = publish.product();
    this.options = publish.options();
    this.rows = publish.rows();
    this.deadline = publish.deadline();
    this.action = publish.action();
  }

  /** Runs the publish and records its outcome in the meters. */
  public StoredReceipt run() {
    PublishMeters meters = PublishMeters.begin(session, product, rows.taken().isPresent());
    try {
      return meters.committed(publish());
    } catch (ContractViolationException e) {
      meters.failed(e);
      session.runtime().meters().refusedPublish(product, major);
      RefusedPublishes.record(session, product, options.key(), e, deadline);
      throw e;
    } catch (RuntimeException e) {
      meters.failed(e);
      throw ThreadInterruption.orFailure(action, e);
    }
  }

  private StoredReceipt publish() {
    try {
      return publishRows();
    } catch (NotFoundException e) {
      // Another promotion of the same rows may have published them in the meantime.
      return rows.receipt().orElseThrow(() -> e);
    }
  }

  /** Resolves the request, ingests the rows, evaluates them, commits, and settles the outcome. */
  private StoredReceipt publishRows() {
    ResolvedPublish base = resolve();
    if (base.earlier().isPresent()) {
      return replay(base);
    }
    try (OpenWrites majors = base.majors()) {
      Optional<String> digest = ingest(base, true);
      if (rows.taken().filter(removal -> removal.rows().count() == 0).isPresent()) {
        return uncommitted(base);
      }
      AdditionalChange added = rows.change(publish, majors.targets());
      StoredReceipt receipt;
      try {
        evaluate(majors.all());
        receipt = commit(base, added, digest);
      } catch (OutcomeUnknownException e) {
        throw e; // its files may belong to the table
      } catch (RuntimeException e) {
        majors.all().forEach(MajorWrite::discard);
        added.discard();
        throw added.explain(e);
      }
      settle(receipt, base, added, digest);
      return receipt;
    }
  }

  /** Returns what a publish would do. Writes no files, records nothing in the meters. */
  public static PublishPlan plan(PublishContext publish) {
    try {
      return new PublishRun(publish.withoutFiles()).plan();
    } catch (RuntimeException e) {
      throw ThreadInterruption.orFailure(publish.action(), e);
    }
  }

  private PublishPlan plan() {
    ResolvedPublish base = resolve();
    if (base.earlier().isPresent()) {
      return PublishPlanResult.ofReplay(replay(base));
    }
    try (OpenWrites majors = base.majors()) {
      ingest(base, false);
      List<PublishVerdict> verdicts = majors.all().stream().map(MajorWrite::evaluate).toList();
      Optional<MeshException> failure = Optional.empty();
      List<Finding> findings =
          verdicts.stream().flatMap(verdict -> verdict.findings().stream()).toList();
      try {
        evaluate(majors.all());
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
      return new PublishPlanResult(
          product,
          leading.target().version().version(),
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
        throw PublishRejection.of(product, write.target().version().version(), verdicts.get(i));
      }
    }
  }

  /**
   * The state that a publish is based on.
   *
   * @param majors the major versions that it publishes to
   * @param policy the policy for violations in all of them
   * @param earlier the receipt of a publish under the same key
   */
  private record ResolvedPublish(
      ProductEntry entry,
      OpenWrites majors,
      OnViolation policy,
      PublishRequest request,
      Optional<StoredReceipt> earlier) {}

  /**
   * What the tasks of an engine check and write the rows by.
   *
   * @param targets the major versions that the rows are published to, the leading one first
   * @param conversions how the rows of the leading one become the rows of each
   * @param policy the policy for violations in all of them
   * @param context what rules need besides the rows, as of now
   * @param earlier the receipt of a publish under the same key; then nothing is to be written
   */
  public record IngestionTargets(
      List<RowIngestion.Target> targets,
      List<Optional<MajorConversion>> conversions,
      OnViolation policy,
      RuleContext context,
      Optional<StoredReceipt> earlier) {}

  /** Resolves the request without reading rows. */
  public IngestionTargets resolved() {
    ResolvedPublish base = resolve();
    try (OpenWrites majors = base.majors()) {
      return new IngestionTargets(
          majors.targets().stream().map(MajorTarget::ingestion).toList(),
          majors.conversions(),
          base.policy(),
          ruleContext(),
          base.earlier());
    }
  }

  /** What a publish writes to its major versions, the leading one first. */
  private record OpenWrites(List<PublishedMajor> majors, List<MajorWrite> all)
      implements AutoCloseable {
    static OpenWrites to(List<PublishedMajor> majors) {
      return new OpenWrites(
          majors, majors.stream().map(each -> new MajorWrite(each.target())).toList());
    }

    MajorWrite leading() {
      return all.get(0);
    }

    List<MajorTarget> targets() {
      return majors.stream().map(PublishedMajor::target).toList();
    }

    List<Optional<MajorConversion>> conversions() {
      return majors.stream().map(PublishedMajor::conversion).toList();
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
      all.forEach(MajorWrite::close);
    }
  }

  /**
   * Resolves the request: its current major versions, and the receipt of an earlier publish under
   * its key.
   */
  private ResolvedPublish resolve() {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    MajorTarget leading =
        MajorTarget.open(publish, options.majorOf(session, entry), options.filter());
    VersionEntry version = leading.version();
    major = version.major();
    OnViolation policy = PublishPolicy.effective(version.contract(), options.policy(), action);
    PublishRequest request = request(leading);
    Optional<StoredReceipt> earlier = PublishReceipts.replay(session, request);
    if (earlier.isEmpty()) {
      leading.requireUse();
      rows.begin(leading.version(), action);
      checkCompleteUpTo();
      request.fingerprint(); // hashes the files before they are read
    }
    List<PublishedMajor> all = new ArrayList<>();
    all.add(PublishedMajor.of(leading));
    if (earlier.isEmpty()) {
      all.addAll(PublishedMajors.others(publish, leading));
    }
    if (earlier.isEmpty()) {
      PublishPolicy.checkCode(
          all.stream().map(each -> each.target().version().contract()).toList(),
          options.code().keySet(),
          action);
    }
    for (PublishedMajor each : all) {
      policy = stricter(policy, each.target().version().contract().onViolation());
    }
    return new ResolvedPublish(entry, OpenWrites.to(all), policy, request, earlier);
  }

  private static OnViolation stricter(OnViolation one, OnViolation other) {
    return one == OnViolation.REJECT ? one : other;
  }

  /** Checks the options before rows are staged, by whose promotion they are checked again. */
  public void checkOptions(MajorTarget leading) {
    PublishPolicy.effective(leading.version().contract(), options.policy(), action);
    checkCompleteUpTo();
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

  /** The receipt of a publish that had nothing to do. It is not recorded. */
  private StoredReceipt uncommitted(ResolvedPublish base) {
    MajorWrite leading = base.majors().leading();
    return new StoredReceipt(
        publish.publishId(),
        base.request().idempotencyKey(),
        product,
        leading.target().version().major(),
        leading.target().version().version(),
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
  private StoredReceipt replay(ResolvedPublish base) {
    StoredReceipt earlier = base.earlier().orElseThrow();
    if (options.mode() != PublishMode.ERASE) {
      if (verifiesRows()) {
        return verify(earlier, base.majors().leading().target());
      }
      ReplayCheck.difference(earlier, rows.count(), action).ifPresent(LOG::warn);
    }
    return earlier;
  }

  /** A staged publish is identified by its ID, and cannot be read after it was promoted. */
  private boolean verifiesRows() {
    return options.verifyReplay() && rows.staged().isEmpty();
  }

  /** Makes the checks before the transaction, as a plan does; selects the removed rows. */
  private void evaluate(List<MajorWrite> majors) {
    majors.forEach(each -> each.checkRows(majors));
    majors.forEach(MajorWrite::checkScope);
    majors.forEach(MajorWrite::prepareReplacement);
    new SameRowsCheck(
            options, (one, two) -> PublishedMajors.haveMappedRows(publish, one, two), action)
        .check(majors);
    majors.forEach(MajorWrite::checkRetention);
    rows.taken().ifPresent(removal -> removal.checkMissingIn(others(majors), action));
  }

  private static List<Integer> others(List<MajorWrite> majors) {
    return majors.stream().skip(1).map(each -> each.target().version().major()).toList();
  }

  /** Commits the written files, with what else the publish changes, in one transaction. */
  private StoredReceipt commit(
      ResolvedPublish base, AdditionalChange added, Optional<String> digest) {
    List<MajorWrite> majors = base.majors().all();
    PublishChange change =
        new PublishChange(publish, base.request(), base.entry(), majors, added, digest);
    majors.forEach(MajorWrite::prepare);
    added.prepare();
    progress().end(COMMIT, 0, OptionalLong.of(1));
    return session.ledger().commit(change, deadline);
  }

  /**
   * Deletes files that the commit does not need: all, if another process published the same rows
   * first, otherwise files of earlier attempts.
   */
  private void settle(
      StoredReceipt receipt,
      ResolvedPublish base,
      AdditionalChange added,
      Optional<String> digest) {
    List<MajorWrite> majors = base.majors().all();
    if (receipt.replayed()) {
      majors.forEach(MajorWrite::discard);
      added.discard();
      long offered = base.majors().leading().written().verdict().report().rowsOffered();
      if (verifiesRows() && digest.isPresent()) {
        ReplayCheck.checkSameRows(receipt, digest.get(), offered, action);
      }
      ReplayCheck.difference(receipt, OptionalLong.of(offered), action).ifPresent(LOG::warn);
    } else {
      majors.forEach(MajorWrite::discardUncommitted);
      added.committed();
    }
    reportCommitted(options.progress(), COMMIT, 1, action);
  }

  /** Returns the earlier receipt if the source has the same rows. */
  private StoredReceipt verify(StoredReceipt earlier, MajorTarget leading) {
    ProgressMeter progress = progress();
    try (DigestedInput input = new DigestedInput(open(leading))) {
      while (input.next() != null) {
        deadline.check(action);
        progress.at(ROWS, input.rowsRead(), input.total());
      }
      progress.end(ROWS, input.rowsRead(), input.total());
      ReplayCheck.checkSameRows(earlier, input.digest().orElseThrow(), input.rowsRead(), action);
    }
    return earlier;
  }

  RowInput open(MajorTarget target) {
    return rows.open(
        target.version().contract(),
        target.table().schema(),
        options.ignoreUnknownColumns(),
        action);
  }

  public PublishRequest request(MajorTarget leading) {
    Optional<StagedRequest> staged = rows.staged();
    PublishIntent intent = staged.isPresent() ? staged.get().intent() : intent(leading);
    PublishRequest request =
        new PublishRequest(
            product,
            leading.version().major(),
            publish.publishId(),
            options.key(),
            intent,
            this::identity,
            action);
    return staged.map(StagedRequest::fingerprint).map(request::withFingerprint).orElse(request);
  }

  private PublishIntent intent(MajorTarget leading) {
    return new PublishIntent(
        options.mode(),
        leading.scope(),
        leading.filterHash(),
        Optional.ofNullable(options.reason()),
        DerivationCheck.checked(session, leading.version().contract(), options.inputs(), action),
        Optional.ofNullable(options.completeUpTo()));
  }

  /** What distinguishes the rows from others under the same key. */
  private String identity() {
    String digest = options.contentDigest();
    return digest == null ? rows.fingerprint(action) : "content\n" + digest;
  }

  /**
   * Writes the rows of the source.
   *
   * @param measuring false if files that are registered need no counts and bounds
   * @return the digest of the offered rows; empty if it was not computed
   */
  private Optional<String> ingest(ResolvedPublish base, boolean measuring) {
    if (options.mode() == PublishMode.ERASE) {
      return Optional.empty();
    }
    if (isOnlyPosition()) {
      return options.verifyReplay() ? Optional.of(new RowsDigest().text()) : Optional.empty();
    }
    List<MajorWrite> majors = base.majors().all();
    List<RowIngestion.Target> targets =
        base.majors().targets().stream().map(MajorTarget::ingestion).toList();
    List<RowIngestion.Result> inPlace =
        rows.checkInPlace(targets, ruleContext(), measuring, progress(), deadline, action);
    for (int i = 0; i < inPlace.size(); i++) {
      majors.get(i).receive(inPlace.get(i));
    }
    if (!inPlace.isEmpty()) {
      return Optional.empty();
    }
    try (RowInput source = source(base.majors().leading().target());
        RowIngestion ingest =
            new RowIngestion(
                targets,
                new RowIngestion.PublishedFiles(
                    base.policy(), publish.files(), publish.publishId(), publish.publishId()),
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
      VersionEntry version = base.majors().leading().target().version();
      throw new RetiredColumns(session, product, version, action).explain(e);
    } catch (RuntimeException e) {
      // Closing the source may have failed after the files were written.
      majors.forEach(MajorWrite::discard);
      throw e;
    }
  }

  private RowIngestion.Result withSkippedRows(RowIngestion.Result result) {
    return rows.taken()
        .map(removal -> result.with(result.verdict().withNotes(removal.skipped())))
        .orElse(result);
  }

  /** The digest of the offered rows; of staged rows, as they were staged. */
  public Optional<String> digest(RowInput source) {
    return source.digest().or(() -> rows.staged().flatMap(StagedRequest::rowsDigest));
  }

  /** True for a feed that records its position without rows, which no rule measures. */
  private boolean isOnlyPosition() {
    return options.position() != null && rows.count().equals(OptionalLong.of(0));
  }

  /** The rows of the source, with a digest if the publish stores one. */
  public RowInput source(MajorTarget leading) {
    boolean hasDigest = rows.staged().flatMap(StagedRequest::rowsDigest).isPresent();
    return options.verifyReplay() && !hasDigest ? new DigestedInput(open(leading)) : open(leading);
  }

  public ProgressMeter progress() {
    return new ProgressMeter(session.runtime().clock(), options.progress(), action);
  }

  private RuleContext ruleContext() {
    return new RuleContext(
        session.runtime().clock().instant(),
        options.code(),
        new PinnedProducts(session, product, deadline, action));
  }

  /** Reports the end of a phase to the listener, whose failure must not hide the receipt. */
  public static void reportCommitted(
      Progress progress, String phase, long done, MeshAction action) {
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
