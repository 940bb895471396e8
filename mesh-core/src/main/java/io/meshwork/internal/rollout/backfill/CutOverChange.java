package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog.Event;
import io.meshwork.internal.rollout.retirement.EarlierRolloutMajors;
import io.meshwork.internal.rollout.retirement.MajorDocuments;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.CompletenessStatement;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.RowDifference.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The registry transaction that ends a back-fill: it requires that the replaced major version still
 * has exactly the files that were copied, and commits that from now on each publish writes both
 * major versions. Its result is empty if rows were published in the meantime.
 */
final class CutOverChange implements Ledger.Change<Optional<RolloutEntry>> {
  private static final String MODE = "cut-over";

  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final CopiedRecords records;
  private final MeshAction action;

  CutOverChange(
      ClientSession session,
      ProductName product,
      int number,
      CopiedRecords records,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.records = records;
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
    TransitionContext context =
        TransitionContext.of(session, product, number, RolloutBackFill.POSSIBLE, action);
    if (context.rollout().dates().cutOver().isPresent()) {
      return CommitDraft.unchanged(Optional.of(context.rollout()));
    }
    TableDraft from =
        session.tables().draft(TableName.of(product, context.from().major()), attempt);
    TableDraft to = session.tables().draft(TableName.of(product, context.to().major()), attempt);
    TableDraft quarantine =
        session.tables().draft(TableName.of(product, context.to().major()).quarantined(), attempt);
    CopiedFiles copied = CopiedFiles.of(to.table(), context.to().version());
    List<DataFile> live = CopiedFiles.live(from.table());
    if (!copied.missing(live).isEmpty() || !copied.obsolete(live).isEmpty()) {
      return CommitDraft.unchanged(Optional.empty());
    }
    CutOverSnapshots snapshots = new CutOverSnapshots(session, context, from.table());
    to.append(List.of(), summary(product, context.to().version(), from.table()));
    long rejected = CopiedFiles.rows(quarantine.table());
    RolloutEntry dated =
        records.committed(context).dated(context.rollout().dates().synchronizedAt(attempt.now()));
    RolloutEntry next =
        rejected == 0
            ? dated.synchronizedAt(snapshots.places(to.table(), attempt))
            : dated.separated(
                new RowDifference(
                    Reason.UNFIT, context.from().major(), rejected, "", attempt.now()),
                attempt.sequence());
    CommitDraft<Optional<RolloutEntry>> draft =
        LoggedRollout.<Optional<RolloutEntry>>draft(Event.PREPARED, next, session.principal())
            .check(context.domain().stored())
            .check(context.from().contractStored())
            .check(context.to().contractStored())
            .replace(context.stored(), next.toDocument(Optional.of(context.stored())))
            .replace(
                context.from().majorStored(),
                MajorDocuments.publishedWith(context.from(), List.of(context.to().major())))
            .replace(
                context.to().majorStored(),
                MajorDocuments.publishedWith(context.to(), EarlierRolloutMajors.ofNew(context)));
    EarlierRolloutMajors.join(session, context, draft);
    from.stage(draft); // only checks that nothing was committed to it
    to.stage(draft);
    quarantine.stage(draft); // only checks that nothing was committed to it
    return draft.result(Optional.of(next));
  }

  /**
   * The properties of the snapshot from which on a major version is as fresh and as complete as
   * another.
   *
   * @param version its contract version
   * @param from the table of the other
   */
  static Map<String, String> summary(ProductName product, ContractVersion version, Table from) {
    Snapshot newest = from.currentSnapshot();
    Map<String, String> summary = new LinkedHashMap<>();
    summary.put(TableSnapshots.PRODUCT, product.toString());
    summary.put(TableSnapshots.MODE, MODE);
    summary.put(TableSnapshots.CONTRACT_VERSION, version.toString());
    LastUpdate.addTo(LastUpdate.asOf(from, newest), summary);
    LastUpdate.publishedAsOf(from, newest).ifPresent(at -> LastUpdate.addPublishedAt(at, summary));
    CompletenessStatement.asOf(from, newest)
        .ifPresent(upTo -> summary.put(CompletenessStatement.PROPERTY, upTo.toString()));
    return summary;
  }
}
