package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.contract.QualityReport.QualityEntry;
import java.util.Locale;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the quality of what was published. */
@Command(name = "quality", description = "Lists the quality of each publish of a product.")
public final class QualityVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode entries = document.putArray("quality");
    TextTable table =
        new TextTable("COMMITTED", "CONTRACT", "SCORE", "RULES", "ROWS", "QUARANTINED", "PUBLISH");
    for (QualityEntry entry : client.publishHistory(product).quality()) {
      ObjectNode node =
          entries
              .addObject()
              .put("committedAt", entry.committedAt().toString())
              .put("contractVersion", entry.contract().toString())
              .put("rulesPassed", entry.rulesPassed())
              .put("rulesEvaluated", entry.rulesEvaluated())
              .put("rowsAccepted", entry.rowsAccepted())
              .put("rowsQuarantined", entry.rowsQuarantined())
              .put("publishId", entry.publishId());
      entry.qualityScore().ifPresent(score -> node.put("score", score));
      table.row(
          entry.committedAt(),
          entry.contract(),
          score(entry.qualityScore()),
          entry.rulesPassed() + " of " + entry.rulesEvaluated(),
          entry.rowsAccepted(),
          entry.rowsQuarantined(),
          entry.publishId());
    }
    return VerbAnswer.question(document, table.lines("Nothing is published yet."));
  }

  static String score(OptionalDouble score) {
    return score.isEmpty() ? "–" : String.format(Locale.ROOT, "%.1f", score.getAsDouble());
  }
}
