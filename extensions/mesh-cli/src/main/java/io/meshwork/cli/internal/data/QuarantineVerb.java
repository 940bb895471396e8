package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the quarantined rows of a product. */
@Command(
    name = "quarantine",
    description = "Shows quarantined rows with their rules and reasons. For the owner.")
public final class QuarantineVerb extends MeshVerb {
  private static final String EMPTY = "The quarantine has no such rows.";

  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      description = "These rows only, such as \"rules LIKE '%%between.amount%%'\"")
  private @Nullable FilterText where;

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      defaultValue = "20",
      description = "The most rows to show. Default: 20")
  private long limit;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Read<Map<String, Object>> read =
        client.quarantine(product).asMaps().limit(RowTable.andOneMore(limit));
    try (Rows<Map<String, Object>> rows =
        (where == null ? read : read.where(where.text())).rows()) {
      VerbAnswer answer =
          RowTable.answer(
              VerbAnswer.newDocument().put("product", product), rows, limit, EMPTY, width());
      return VerbAnswer.question(answer.document(), table(answer.document()));
    }
  }

  /** Returns first what a person corrects: where the row is, what is wrong, and its values. */
  private List<String> table(ObjectNode document) {
    TextTable table = new TextTable("PLACE", "VALUE", "WHY", "ROW");
    for (JsonNode row : document.get("rows")) {
      QuarantinedRow quarantined = QuarantinedRow.of(row);
      table.row(
          quarantined.place(),
          RowTable.cut(quarantined.value()),
          quarantined.why(),
          RowTable.cut(row.path("row").asText()));
    }
    return table.lines(EMPTY, width());
  }

  @Override
  protected void afterwards(VerbAnswer answer) {
    if (answer.document().get("more").asBoolean() && !root().asJson()) {
      shell().complain("There are more rows: --limit ROWS shows more.");
    }
    if (!answer.document().get("rows").isEmpty() && !root().asJson()) {
      shell().complain("--json shows whole rows, their publishes, and times.");
    }
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
