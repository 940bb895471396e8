package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.AccessAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists who can read a product. */
@Command(name = "who-can-read", description = "Lists who can read a product, and why.")
public final class WhoCanReadVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode readers = document.putArray("readers");
    TextTable table = new TextTable("WHO", "COLUMNS", "HIDDEN", "ROWS", "BECAUSE");
    for (ExplainedAccess access : client.access().whoCanRead(product)) {
      readers.add(AccessAnswer.document(access));
      table.row(
          access.who(),
          access.columns().isEmpty() ? "–" : String.join(", ", access.columns()),
          access.hiddenColumns().isEmpty() ? "–" : String.join(", ", access.hiddenColumns()),
          rows(access),
          TerminalText.of(String.join("; ", access.because())));
    }
    return VerbAnswer.question(document, table.lines("Only its owner can read it."));
  }

  private static String rows(ExplainedAccess access) {
    if (!access.isAllowed()) {
      return "none: " + TerminalText.of(String.join("; ", access.missing()));
    } else if (access.everyCell()) {
      return "all";
    }
    return access.rowFilters().isEmpty() ? "some" : String.join("; ", access.rowFilters());
  }
}
