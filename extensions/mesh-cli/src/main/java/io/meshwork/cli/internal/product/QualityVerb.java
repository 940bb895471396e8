package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.QualityEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the quality of what was published. */
@Command(name = "quality", description = "Lists the quality of each publish of a product.")
public final class QualityVerb extends MeshVerb {
  /** What a score means. */
  static final String SCORE = "SCORE: the share of the offered rows that were accepted.";

  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode entries = document.putArray("quality");
    TextTable table =
        new TextTable(
            "COMMITTED",
            "CONTRACT",
            "OFFERED",
            "ACCEPTED",
            "QUARANTINED",
            "SCORE",
            "RULES",
            "BROKEN",
            "PUBLISH");
    for (QualityEntry entry : client.publishHistory(product).quality()) {
      entries.add(HealthDocument.quality(entry));
      table.row(
          entry.committedAt(),
          entry.contract(),
          entry.rowsOffered(),
          entry.rowsAccepted(),
          entry.rowsQuarantined(),
          score(entry),
          entry.rulesPassed() + " of " + entry.rulesEvaluated(),
          broken(entry),
          entry.publishId());
    }
    List<String> lines = new ArrayList<>(table.lines("Nothing is published yet."));
    if (!entries.isEmpty()) {
      lines.add(SCORE);
    }
    return VerbAnswer.question(document, lines);
  }

  /** Returns the rules that published rows break, and in how many rows. */
  private static String broken(QualityEntry entry) {
    return entry.brokenRules().isEmpty()
        ? "–"
        : entry.brokenRules().stream()
            .map(rule -> rule.ruleId() + " in " + RowCount.of(rule.failingRows()))
            .collect(Collectors.joining(", "));
  }

  static String score(QualityEntry entry) {
    return entry.rowsOffered() == 0
        ? "–"
        : QualityReport.shareText(entry.rowsAccepted(), entry.rowsOffered());
  }
}
