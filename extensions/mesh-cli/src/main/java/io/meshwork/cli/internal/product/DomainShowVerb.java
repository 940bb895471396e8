package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.StatusText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.discovery.DomainCard;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows a domain: owner, products, and how mature it is.")
final class DomainShowVerb extends MeshVerb {
  @Parameters(paramLabel = "DOMAIN")
  private String domain;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    DomainCard card = client.describeDomain(domain);
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("domain", card.name())
            .put("description", card.description())
            .put("owner", card.owner())
            .put("steward", card.steward());
    document.set("tags", JsonFields.sorted(card.tags()));
    ArrayNode products = document.putArray("products");
    card.products().forEach(health -> products.add(HealthDocument.of(health)));
    ArrayNode maturity = document.putArray("maturity");
    List<String> lines = new ArrayList<>();
    lines.add(card.name() + "  " + card.description());
    lines.add("owner    " + card.owner() + "; steward " + card.steward());
    TextTable practices = new TextTable("PRACTICE", "DONE", "OF");
    for (DomainCard.Criterion criterion : card.maturity()) {
      maturity
          .addObject()
          .put("practice", criterion.practice().name())
          .put("done", criterion.met())
          .put("of", criterion.total());
      practices.row(criterion.practice(), criterion.met(), criterion.total());
    }
    TextTable table = new TextTable("PRODUCT", "STATUS", "CONTACT");
    for (Health health : card.products()) {
      table.row(health.product(), StatusText.of(health.status()), health.contact());
    }
    lines.add("");
    lines.addAll(table.lines("It has no products yet."));
    lines.add("");
    lines.addAll(practices.lines("No practice applies yet."));
    return VerbAnswer.question(document, lines);
  }
}
