package io.meshwork.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ingest.Ingest;
import io.meshwork.internal.ingest.Input;
import io.meshwork.internal.ingest.WrittenFiles;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Progress;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds one snapshot to a product: all rows become visible together, or none. Name one source. What
 * was published under the same key is not published again: the first receipt comes back. Used once,
 * by one thread.
 *
 * @param <T> what rows are given as
 */
public final class Publish<T> implements Operation<PublishReceipt> {
  private static final Logger LOG = LoggerFactory.getLogger(Publish.class);
  private static final String COMMIT = "commit";

  private final Session session;
  private final ProductName product;
  private final OneCommit once;
  private @Nullable Source source;
  private @Nullable String key;
  private @Nullable OnViolation policy;
  private boolean ignoringUnknownColumns;
  private Progress progress = (phase, done, total) -> {};
  private @Nullable Duration limit;

  private Publish(Session session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = new OneCommit("publish to " + product);
  }

  /** Called by {@code MeshClient.publish}. */
  public static Publish<GenericRecord> of(Session session, @Nullable CharSequence product) {
    return new Publish<>(session, ProductName.of(product));
  }

  /**
   * Java records, Avro records (generic or specific) or maps, read once, in memory that does not
   * grow with their number.
   */
  public <R> Publish<R> records(Iterable<? extends R> records) {
    Arguments.given("records", records);
    return from(Source.records(records::iterator, records, () -> {}));
  }

  /** The same from an iterator, which is read up. */
  public <R> Publish<R> records(Iterator<? extends R> records) {
    Arguments.given("records", records);
    return from(Source.records(() -> records, records, () -> {}));
  }

  /** The same from a stream, which is closed at the end. */
  public <R> Publish<R> records(Stream<? extends R> records) {
    Arguments.given("records", records);
    return from(Source.records(records::iterator, records, records::close));
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
    return from(Source.files(named));
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
   * Overrides the contract's policy, to a stricter one only.
   *
   * @throws io.meshwork.error.InvalidRequestException at commit, if the contract's is stricter
   */
  public Publish<T> onViolation(OnViolation stricter) {
    policy = Arguments.given("onViolation", stricter);
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
   * Reads, checks, writes and commits. An input without rows gives a receipt and no snapshot.
   *
   * @throws ContractViolationException if rows break the contract, with what and how often; nothing
   *     was published
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request
   * @throws OutcomeUnknownException if the answer was lost; run again with the same key
   * @throws io.meshwork.error.ConflictException if others kept committing until the deadline
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.NotFoundException if there is no such product
   * @throws io.meshwork.error.InvalidRequestException if the request is not complete, or was
   *     committed before
   * @throws io.meshwork.error.BackendException if the source or the storage failed; nothing was
   *     published
   */
  @Override
  public PublishReceipt commit() {
    session.checkOpen(doing());
    Source rows = Source.required(source, doing());
    once.begin();
    try {
      return commit(rows);
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

  private PublishReceipt commit(Source rows) {
    Deadline deadline =
        session.runtime().startDeadline(limit == null ? session.runtime().deadline() : limit);
    String publishId = session.runtime().ids().next();

    ProductEntry entry = session.catalog().requireProduct(product, doing());
    session.admission().actsFor(product.domain(), doing());
    VersionEntry version = session.catalog().requireVersion(product, entry.currentMajor(), doing());
    OnViolation effective = Policies.effective(version.contract(), policy, doing());
    Request request = new Request(product, version.major(), publishId, key, rows);
    Optional<PublishReceipt> earlier = Receipts.replay(session, request);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    request.fingerprint(); // of files as they are before they are read

    Ingest.Result written = ingest(rows, version, effective, publishId, deadline);
    if (written.judgement().refused()) {
      throw Refusal.of(product, version.version(), written.judgement());
    }

    PublishReceipt receipt = commit(request, entry, version, written, deadline);
    tellCommitted();
    return receipt;
  }

  private Ingest.Result ingest(
      Source rows,
      VersionEntry version,
      OnViolation effective,
      String publishId,
      Deadline deadline) {
    Table table = session.tables().load(new TableName(product, version.major(), false));
    Table quarantine = session.tables().load(new TableName(product, version.major(), true));
    Ingest.Result written = null;
    try (Input input =
            rows.open(version.contract(), table.schema(), ignoringUnknownColumns, doing());
        Ingest ingest =
            new Ingest(
                version.contract(),
                effective,
                table,
                quarantine,
                session.files(),
                publishId,
                session.runtime().clock().instant(),
                new ProgressMeter(session.runtime().clock(), progress),
                deadline,
                doing())) {
      written = ingest.run(input);
      return written;
    } catch (RuntimeException e) {
      // The source failed at its very end, when files were handed over already.
      if (written != null) {
        delete(written);
      }
      throw e;
    }
  }

  /** Commits what was written; takes the files away again whenever it is certain that it failed. */
  private PublishReceipt commit(
      Request request,
      ProductEntry entry,
      VersionEntry version,
      Ingest.Result written,
      Deadline deadline) {
    PublishReceipt receipt;
    try {
      progress.at(COMMIT, 0, OptionalLong.of(1));
      receipt =
          session
              .ledger()
              .commit(new PublishChange(session, request, entry, version, written), deadline);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      delete(written);
      throw e;
    }
    if (receipt.replayed()) {
      delete(written);
    }
    return receipt;
  }

  /** What is committed stays so: a listener that fails now must not hide the receipt. */
  private void tellCommitted() {
    try {
      progress.at(COMMIT, 1, OptionalLong.of(1));
    } catch (RuntimeException e) {
      LOG.warn(
          "{} was committed; the listener of its progress failed with {}",
          doing(),
          e.getClass().getName());
    }
  }

  private void delete(Ingest.Result written) {
    WrittenFiles.deleteAll(session.files(), written.files());
    WrittenFiles.deleteAll(session.files(), written.quarantineFiles());
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
    return "publish to " + product;
  }

  @SuppressWarnings("unchecked") // the source says what rows are given as, and nothing else does
  private <R> Publish<R> from(Source rows) {
    if (source != null) {
      throw Arguments.refused(
          "source", "was given twice", "Name one source: records(..) or files(..).");
    }
    source = rows;
    return (Publish<R>) this;
  }
}
