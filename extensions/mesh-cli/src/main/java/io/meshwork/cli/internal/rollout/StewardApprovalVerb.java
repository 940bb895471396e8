package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.StewardRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Approves a request about a product as a steward. */
@Command(name = "approve", description = "Approves a request of the owner, as a steward.")
final class StewardApprovalVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "REQUEST",
      description = "As 'mesh rollout requests' prints it. Default: the only one")
  private @Nullable String id;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    StewardRequest approved = client.governance().approve(request(client)).commit();
    return VerbAnswer.change(
        VerbAnswer.newDocument("approved")
            .put("product", approved.product().toString())
            .put("request", approved.id())
            .put("kind", approved.kind().name()),
        approved.toString());
  }

  private StewardRequest request(MeshClient client) {
    List<StewardRequest> waiting =
        client.governance().pending(product).stream()
            .filter(each -> id == null || each.id().equals(id))
            .toList();
    if (waiting.size() != 1) {
      throw new UsageException(
          product
              + " has "
              + (waiting.isEmpty() ? "no such request" : Count.of(waiting.size(), "request"))
              + " for a steward. List them with: mesh rollout requests "
              + product);
    }
    return waiting.get(0);
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
