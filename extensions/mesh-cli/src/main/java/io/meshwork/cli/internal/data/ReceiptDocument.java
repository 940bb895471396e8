package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.publish.PublishReceipt;
import java.util.Map;

/** What a publish returned, as a change. */
final class ReceiptDocument {
  private ReceiptDocument() {}

  static VerbAnswer answer(PublishReceipt receipt) {
    ObjectNode document = VerbAnswer.newDocument(receipt.replayed() ? "replayed" : "published");
    document.put("product", receipt.product().toString());
    document.put("contractVersion", receipt.contractVersion().toString());
    document.put("major", receipt.major());
    JsonFields.put(document, "snapshotId", receipt.snapshotId());
    document.put("offered", receipt.quality().rowsOffered());
    document.put("accepted", receipt.rowsAccepted());
    document.put("quarantined", receipt.quality().rowsQuarantined());
    document.put("rows", receipt.rowsAccepted());
    document.put("rowsQuarantined", receipt.quality().rowsQuarantined());
    document.put("publishId", receipt.publishId());
    if (receipt.keyWasGiven()) {
      document.put("idempotencyKey", receipt.idempotencyKey());
    }
    document.put("mode", receipt.mode().text());
    document.put("committedAt", receipt.committedAt().toString());
    ObjectNode violations = document.putObject("violations");
    for (Map.Entry<String, Long> rule : receipt.failingRowsByRule().entrySet()) {
      violations.put(rule.getKey(), rule.getValue());
    }
    return VerbAnswer.change(
        document,
        receipt.rowsAccepted()
            + " rows are published to "
            + receipt.product()
            + quarantined(receipt)
            + (receipt.replayed() ? ", with the same key before." : "."));
  }

  private static String quarantined(PublishReceipt receipt) {
    long rows = receipt.quality().rowsQuarantined();
    return rows == 0
        ? ""
        : ", and " + rows + " are quarantined (see: mesh quarantine " + receipt.product() + ")";
  }
}
