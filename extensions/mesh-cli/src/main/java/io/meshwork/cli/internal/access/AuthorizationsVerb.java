package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists authorizations to grant. */
@Command(
    name = "authorizations",
    description = "Lists who may grant access for your domain, and for whom you may.")
public final class AuthorizationsVerb extends MeshVerb {
  @Parameters(
      arity = "0..1",
      paramLabel = "PRODUCT|DOMAIN",
      description = "Only what concerns it. Default: all")
  private @Nullable String resource;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode authorizations = document.putArray("authorizations");
    TextTable table = new TextTable("AUTHORIZATION", "ON", "WHO GRANTS", "TO", "BECAUSE");
    List<AuthorizationSummary> all =
        resource == null
            ? client.access().authorizations()
            : client.access().authorizations(resource);
    for (AuthorizationSummary each : all) {
      AuthorizationDocument.put(authorizations.addObject(), each);
      table.row(
          each.id(),
          each.on(),
          String.join(", ", each.executors()),
          each.consumers().isEmpty() ? "any" : String.join(", ", each.consumers()),
          each.because());
    }
    return VerbAnswer.question(document, table.lines("There are no authorizations."));
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
