package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.NewSnapshot;
import io.meshwork.internal.event.EventDetails.QualityScore;
import io.meshwork.internal.event.EventDetails.Restoration;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.table.TableState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a publish writes to the product's log: names, IDs, and counts, from which its history is
 * read. {@link MovedTables} reads them.
 */
public final class PublishLog {
  private PublishLog() {}

  /**
   * Adds the details of the log entry.
   *
   * @param leading the receipt of the leading major version
   * @param majors the major versions, the leading one first
   */
  public static void addEntry(
      CommitDraft<?> draft, StoredReceipt leading, List<MajorCommit> majors) {
    draft.details(details(leading, majors));
  }

  static ObjectNode details(StoredReceipt leading, List<MajorCommit> majors) {
    PublishIntent intent = leading.intent();
    return EventDetailsCodec.write(
        new TableCommit(
            leading.publishId(),
            Optional.of(intent.mode().text()),
            intent.reason(),
            intent.completeUpTo(),
            majors));
  }

  /**
   * Returns what a publish did to one major version.
   *
   * @param receipt the receipt of this major version
   * @param after the state of the table after the publish
   * @param rowsLeftOut the number of rows that only the leading major version has
   * @param restoration what a rollback restored
   */
  public static MajorCommit major(
      StoredReceipt receipt,
      TableState after,
      long rowsLeftOut,
      Optional<Restoration> restoration) {
    return new MajorCommit(
        receipt.major(),
        receipt.contractVersion(),
        receipt.rowsAccepted(),
        receipt.quality().rowsQuarantined(),
        receipt.rowsRemoved(),
        rowsLeftOut,
        receipt.quarantineRowsRemoved(),
        receipt.files(),
        receipt.lateRows(),
        receipt.largestLateness(),
        receipt
            .snapshotId()
            .map(id -> new NewSnapshot(id, receipt.sequence().orElseThrow(), after.rows())),
        receipt.intent().scopeHash(),
        receipt.derivedFrom(),
        score(receipt.quality()),
        restoration);
  }

  private static Optional<QualityScore> score(QualityReport quality) {
    int evaluated = quality.rulesEvaluated();
    return evaluated == 0 && quality.qualityScore().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new QualityScore(
                quality.qualityScore(),
                evaluated == 0 ? OptionalInt.empty() : OptionalInt.of(quality.rulesPassed()),
                evaluated == 0 ? OptionalInt.empty() : OptionalInt.of(evaluated)));
  }
}
