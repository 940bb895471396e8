package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.QualityReport;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.table.TableState;
import java.util.List;

/**
 * Writes a publish to the product's log: names, IDs, and counts, from which its history is read.
 * {@link MovedTables} reads them.
 */
public final class PublishLog {
  /** The details that are the same for all major versions of one publish. */
  private static final List<String> COMMON =
      List.of("publishId", PublishIntent.MODE, PublishIntent.REASON, PublishIntent.DATA_TIME);

  private PublishLog() {}

  /**
   * What a publish did to one major version.
   *
   * @param receipt the receipt of this major version
   * @param after the state of the table after the publish
   * @param further details that only some publishes have, after the others
   */
  public record CommittedMajor(StoredReceipt receipt, TableState after, ObjectNode further) {
    /** A major version without further details. */
    public static CommittedMajor of(StoredReceipt receipt, TableState after) {
      return new CommittedMajor(receipt, after, JsonNodeFactory.instance.objectNode());
    }
  }

  /**
   * Adds the details: flat for one major version, otherwise the common ones and an array with one
   * element for each major version.
   *
   * @param majors the major versions, the leading one first
   */
  public static void addEntry(CommitDraft<?> draft, List<CommittedMajor> majors) {
    draft.details(details(majors));
  }

  /** The details that {@link #addEntry} adds. */
  public static ObjectNode details(List<CommittedMajor> majors) {
    ObjectNode leading = details(majors.get(0));
    if (majors.size() == 1) {
      return leading;
    }
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    majors.forEach(major -> parts.add(details(major).remove(COMMON)));
    leading.retain(COMMON);
    return leading.set(MovedTables.MAJORS, parts);
  }

  private static ObjectNode details(CommittedMajor major) {
    StoredReceipt receipt = major.receipt();
    QualityReport quality = receipt.quality();
    ObjectNode details =
        JsonNodeFactory.instance
            .objectNode()
            .put("publishId", receipt.publishId())
            .put("major", (long) receipt.major())
            .put("contractVersion", receipt.contractVersion().toString())
            .put("rowsAccepted", receipt.rowsAccepted())
            .put("rowsQuarantined", quality.rowsQuarantined())
            .put("rowsRemoved", receipt.rowsRemoved())
            .put("files", receipt.files());
    if (receipt.lateRows() > 0) {
      details.put("lateRows", receipt.lateRows());
      details.put("largestLateness", receipt.largestLateness().toString());
    }
    if (quality.rulesEvaluated() > 0) {
      details.put("rulesPassed", quality.rulesPassed());
      details.put("rulesEvaluated", quality.rulesEvaluated());
    }
    quality.qualityScore().ifPresent(score -> details.put("qualityScore", score));
    receipt.intent().addTo(details);
    receipt
        .snapshotId()
        .ifPresent(
            id ->
                details
                    .put("snapshotId", id)
                    .put("sequence", receipt.sequence().orElseThrow())
                    .put("rowsTotal", major.after().rows()));
    details.setAll(major.further());
    return details;
  }
}
