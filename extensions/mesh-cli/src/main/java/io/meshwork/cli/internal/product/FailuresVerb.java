package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.publish.PublishHistory.RuleFailures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Counts the rows that broke rules. */
@Command(
    name = "failures",
    description = "Counts the rows that broke each rule of a product, by day. For its owner.")
public final class FailuresVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode all = document.putArray("failures");
    TextTable table = new TextTable("DAY", "MAJOR", "RULE", "ROWS", "OF", "PUBLISHES");
    for (RuleFailures failures : client.publishHistory(product).failures()) {
      all.addObject()
          .put("day", failures.day().toString())
          .put("major", failures.major())
          .put("rule", failures.rule())
          .put("failingRows", failures.failingRows())
          .put("offered", failures.offeredRows())
          .put("publishes", failures.publishes());
      table.row(
          failures.day(),
          failures.major(),
          failures.rule(),
          failures.failingRows(),
          failures.offeredRows(),
          failures.publishes());
    }
    return VerbAnswer.question(document, table.lines("No row broke a rule."));
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
