package io.meshwork.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.quality.RuleSurroundings;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Progress;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds one snapshot to a product: all rows become visible together, or none, added to those that
 * are there or in the place of some of them. Name one source. What was published under the same key
 * is not published again: the first receipt comes back. Used once, by one thread.
 *
 * @param <T> what rows are given as
 */
public final class Publish<T> implements Operation<PublishReceipt> {
  private static final Logger LOG = LoggerFactory.getLogger(Publish.class);

  private final Session session;
  private final ProductName product;
  private final OneCommit once;
  private @Nullable Source source;
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
  private final Map<RuleSurroundings.CodeName, Predicate<? super GenericRecord>> code =
      new HashMap<>();

  private Publish(Session session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = new OneCommit("publish to " + product);
  }

  /** Called by {@code MeshClient.publish}. */
  public static Publish<GenericRecord> of(Session session, @Nullable CharSequence product) {
    return new Publish<>(session, Target.produced(session, product, "publish to"));
  }

  /**
   * Java records, Avro records (generic or specific) or maps, read once, in memory that does not
   * grow with their number.
   */
  public <R> Publish<R> records(Iterable<? extends R> records) {
    Arguments.given("records", records);
    return from(Source.records(records::iterator, records, () -> {}), "records(..)");
  }

  /** The same from an iterator, which is read up. */
  public <R> Publish<R> records(Iterator<? extends R> records) {
    Arguments.given("records", records);
    return from(Source.records(() -> records, records, () -> {}), "records(..)");
  }

  /** The same from a stream, which is closed at the end. */
  public <R> Publish<R> records(Stream<? extends R> records) {
    Arguments.given("records", records);
    return from(Source.records(records::iterator, records, records::close), "records(..)");
  }

  /**
   * Parquet files, whose columns are matched to the contract's by name, exactly. A column that a
   * file lacks is null where that may be, else the contract's default, else the file is refused.
   */
  public Publish<T> files(Path... files) {
    List<Path> named = Arguments.all("files", files);
    if (named.isEmpty()) {
      throw Arguments.refused("files", "names no file", "Name at least one Parquet file.");
    }
    return from(Source.files(named), "files(..)");
  }

  /**
   * The rows take the place of all that are there, in one snapshot. Default: they are added to
   * them.
   */
  public Publish<T> replacingAll() {
    return in(PublishMode.REPLACE_ALL);
  }

  /**
   * The rows take the place of all rows in the partitions that they lie in. Rows that go to the
   * quarantine touch no partition.
   *
   * @throws io.meshwork.error.InvalidRequestException at commit, if the table is not partitioned
   */
  public Publish<T> replacingPartitions() {
    return in(PublishMode.REPLACE_PARTITIONS);
  }

  /**
   * The rows take the place of those for which the filter is true, such as {@code "day = DATE
   * '2026-11-20'"}; where it is false or unknown, rows stay. It must be true for every new row.
   *
   * @throws io.meshwork.error.InvalidRequestException at commit, if the filter is not legal
   */
  public Publish<T> replacingWhere(String rows) {
    filter = Arguments.given("replacingWhere", rows);
    return in(PublishMode.REPLACE_WHERE);
  }

  /**
   * Takes away the rows for which the filter is true, and adds none: name no source. Their files
   * stay until the snapshots that hold them expire; the quarantine is not looked at.
   *
   * @param why kept in the receipt, the log and the snapshot; not blank
   * @throws io.meshwork.error.InvalidRequestException at commit, if the filter is not legal
   */
  public Publish<T> erasingWhere(String rows, String why) {
    filter = Arguments.given("erasingWhere", rows);
    if (why == null || why.isBlank()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot erase from "
              + product
              + ": the argument 'reason' of erasingWhere(..) is "
              + (why == null ? "null" : "blank")
              + ". Give a value that says why; it is kept in the receipt, the log and the"
              + " snapshot.");
    }
    reason = Arguments.text("reason", why);
    return in(PublishMode.ERASE);
  }

  /** Rows may be replaced by none. Otherwise that is refused, for it would wipe the product. */
  public Publish<T> allowingEmpty() {
    allowingEmpty = true;
    return this;
  }

  /**
   * Says what these rows were made from; once for each input. It is kept in the receipt, the log
   * and the snapshot.
   *
   * @param input what was read, such as {@code rows.snapshot()}
   * @param columns which column came from which, as {@code "total=amount"}, own column first, parts
   *     of nested columns as {@code "city=customer.address.city"} or {@code "sum=lines[].price"};
   *     may be left out
   * @throws io.meshwork.error.InvalidRequestException at commit, if there never was such a snapshot
   *     or is no such column; an input that the caller may not read is recorded as stated
   */
  public Publish<T> derivedFrom(Snapshot input, String... columns) {
    inputs.add(
        new PublishOptions.Input(
            Arguments.given("derivedFrom", input), Arguments.all("columns", columns)));
    return this;
  }

  /**
   * States that with this publish all rows of an event time before this are there; consumers wait
   * for it by {@code awaitComplete}. It also counts with no rows at all, and then makes a snapshot.
   * An earlier time than was stated before changes nothing; a rollback brings back what held then.
   */
  public Publish<T> completeUpTo(Instant eventTime) {
    completeUpTo = Arguments.given("completeUpTo", eventTime);
    return this;
  }

  /**
   * The key of this publish, unique in the product, 1 to 256 characters; a scheduled run's id is a
   * good one. Default: one is made, and is in the receipt.
   */
  public Publish<T> idempotencyKey(String text) {
    key = Arguments.idempotencyKey(text);
    return this;
  }

  /**
   * Names the rows by a digest of the caller's own, such as the version of what they were read
   * from. It then tells this request from another under the same key, in the place of the names and
   * checksums of files, which are not read for it; for records nothing else does. It is not looked
   * at otherwise, and not compared with the rows.
   *
   * @param digest 1 to 256 characters, any text
   */
  public Publish<T> contentDigest(String digest) {
    contentDigest = Arguments.shortText("contentDigest", digest, "Give a digest of the rows.");
    return this;
  }

  /**
   * The receipt keeps a digest of the rows; and where the key was used before, the rows are read
   * once more and compared with those that were published then: their values, not their order. Say
   * it each time. Default: a replay reads no records, and no digest is taken, which costs some
   * percent of a publish.
   *
   * @throws io.meshwork.error.InvalidRequestException at commit, if the first publish under the key
   *     did not say it
   */
  public Publish<T> verifyingReplay() {
    verifyingReplay = true;
    return this;
  }

  /**
   * Overrides the contract's policy, to a stricter one only.
   *
   * @throws io.meshwork.error.InvalidRequestException at commit, if the contract's is stricter
   */
  public Publish<T> onViolation(OnViolation stricter) {
    policy = Arguments.given("onViolation", stricter);
    return this;
  }

  /**
   * Brings the code of a rule {@code custom(name, version)}; once for each. It is asked for every
   * row that the rule looks at, by the thread that publishes, and says true if the row is good.
   * Values are as in rows that are read as Avro records. Code that throws makes the rule not
   * evaluated. A contract need not have such a rule.
   *
   * @param version that of the rule; the contract keeps it, and never the code
   */
  public Publish<T> supplying(String name, int version, Predicate<? super GenericRecord> check) {
    code.put(
        new RuleSurroundings.CodeName(Arguments.given("name", name), version),
        Arguments.given("check", check));
    return this;
  }

  /** Leaves columns of files alone that the contract does not know; otherwise they are refused. */
  public Publish<T> ignoringUnknownColumns() {
    ignoringUnknownColumns = true;
    return this;
  }

  /** Is told how far the work has come. */
  public Publish<T> reportingTo(Progress listener) {
    progress = Arguments.given("reportingTo", listener);
    return this;
  }

  /** Gives up after this. Default: the mesh's deadline, which is 1 hour unless said otherwise. */
  public Publish<T> within(Duration time) {
    limit = Arguments.span("within", time);
    return this;
  }

  /**
   * Reads, checks, writes and commits. An input without rows that is added gives a receipt and no
   * snapshot, unless it states up to when rows are complete. What replaces or erases rows and finds
   * none is a snapshot of the same rows: who sees only some rows must not learn what was there.
   *
   * @throws ContractViolationException if rows break the contract, with what and how often; nothing
   *     was published
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request, or,
   *     with {@link #verifyingReplay()}, for other rows
   * @throws OutcomeUnknownException if the answer was lost; run again with the same key
   * @throws io.meshwork.error.ConflictException if others kept committing until the deadline, or
   *     added or removed rows that may be among those that are replaced
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if there is no such product
   * @throws io.meshwork.error.InvalidRequestException if the request is not complete, or was
   *     committed before
   * @throws io.meshwork.error.BackendException if the source or the storage failed; nothing was
   *     published
   */
  @Override
  public PublishReceipt commit() {
    return session.witnessed(doing(), this::published);
  }

  private PublishReceipt published() {
    session.checkOpen(doing());
    Source rows = source();
    once.begin();
    try {
      return new PublishRun(session, product, options(), rows, doing()).run();
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
    BackendException interrupted = Deadline.interrupted(doing(), null);
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

  private Source source() {
    if (mode != PublishMode.ERASE) {
      return Source.required(source, doing());
    }
    if (source != null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + ": "
              + sourceCall
              + " was said as well, and an erase adds no rows. Nothing was changed. Say"
              + " erasingWhere(..) alone, or replacingWhere(..) with "
              + sourceCall
              + ".");
    }
    if (contentDigest != null) {
      throw Arguments.refused(
          "contentDigest", "was given to an erase, which has no rows of its own", "Leave it out.");
    }
    return Source.none();
  }

  /** A source that was not read is closed all the same; how that goes changes nothing any more. */
  private void discard(Source rows) {
    try {
      rows.discard();
    } catch (RuntimeException e) {
      LOG.warn("{}: the source could not be closed: {}", doing(), e.getClass().getName());
    }
  }

  private String doing() {
    return (mode == PublishMode.ERASE ? "erase from " : "publish to ") + product;
  }

  private Publish<T> in(PublishMode wanted) {
    if (mode != PublishMode.APPEND) {
      throw Arguments.refused(
          "mode",
          "was given twice",
          "Say one of replacingAll(), replacingPartitions(), replacingWhere(..), erasingWhere(..).");
    }
    mode = wanted;
    return this;
  }

  @SuppressWarnings("unchecked") // the source says what rows are given as, and nothing else does
  private <R> Publish<R> from(Source rows, String call) {
    if (source != null) {
      throw Arguments.refused(
          "source", "was given twice", "Name one source: records(..) or files(..).");
    }
    source = rows;
    sourceCall = call;
    return (Publish<R>) this;
  }

  /** What it is, for logs; no value of a filter or row is in it. */
  @Override
  public String toString() {
    return doing();
  }
}
