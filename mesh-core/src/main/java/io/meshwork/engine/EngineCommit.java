package io.meshwork.engine;

import io.meshwork.contract.Rule;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.delivery.LastUpdatedFile;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.quality.StatisticsGate;
import io.meshwork.internal.quality.StatisticsVerdict;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.table.TableVersion;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishIntent;
import io.meshwork.publish.PublishMode;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.QualityHistory;
import io.meshwork.publish.Receipts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction of an engine's commit: the table's pointer and the log entry, and a receipt
 * if rows were added, provided that product, major and contract are those that the commit was
 * judged by. Every attempt judges anew if the contract was changed meanwhile. One thread.
 */
final class EngineCommit implements Ledger.Change<String> {
  private final Session session;
  private final TableVersion seen;
  private final TableMetadata built;
  private final TableName name;
  private final String publishId;
  private @Nullable String judgedBy;
  private @Nullable StatisticsVerdict verdict;

  /**
   * A commit.
   *
   * @param seen the table as the engine saw it
   * @param built what the engine made of it
   */
  EngineCommit(Session session, TableVersion seen, TableMetadata built) {
    this.session = session;
    this.seen = seen;
    this.built = built;
    this.name = seen.name();
    this.publishId = session.runtime().ids().next();
  }

  @Override
  public String doing() {
    return "commit to " + name.product();
  }

  @Override
  public String partition() {
    return Keys.partition(name.product());
  }

  /**
   * Refuses, or says what to write.
   *
   * @throws CommitVetoed if it is not an engine's to do, or rows are not proven
   * @throws CommitFailedException if the table moved; Iceberg then builds on what is there
   */
  @Override
  public Draft<String> draft(Ledger.Attempt attempt) {
    session.admission().actsFor(name.product().domain(), doing());
    refuseWhatIsNotAnEngines();
    Stored pointer =
        session
            .ledger()
            .read(name.key())
            .orElseThrow(() -> new NoSuchTableException("There is no table %s any more", name));
    if (!seen.isAt(pointer)) {
      throw new CommitFailedException(
          "Could not commit to table %s: another commit moved it meanwhile. Nothing was committed.",
          name);
    }
    ProductEntry product = session.catalog().requireProduct(name.product(), doing());
    VersionEntry version = session.catalog().requireVersion(name.product(), name.major(), doing());
    MainMove move = MainMove.of(seen.metadata(), built, table());
    if (move != null) {
      judge(move, version);
    }
    Draft<String> draft =
        Draft.of("product.engine-commit", session.principal(), name.product().toString());
    draft
        .check(product.stored())
        .check(version.majorStored())
        .check(version.contractStored())
        .checkAbsent(Keys.fence(name.product(), publishId));
    seen.draft(built, summaries(move, version.version()), attempt).stage(draft);
    tell(draft, move, version);
    if (move != null) {
      draft.onCommitted(() -> LastUpdatedFile.refresh(session, name));
    }
    if (move != null && move.appends()) {
      PublishReceipt receipt = receipt(move, version, attempt);
      Receipts.keep(
          draft, receipt, Keys.sha256(name + "\n" + move.head().snapshotId()), attempt.sequence());
      QualityHistory.keep(
          session, draft, receipt, Map.of(Rule.Kind.ROW_COUNT.text(), (double) move.rows()));
    }
    return draft.result(publishId);
  }

  private void refuseWhatIsNotAnEngines() {
    if (name.quarantine()) {
      throw Veto.ofQuarantine(name, session.principal());
    }
    List<String> changes = MetadataChange.refused(seen.metadata(), built);
    if (!changes.isEmpty()) {
      throw Veto.ofChange(name, session.principal(), changes);
    }
  }

  private void judge(MainMove move, VersionEntry version) {
    if (!move.refused().isEmpty()) {
      throw Veto.ofMove(name, session.principal(), move.refused());
    }
    if (!move.appends() || version.contractStored().version().equals(judgedBy)) {
      return;
    }
    StatisticsVerdict judged =
        StatisticsGate.judge(version.contract(), built.schema(), move.appended());
    if (judged.refused()) {
      throw Veto.ofRows(
          name, session.principal(), version.version(), judged, move.appended().size());
    }
    judgedBy = version.contractStored().version();
    verdict = judged;
  }

  /** What snapshots say of themselves once main reaches them, whatever the engine had them say. */
  private Map<Long, Map<String, String>> summaries(
      @Nullable MainMove move, ContractVersion version) {
    Map<Long, Map<String, String>> summaries = new TreeMap<>();
    for (Snapshot snapshot : move == null ? List.<Snapshot>of() : move.snapshots()) {
      if (MainMove.isAppend(snapshot)) {
        summaries.put(
            snapshot.snapshotId(),
            Map.of(
                TableSnapshots.PRODUCT,
                name.product().toString(),
                TableSnapshots.PUBLISH_ID,
                publishId,
                TableSnapshots.CONTRACT_VERSION,
                version.toString(),
                TableSnapshots.MODE,
                PublishMode.APPEND.text()));
      } else {
        summaries.put(
            snapshot.snapshotId(), Map.of(TableSnapshots.MODE, PublishMode.COMPACTION.text()));
      }
    }
    return summaries;
  }

  private void tell(Draft<String> draft, @Nullable MainMove move, VersionEntry version) {
    draft
        .detail("publishId", publishId)
        .detail("table", name.table())
        .detail("major", version.major())
        .detail("contractVersion", version.version().toString());
    if (move == null) {
      draft.detail("main", "unmoved");
    } else {
      draft
          .detail("mode", (move.appends() ? PublishMode.APPEND : PublishMode.COMPACTION).text())
          .detail("snapshotId", Long.toString(move.head().snapshotId()))
          .detail("sequence", move.head().sequenceNumber())
          .detail("rowsTotal", TableSnapshots.rows(move.head()))
          .detail("snapshots", move.snapshots().size())
          .detail("rowsAccepted", move.rows())
          .detail("files", move.appended().size());
    }
  }

  private PublishReceipt receipt(MainMove move, VersionEntry version, Ledger.Attempt attempt) {
    StatisticsVerdict judged = verdict;
    if (judged == null) {
      throw new IllegalStateException("A commit that adds rows was not judged");
    }
    return new PublishReceipt(
        publishId,
        publishId,
        name.product(),
        version.major(),
        version.version(),
        Optional.of(Long.toString(move.head().snapshotId())),
        move.head().sequenceNumber(),
        judged.report(),
        PublishIntent.append(),
        0,
        0,
        Optional.empty(),
        move.appended().size(),
        move.bytes(),
        attempt.now(),
        false);
  }

  /** The table as it would be, to read manifests with. */
  private Table table() {
    return new BaseTable(
        new StaticTableOperations(built, session.files()), name.toString(), report -> {});
  }
}
