package io.meshwork.cli.internal.product;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.publish.PublishHistory.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists how the rows of a product changed, and what is wrong with them. */
@Command(name = "history", description = "Lists how the rows of a product changed, and by whom.")
public final class HistoryVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The most changes, newest first. Default: all")
  private @Nullable Integer limit;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (limit != null && limit < 1) {
      throw new UsageException("--limit is at least 1, not " + limit + ".");
    }
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode changes = document.putArray("changes");
    TextTable table =
        new TextTable("COMMITTED", "MODE", "ADDED", "REMOVED", "TOTAL", "BY", "SNAPSHOT");
    Stream<RowChange> newest = client.publishHistory(product).changes().stream();
    for (RowChange change : (limit == null ? newest : newest.limit(limit)).toList()) {
      ObjectNode node =
          changes
              .addObject()
              .put("committedAt", JsonFields.time(change.committedAt()))
              .put("mode", change.mode().text())
              .put("contractVersion", change.contract().toString())
              .put("rowsAdded", change.rowsAdded())
              .put("rowsRemoved", change.rowsRemoved())
              .put("rowsTotal", change.rowsTotal())
              .put("by", change.by())
              .put("snapshotId", change.snapshotId())
              .put("publishId", change.publishId());
      JsonFields.put(node, "reason", change.because());
      table.row(
          change.committedAt(),
          change.mode().text(),
          change.rowsAdded(),
          change.rowsRemoved(),
          change.rowsTotal(),
          change.by(),
          change.snapshotId());
    }
    List<String> problems = HealthDocument.problems(client.health(product));
    document.set("problems", JsonFields.array(problems));
    List<String> lines = new ArrayList<>(table.lines("Nothing changed yet."));
    lines.addAll(problems);
    return VerbAnswer.question(document, lines);
  }
}
