package io.meshwork.cli;

import io.meshwork.MeshClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a link. */
@Command(name = "unlink", description = "Removes a link from your catalog.")
final class UnlinkVerb extends MeshVerb {
  @Parameters(paramLabel = "DATABASE.TABLE")
  private String link;

  @Mixin private PlanOptions planning;

  @Override
  VerbAnswer answer(MeshClient client) {
    return planning.answer(
        client.links().unlink(link),
        removed ->
            VerbAnswer.change(
                VerbAnswer.newDocument(removed.isPresent() ? "unlinked" : "not linked")
                    .put("link", link),
                removed.isPresent() ? link + " is removed." : link + " did not exist."));
  }

  @Override
  boolean isChange() {
    return true;
  }
}
