package io.meshwork.cli.internal.access;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes a link. */
@Command(name = "unlink", description = "Removes a link from your catalog.")
public final class UnlinkVerb extends MeshVerb {
  @Parameters(paramLabel = "DATABASE.TABLE", description = "As 'mesh links' prints it")
  private String link;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return planning.answer(
        client.unlinkResource(link),
        removed ->
            VerbAnswer.change(
                VerbAnswer.newDocument(removed.isPresent() ? "unlinked" : "not linked")
                    .put("link", link),
                removed.isPresent() ? link + " is removed." : link + " did not exist."));
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
