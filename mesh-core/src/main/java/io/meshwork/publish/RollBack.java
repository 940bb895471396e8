package io.meshwork.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshMeters;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.MainLine;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.session.Target;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableName;
import io.meshwork.operation.Operation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of an earlier snapshot back, as a publish of its own: a new snapshot, so that the
 * history only ever grows and nobody who reads along loses the thread. Nothing is copied, for the
 * files are there. Used once, by one thread.
 */
public final class RollBack implements Operation<PublishReceipt> {
  private final Session session;
  private final ProductName product;
  private final OneCommit once;
  private @Nullable String target;
  private @Nullable String reason;
  private @Nullable String key;
  private @Nullable Duration limit;
  private boolean restoringErased;

  private RollBack(Session session, ProductName product) {
    this.session = session;
    this.product = product;
    this.once = new OneCommit("roll back " + product);
  }

  /** Called by {@code MeshClient.rollBack}. */
  public static RollBack of(Session session, @Nullable CharSequence product) {
    return new RollBack(session, Target.produced(session, product, "roll back"));
  }

  /** The snapshot whose rows come back, by its id in the history. Required. */
  public RollBack to(String snapshotId) {
    target = Arguments.text("to", snapshotId);
    return this;
  }

  /** Why; kept in the receipt, the log and the snapshot. Required. */
  public RollBack because(String why) {
    reason = Arguments.text("because", why);
    return this;
  }

  /**
   * Brings rows back although they are erased now: an erase stands that does not as of the snapshot
   * that comes back. Otherwise that is refused, for whoever erased them had a reason. A rollback
   * takes on the erases of the snapshot that it brings back, so that one to a snapshot after an
   * erase makes that stand again.
   */
  public RollBack restoringErased() {
    restoringErased = true;
    return this;
  }

  /** The key of this rollback, as {@link Publish#idempotencyKey}. Default: one is made. */
  public RollBack idempotencyKey(String text) {
    key = Arguments.idempotencyKey(text);
    return this;
  }

  /** Gives up after this. Default: the mesh's deadline. */
  public RollBack within(Duration time) {
    limit = Arguments.span("within", time);
    return this;
  }

  /**
   * Commits. If the table holds these very rows already there is a receipt and no snapshot.
   *
   * @throws io.meshwork.error.NotFoundException if the product has no such snapshot, or has it no
   *     more
   * @throws InvalidRequestException if snapshot or reason is missing, if rows would come back that
   *     are erased now, or if this object was committed before
   * @throws io.meshwork.error.ConflictException if others committed meanwhile
   * @throws io.meshwork.error.AlreadyExistsException if the key was used for another request
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.OutcomeUnknownException if the answer was lost; run again with the
   *     same key
   */
  @Override
  public PublishReceipt commit() {
    return session.witnessed(doing(), this::rolledBack);
  }

  private PublishReceipt rolledBack() {
    session.checkOpen(doing());
    String snapshotId = target;
    String why = reason;
    if (snapshotId == null || why == null) {
      throw missing();
    }
    once.begin();
    MeshMeters meters = session.runtime().meters();
    Instant begun = meters.now();
    try {
      PublishReceipt receipt = commit(snapshotId, why);
      meters.publish(product, Outcomes.count(meters, receipt), begun);
      return receipt;
    } catch (RuntimeException e) {
      meters.publish(product, MeshMeters.Outcome.of(e), begun);
      throw e;
    } finally {
      once.end();
    }
  }

  private PublishReceipt commit(String snapshotId, String why) {
    Deadline deadline =
        session.runtime().startDeadline(limit == null ? session.runtime().deadline() : limit);
    ProductEntry entry = session.catalog().requireProduct(product, doing());
    session.admission().actsFor(product.domain(), doing());
    VersionEntry version = session.catalog().requireVersion(product, entry.currentMajor(), doing());
    PublishIntent intent =
        new PublishIntent(
            PublishMode.ROLLBACK,
            Optional.of(snapshotId),
            Optional.of(why),
            List.of(),
            Optional.empty());
    Request request =
        new Request(
            product,
            version.major(),
            session.runtime().ids().next(),
            key,
            intent,
            Source.none(),
            null,
            doing());
    Optional<PublishReceipt> earlier = Receipts.replay(session, request);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Table table = session.tables().load(TableName.of(product, version.major()));
    Snapshot snapshot = reachable(table, version, snapshotId);
    ContractVersion contract =
        Optional.ofNullable(snapshot.summary().get(TableSnapshots.CONTRACT_VERSION))
            .map(ContractVersion::parse)
            .orElse(version.version());
    RollBackChange change =
        new RollBackChange(
            session, request, entry, version, contract, BaseState.of(table), snapshot);
    PublishReceipt receipt = session.ledger().commit(change, deadline);
    if (!receipt.replayed() && receipt.snapshotId().isPresent()) {
      session
          .runtime()
          .meters()
          .restored(product, version.major(), change.restored().map(LastUpdate::at));
    }
    return receipt;
  }

  /** A snapshot that main has passed; one that lies on a branch was never published. */
  private Snapshot reachable(Table table, VersionEntry version, String snapshotId) {
    Snapshot each =
        new MainLine(session.ledger(), table, product, version.version())
            .byId(snapshotId, doing())
            .stored();
    if (!restoringErased && StandingErases.of(table).anyLost(table.currentSnapshot(), each)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing()
              + " to snapshot "
              + each.snapshotId()
              + ": rows that are erased now were not erased there, and could come back. Nothing was"
              + " changed. Choose another snapshot, or say restoringErased() if that is meant.");
    }
    return each;
  }

  private InvalidRequestException missing() {
    String gaps =
        target == null && reason == null
            ? "neither to(..) nor because(..) was said. Say both"
            : (target == null ? "to(..)" : "because(..)") + " was not said. Say it";
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT, "Cannot " + doing() + ": " + gaps + " before commit().");
  }

  private String doing() {
    return "roll back " + product;
  }
}
