package io.meshwork.cli.internal.rollout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.StewardRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the requests about a product that wait for a steward. */
@Command(
    name = "requests",
    description = "Lists what waits for a steward: retirements by force, and long suspensions.")
final class StewardRequestsVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ObjectNode document = VerbAnswer.newDocument().put("product", product);
    ArrayNode requests = document.putArray("requests");
    List<String> lines = new ArrayList<>();
    for (StewardRequest each : client.governance().pending(product)) {
      requests
          .addObject()
          .put("request", each.id())
          .put("kind", each.kind().name())
          .put("because", each.because())
          .put("requestedBy", each.requestedBy().toString())
          .put("requestedAt", JsonFields.time(each.requestedAt()));
      lines.add(each.id() + "  " + each);
    }
    return VerbAnswer.question(
        document, lines.isEmpty() ? List.of("nothing waits for a steward") : lines);
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
