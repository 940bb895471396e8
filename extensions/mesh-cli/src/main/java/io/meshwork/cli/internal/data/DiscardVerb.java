package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes what was staged. */
@Command(name = "discard", description = "Removes a staged publish with its rows.")
public final class DiscardVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(index = "1", paramLabel = "ID", description = "As 'stage' and 'staged' print it")
  private String id;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    StagedRows.find(client, product, id).discard();
    return VerbAnswer.change(
        VerbAnswer.newDocument("discarded").put("product", product).put("staged", id),
        "The staged rows are discarded.");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
