package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.contract.ContractDifference;
import io.meshwork.discovery.ContractHistory;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the contract versions of a product. */
@Command(name = "changes", description = "Lists the contract versions of a product.")
public final class ChangesVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ContractHistory history = client.contractHistory(product);
    ObjectNode document = VerbAnswer.newDocument().put("product", history.product().toString());
    ArrayNode versions = document.putArray("versions");
    TextTable table = new TextTable("VERSION", "AT", "VERDICT", "CHANGES");
    for (ContractHistory.Version version : history.versions()) {
      List<String> changes =
          version.difference().map(ContractDifference::changes).orElse(List.of()).stream()
              .map(ContractDifference.Change::what)
              .toList();
      ObjectNode node =
          versions
              .addObject()
              .put("version", version.version().toString())
              .put("verdict", version.verdict().name());
      JsonFields.put(node, "at", version.at().map(JsonFields::time));
      node.set("changes", JsonFields.array(changes));
      table.row(
          version.version(),
          JsonFields.text(version.at()),
          version.verdict(),
          String.join(" ", changes));
    }
    return VerbAnswer.question(document, table.lines("No versions."));
  }
}
