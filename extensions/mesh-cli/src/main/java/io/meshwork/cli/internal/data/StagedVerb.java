package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.publish.StagedPublish;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists what is staged. */
@Command(
    name = "staged",
    description = "Lists the staged publishes of a product, oldest first. For its owner.")
public final class StagedVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode all = document.putArray("staged");
    TextTable table = new TextTable("ID", "KEY", "STAGED", "BY", "MODE", "ROWS", "INVALID");
    List<String> ended = new ArrayList<>();
    for (StagedPublish staged : client.stagedPublishes(product)) {
      StagedRows.put(all.addObject(), staged);
      table.row(
          staged.id(),
          staged.idempotencyKey(),
          staged.stagedAt(),
          staged.stagedBy(),
          staged.mode().text(),
          staged.rowCount(),
          staged.invalidRowCount());
      addIfEnded(staged, ended);
    }
    List<String> lines = new ArrayList<>(table.lines("Nothing is staged."));
    lines.addAll(ended);
    return VerbAnswer.question(document, lines);
  }

  /** Says which ones can only be discarded. */
  private void addIfEnded(StagedPublish staged, List<String> lines) {
    boolean isWithoutFilter =
        staged.mode() == PublishMode.REPLACE_WHERE && staged.scope().isEmpty();
    if (staged.erasedBy().isPresent() || isWithoutFilter) {
      lines.add(
          staged.id()
              + " cannot be promoted, because an "
              + (staged.erasedBy().isPresent()
                  ? "erase removed its rows."
                  : "erasure removed its filter."));
      lines.add("  mesh discard " + product + " " + staged.id());
    }
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
