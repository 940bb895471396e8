package io.meshwork.internal.publish;

import com.fasterxml.jackson.databind.node.DoubleNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.table.TableState;

/**
 * Writes a publish to the product's log: names, IDs, and counts, from which its history is read.
 */
final class PublishLog {
  private PublishLog() {}

  /**
   * Adds the details.
   *
   * @param after the state of the table after the publish
   */
  static void addEntry(CommitDraft<?> draft, StoredReceipt receipt, TableState after) {
    draft
        .detail("publishId", receipt.publishId())
        .detail("major", receipt.major())
        .detail("contractVersion", receipt.contractVersion().toString())
        .detail("rowsAccepted", receipt.rowsAccepted())
        .detail("rowsQuarantined", receipt.quality().rowsQuarantined())
        .detail("rowsRemoved", receipt.rowsRemoved())
        .detail("files", receipt.files());
    QualityReport quality = receipt.quality();
    if (quality.rulesEvaluated() > 0) {
      draft
          .detail("rulesPassed", quality.rulesPassed())
          .detail("rulesEvaluated", quality.rulesEvaluated());
    }
    quality
        .qualityScore()
        .ifPresent(score -> draft.detail("qualityScore", DoubleNode.valueOf(score)));
    quality.rowScore().ifPresent(score -> draft.detail("rowScore", DoubleNode.valueOf(score)));
    receipt.intent().addTo(draft);
    receipt
        .snapshotId()
        .ifPresent(
            id ->
                draft
                    .detail("snapshotId", id)
                    .detail("sequence", receipt.sequence())
                    .detail("rowsTotal", after.rows()));
  }
}
