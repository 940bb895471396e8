package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.publish.PublishReceipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the committed publishes of a product. */
@Command(name = "log", description = "Lists the committed publishes of a product.")
public final class LogVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode publishes = document.putArray("publishes");
    TextTable table =
        new TextTable("COMMITTED", "MODE", "MAJOR", "ROWS", "QUARANTINED", "KEY", "PUBLISH");
    for (PublishReceipt receipt : client.publishHistory(product).receipts()) {
      ObjectNode publish =
          publishes
              .addObject()
              .put("committedAt", JsonFields.time(receipt.committedAt()))
              .put("mode", receipt.mode().text())
              .put("major", receipt.major())
              .put("rows", receipt.rowsAccepted())
              .put("rowsQuarantined", receipt.quality().rowsQuarantined())
              .put("publishId", receipt.publishId());
      if (receipt.keyWasGiven()) {
        publish.put("idempotencyKey", receipt.idempotencyKey());
      }
      JsonFields.put(publish, "snapshotId", receipt.snapshotId());
      table.row(
          receipt.committedAt(),
          receipt.mode().text(),
          receipt.major(),
          receipt.rowsAccepted(),
          receipt.quality().rowsQuarantined(),
          receipt.keyWasGiven() ? receipt.idempotencyKey() : "–",
          receipt.publishId());
    }
    return VerbAnswer.question(document, table.lines("Nothing is published yet."));
  }
}
