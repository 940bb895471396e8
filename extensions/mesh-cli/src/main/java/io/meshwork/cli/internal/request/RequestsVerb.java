package io.meshwork.cli.internal.request;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.request.AccessRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists requests for access. */
@Command(name = "requests", description = "Lists the requests that your domain decides on.")
public final class RequestsVerb extends MeshVerb {
  @Option(names = "--sent", description = "Lists your domain's instead")
  private boolean sent;

  @Option(names = "--all", description = "Lists decided ones too")
  private boolean all;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    List<AccessRequest> listed = sent ? client.requests().sent() : client.requests().received();
    ObjectNode document = VerbAnswer.newDocument();
    ArrayNode requests = document.putArray("requests");
    TextTable table =
        new TextTable("REQUEST", "PRODUCT", "STATE", "RISK", "WHO", "COLUMNS", "PURPOSE", "REASON");
    for (AccessRequest request : listed) {
      if (all || request.isOpen()) {
        RequestDocument.put(requests.addObject(), request);
        table.row(
            RequestDocument.handle(request),
            request.product(),
            request.state(),
            request.risk(),
            request.requester(),
            request.columns().isEmpty() ? "all" : String.join(", ", request.columns()),
            request.purpose(),
            JsonFields.text(request.because()));
      }
    }
    return VerbAnswer.question(document, table.lines("No requests."));
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
