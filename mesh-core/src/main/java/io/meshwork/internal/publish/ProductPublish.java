package io.meshwork.internal.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.UnwrittenFiles;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects what a caller asks of one publish, and runs it. One thread.
 *
 * @param <T> the type of the given rows
 */
final class ProductPublish<T> implements Publish<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Publish.class);

  private final ClientSession session;
  private final OpenOperation open;
  private final ProductName product;
  private final OneCommit once;
  private @Nullable RowSource source;
  private String sourceCall = "";
  private PublishMode mode = PublishMode.APPEND;
  private @Nullable String filter;
  private @Nullable String reason;
  private final List<PublishOptions.Input> inputs = new ArrayList<>();
  private @Nullable Instant completeUpTo;
  private boolean allowingEmpty;
  private @Nullable String key;
  private @Nullable String contentDigest;
  private boolean verifyingReplay;
  private @Nullable OnViolation policy;
  private boolean ignoringUnknownColumns;
  private Progress progress = (phase, done, total) -> {};
  private @Nullable Duration limit;
  private final Map<RuleContext.CodeName, Predicate<? super GenericRecord>> code = new HashMap<>();

  ProductPublish(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = new OneCommit(MeshAction.of(Verb.PUBLISH, product));
    this.open = session.operation(MeshAction.of(Verb.PUBLISH, product));
  }

  @Override
  public <R> Publish<R> records(Iterable<? extends R> records) {
    ArgumentChecks.required("records", records);
    return from(RowSource.records(records::iterator, records, () -> {}), "records(..)");
  }

  @Override
  public <R> Publish<R> records(Iterator<? extends R> records) {
    ArgumentChecks.required("records", records);
    return from(RowSource.records(() -> records, records, () -> {}), "records(..)");
  }

  @Override
  public <R> Publish<R> records(Stream<? extends R> records) {
    ArgumentChecks.required("records", records);
    return from(RowSource.records(records::iterator, records, records::close), "records(..)");
  }

  @Override
  public Publish<T> files(Path... files) {
    List<Path> named = ArgumentChecks.all("files", files);
    if (named.isEmpty()) {
      throw ArgumentChecks.refused("files", "names no file", "Name at least one Parquet file.");
    }
    return from(RowSource.files(named), "files(..)");
  }

  @Override
  public Publish<T> replacingAll() {
    return in(PublishMode.REPLACE_ALL);
  }

  @Override
  public Publish<T> replacingPartitions() {
    return in(PublishMode.REPLACE_PARTITIONS);
  }

  @Override
  public Publish<T> replacingWhere(String rows) {
    filter = ArgumentChecks.required("replacingWhere", rows);
    return in(PublishMode.REPLACE_WHERE);
  }

  @Override
  public Publish<T> erasingWhere(String rows, String why) {
    filter = ArgumentChecks.required("erasingWhere", rows);
    reason = reason("erasingWhere", why);
    return in(PublishMode.ERASE);
  }

  @Override
  public Publish<T> erasingQuarantineWhere(String rows, String why) {
    filter = ArgumentChecks.required("erasingQuarantineWhere", rows);
    reason = reason("erasingQuarantineWhere", why);
    return in(PublishMode.ERASE_QUARANTINE);
  }

  private String reason(String call, @Nullable String why) {
    if (why == null || why.isBlank()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot erase from "
              + product
              + ": the argument 'reason' of "
              + call
              + "(..) is "
              + (why == null ? "null" : "blank")
              + ". Give a value that says why; it is kept in the receipt and the log.");
    }
    return ArgumentChecks.text("reason", why);
  }

  @Override
  public Publish<T> allowingEmpty() {
    allowingEmpty = true;
    return this;
  }

  @Override
  public Publish<T> derivedFrom(Snapshot input, String... columns) {
    inputs.add(
        new PublishOptions.Input(
            ArgumentChecks.required("derivedFrom", input), ArgumentChecks.all("columns", columns)));
    return this;
  }

  @Override
  public Publish<T> completeUpTo(Instant eventTime) {
    completeUpTo = ArgumentChecks.required("completeUpTo", eventTime);
    return this;
  }

  @Override
  public Publish<T> idempotencyKey(String text) {
    key = ArgumentChecks.idempotencyKey(text);
    return this;
  }

  @Override
  public Publish<T> contentDigest(String digest) {
    contentDigest = ArgumentChecks.shortText("contentDigest", digest, "Give a digest of the rows.");
    return this;
  }

  @Override
  public Publish<T> verifyingReplay() {
    verifyingReplay = true;
    return this;
  }

  @Override
  public Publish<T> onViolation(OnViolation stricter) {
    policy = ArgumentChecks.required("onViolation", stricter);
    return this;
  }

  @Override
  public Publish<T> customRule(String name, int version, Predicate<? super GenericRecord> check) {
    code.put(
        new RuleContext.CodeName(ArgumentChecks.required("name", name), version),
        ArgumentChecks.required("check", check));
    return this;
  }

  @Override
  public Publish<T> ignoringUnknownColumns() {
    ignoringUnknownColumns = true;
    return this;
  }

  @Override
  public Publish<T> onProgress(Progress listener) {
    progress = ArgumentChecks.required("onProgress", listener);
    return this;
  }

  @Override
  public Publish<T> timeout(Duration time) {
    limit = ArgumentChecks.span("timeout", time);
    return this;
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    return session.observed(action(), this::published);
  }

  @Override
  public PublishPlan plan() {
    open.settle();
    session.checkOpen(action());
    RowSource rows = source();
    try {
      FileIO unwritten = new UnwrittenFiles(session.files());
      return new PublishRun(session, product, options(), rows, unwritten, action()).plan();
    } catch (RuntimeException e) {
      throw ofInterruption(e);
    }
  }

  private PublishReceipt published() {
    session.checkOpen(action());
    RowSource rows = source();
    once.begin();
    try {
      return new PublishRun(session, product, options(), rows, session.files(), action()).run();
    } catch (RuntimeException e) {
      throw ofInterruption(e);
    } finally {
      once.end();
      discard(rows);
    }
  }

  /**
   * An interruption closes files and ends tasks, which looks like damage or like somebody else's
   * failure; what it was must be said first. Nothing was committed when either is thrown.
   */
  private RuntimeException ofInterruption(RuntimeException failure) {
    boolean told =
        failure instanceof BackendException backend
            ? backend.errorCode() == ErrorCode.INTERRUPTED
            : failure instanceof MeshException;
    if (told || !Thread.currentThread().isInterrupted()) {
      return failure;
    }
    BackendException interrupted = Deadline.interrupted(action(), null);
    interrupted.addSuppressed(failure);
    return interrupted;
  }

  private PublishOptions options() {
    return new PublishOptions(
        mode,
        filter,
        reason,
        List.copyOf(inputs),
        completeUpTo,
        allowingEmpty,
        key,
        contentDigest,
        verifyingReplay,
        policy,
        ignoringUnknownColumns,
        progress,
        limit,
        Map.copyOf(code));
  }

  private RowSource source() {
    if (mode != PublishMode.ERASE && mode != PublishMode.ERASE_QUARANTINE) {
      return RowSource.required(source, action());
    }
    if (source != null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action()
              + ": "
              + sourceCall
              + " was said as well, and an erase adds no rows. Nothing was changed. Say"
              + " erasingWhere(..) alone, or replacingWhere(..) with "
              + sourceCall
              + ".");
    }
    if (contentDigest != null) {
      throw ArgumentChecks.refused(
          "contentDigest", "was given to an erase, which has no rows of its own", "Leave it out.");
    }
    return RowSource.none();
  }

  /** A source that was not read is closed all the same; how that goes changes nothing any more. */
  private void discard(RowSource rows) {
    try {
      rows.discard();
    } catch (RuntimeException e) {
      LOG.warn("{}: the source could not be closed: {}", action(), e.getClass().getName());
    }
  }

  private MeshAction action() {
    return switch (mode) {
      case ERASE -> MeshAction.of(Verb.ERASE, product);
      case ERASE_QUARANTINE -> MeshAction.of(Verb.ERASE, "the quarantine of " + product);
      default -> MeshAction.of(Verb.PUBLISH, product);
    };
  }

  private Publish<T> in(PublishMode wanted) {
    if (mode != PublishMode.APPEND) {
      throw ArgumentChecks.refused(
          "mode",
          "was given twice",
          "Say one of replacingAll(), replacingPartitions(), replacingWhere(..), erasingWhere(..),"
              + " erasingQuarantineWhere(..).");
    }
    mode = wanted;
    open.begin();
    return this;
  }

  @SuppressWarnings("unchecked") // the source says what rows are given as, and nothing else does
  private <R> Publish<R> from(RowSource rows, String call) {
    if (source != null) {
      throw ArgumentChecks.refused(
          "source", "was given twice", "Name one source: records(..) or files(..).");
    }
    source = rows;
    open.begin();
    sourceCall = call;
    return (Publish<R>) this;
  }

  /** What it is, for logs; no value of a filter or row is in it. */
  @Override
  public String toString() {
    return action().toString();
  }
}
