package io.meshwork.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.publish.PublishReceipt;

/** Writes a committed publish as one line of JSON. */
final class LogLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LogLine() {}

  static String of(PublishReceipt receipt) {
    ObjectNode line = JSON.createObjectNode();
    line.put("publishId", receipt.publishId());
    line.put("key", receipt.keyWasGiven() ? receipt.idempotencyKey() : null);
    line.put("major", receipt.major());
    line.put("snapshotId", receipt.snapshotId().orElse(null));
    line.put("rows", receipt.rowsAccepted());
    line.put("quarantined", receipt.quality().rowsQuarantined());
    line.put("committedAt", receipt.committedAt().toString());
    return line.toString();
  }
}
