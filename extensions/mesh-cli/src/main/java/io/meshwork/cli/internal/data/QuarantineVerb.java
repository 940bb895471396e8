package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.FilterText;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
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
      return RowTable.answer(
          VerbAnswer.newDocument().put("product", product),
          rows,
          limit,
          "The quarantine has no such rows.",
          width());
    }
  }

  @Override
  protected void afterwards(VerbAnswer answer) {
    if (answer.document().get("more").asBoolean() && !root().asJson()) {
      shell().complain("There are more rows: --limit ROWS shows more.");
    }
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
