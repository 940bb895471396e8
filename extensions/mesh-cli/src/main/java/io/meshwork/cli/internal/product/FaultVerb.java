package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.StatusText;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Fault;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows where the trouble of a product comes from. */
@Command(
    name = "fault",
    description = "Shows where the trouble of a product begins: in it, or upstream.")
public final class FaultVerb extends MeshVerb {
  private static final String UPSTREAM_IS_FINE = "Nothing upstream is late or violated.";

  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Fault fault = client.faultOf(product);
    ObjectNode document =
        VerbAnswer.newDocument()
            .put("product", fault.product().toString())
            .put("status", fault.status().name());
    ArrayNode origins = document.putArray("origins");
    List<String> sentences = new ArrayList<>();
    TextTable table = new TextTable("PRODUCT", "STATUS", "SINCE", "CONTACT", "PATH");
    for (Fault.Origin origin : fault.origins()) {
      ObjectNode node =
          origins
              .addObject()
              .put("product", origin.product().toString())
              .put("status", origin.status().name())
              .put("contact", origin.contact());
      JsonFields.put(node, "since", origin.since().map(JsonFields::time));
      List<String> problems = origin.problems().stream().map(TerminalText::of).toList();
      node.set("problems", JsonFields.array(problems));
      problems.forEach(problem -> sentences.add(origin.product() + ": " + problem));
      node.set("path", JsonFields.array(origin.path()));
      table.row(
          origin.product(),
          StatusText.of(origin.status()),
          JsonFields.text(origin.since()),
          origin.contact(),
          ImpactVerb.path(origin.path()));
    }
    document.set("unreachable", JsonFields.array(fault.unreachable()));
    document.put("notice", Lineage.NOTICE);
    List<String> lines = new ArrayList<>();
    lines.add(product + "  " + StatusText.of(fault.status()));
    lines.addAll(table.lines(UPSTREAM_IS_FINE));
    lines.addAll(sentences);
    if (fault.origins().stream().map(Fault.Origin::product).allMatch(fault.product()::equals)
        && !fault.origins().isEmpty()) {
      lines.add(UPSTREAM_IS_FINE);
    }
    lines.add("");
    lines.addAll(LineageVerb.unreachable(fault.unreachable()));
    lines.add(Lineage.NOTICE);
    return VerbAnswer.question(document, lines);
  }
}
