package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.copies.SharedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.rollout.SynchronizedPositions;
import io.meshwork.internal.rollout.retirement.EarlierRolloutMajors;
import io.meshwork.internal.rollout.retirement.MajorDocuments;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;

/**
 * The registry transaction that ends the back-fill of a restored major version: it requires that
 * the restored one lacks no rows, and commits that from now on each publish writes both again. Its
 * result is empty if rows were published in the meantime.
 */
final class BackFillCompletion implements Ledger.Change<Optional<RolloutEntry>> {
  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final SharedFiles matched;
  private final MeshAction action;

  /**
   * Creates the transaction.
   *
   * @param matched the files whose rows both had before
   */
  BackFillCompletion(
      ClientSession session,
      ProductName product,
      int number,
      SharedFiles matched,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.matched = matched;
    this.action = action;
  }

  @Override
  public MeshAction action() {
    return action;
  }

  @Override
  public String partition() {
    return RegistryKeys.partition(product);
  }

  @Override
  public CommitDraft<Optional<RolloutEntry>> draft(Ledger.Attempt attempt) {
    TransitionContext context = RestorationBackFill.read(session, product, number, action);
    if (!context.rollout().retirement().isBehind()) {
      return CommitDraft.unchanged(Optional.of(context.rollout()));
    }
    Optional<VersionedDocument> newest = session.ledger().newestEntry(partition());
    TableDraft newer = session.tables().draft(TableName.of(product, context.to().major()), attempt);
    TableDraft older =
        session.tables().draft(TableName.of(product, context.from().major()), attempt);
    SharedFiles now =
        matched.advance(
            session.ledger(),
            newest,
            new SharedFiles.Tables(context.rollout(), older.table(), newer.table()));
    List<DataFile> live = CopiedFiles.live(newer.table());
    if (!now.areIn(live) || !now.missing(live).isEmpty()) {
      return CommitDraft.unchanged(Optional.empty());
    }
    older.append(
        List.of(), CutOverChange.summary(product, context.from().version(), newer.table()));
    RolloutEntry before = context.rollout();
    RolloutEntry next =
        before.verified(before.rejectedRows()).retirement(before.retirement().withSameRows());
    if (hasEqualRows(before)) {
      next = next.synchronizedAt(places(context, older, newer, attempt));
    }
    TreeSet<Integer> joined = new TreeSet<>(context.to().publishedWith());
    joined.add(context.to().major());
    CommitDraft<Optional<RolloutEntry>> draft =
        LoggedRollout.<Optional<RolloutEntry>>draft(Event.VERIFIED, next, session.principal())
            .check(context.domain().stored())
            .check(context.from().contractStored())
            .check(context.to().contractStored())
            .replace(context.stored(), next.toDocument(Optional.of(context.stored())))
            .replace(
                context.from().majorStored(), MajorDocuments.publishedWith(context.from(), joined))
            .replace(
                context.to().majorStored(),
                MajorDocuments.publishedWith(context.to(), List.of(context.from().major())));
    EarlierRolloutMajors.addRestored(session, context, draft);
    newer.stage(draft); // only checks that nothing was committed to it
    older.stage(draft);
    return draft.result(Optional.of(next));
  }

  /** True if neither version has rows that belong to it alone. */
  private static boolean hasEqualRows(RolloutEntry rollout) {
    return rollout.rejectedRows() == 0
        && rollout.withoutHistory().isEmpty()
        && rollout.excludedRows().isEmpty();
  }

  /** The places at which both have the same rows again. */
  private SynchronizedPositions places(
      TransitionContext context, TableDraft older, TableDraft newer, Ledger.Attempt attempt) {
    SynchronizedPositions reversed =
        new CutOverSnapshots(session, context.reversed(), newer.table())
            .places(older.table(), attempt);
    return new SynchronizedPositions(reversed.entry(), reversed.to(), reversed.from());
  }
}
