package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists who consumes a product. */
@Command(
    name = "consumers",
    description = "Lists who subscribes to a product, reads it, or derives from it.")
public final class ConsumersVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode consumers = document.putArray("consumers");
    TextTable table = new TextTable("DOMAIN", "KIND", "NAME", "MAJOR", "LAST USED", "CONTACT");
    for (ProductConsumer consumer : client.consumers(product)) {
      ObjectNode node =
          consumers
              .addObject()
              .put("domain", consumer.domain())
              .put("kind", consumer.kind().name())
              .put("name", consumer.name())
              .put("major", consumer.major())
              .put("contact", consumer.contact())
              .put("dormant", consumer.isDormant());
      node.set("columns", JsonFields.array(consumer.columns()));
      JsonFields.put(node, "purpose", consumer.purpose());
      JsonFields.put(node, "lastUsed", consumer.lastUsed());
      table.row(
          consumer.domain(),
          consumer.kind(),
          consumer.name(),
          consumer.major(),
          JsonFields.text(consumer.lastUsed()),
          consumer.contact());
    }
    return VerbAnswer.question(document, table.lines("No consumers that you may know."));
  }
}
