package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.link.ResourceLink;
import picocli.CommandLine.Command;

/** Lists the links in the caller's catalog. */
@Command(name = "links", description = "Lists the links in your catalog.")
public final class LinksVerb extends MeshVerb {
  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode links = document.putArray("links");
    TextTable table = new TextTable("LINK", "TARGET", "STATE", "GLUE", "MISSING");
    for (ResourceLink link : client.links()) {
      LinkDocument.put(links.addObject(), link);
      table.row(
          link.name(),
          link.target(),
          link.state(),
          link.nameInGlue().orElse("-"),
          TerminalText.of(link.missing()));
    }
    return VerbAnswer.question(document, table.lines("Your catalog has no links."));
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
