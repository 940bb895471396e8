package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Impact;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows who must know when a product or some of its columns change. */
@Command(name = "impact", description = "Shows who must know when columns of a product change.")
public final class ImpactVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "COLUMN",
      description = "The columns that change. Default: all")
  private @Nullable List<String> columns;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Impact impact = client.impactOf(product, OptionTexts.elements(columns));
    ObjectNode document = VerbAnswer.newDocument().put("product", impact.product().toString());
    document.set("columns", JsonFields.array(impact.columns()));
    ArrayNode affected = document.putArray("affected");
    TextTable table = new TextTable("STEPS", "KIND", "NAME", "EVIDENCE", "CONTACT", "PATH");
    for (Impact.AffectedItem each : impact.affected()) {
      ObjectNode node =
          affected
              .addObject()
              .put("kind", each.kind().name())
              .put("name", each.name())
              .put("steps", each.steps())
              .put("contact", each.contact())
              .put("evidence", each.evidence().name());
      node.set("path", JsonFields.array(each.path()));
      node.set("columns", JsonFields.array(each.columns()));
      table.row(
          each.steps(),
          each.kind(),
          each.name(),
          each.evidence(),
          each.contact(),
          path(each.path()));
    }
    document.set("unreachable", JsonFields.array(impact.unreachable()));
    document.put("notice", Lineage.NOTICE);
    List<String> lines = new ArrayList<>(table.lines("Nothing is affected."));
    lines.add("");
    lines.addAll(LineageVerb.unreachable(impact.unreachable()));
    lines.add(Lineage.NOTICE);
    return VerbAnswer.question(document, lines);
  }

  static String path(List<ProductName> path) {
    return String.join(" → ", path.stream().map(ProductName::toString).toList());
  }
}
