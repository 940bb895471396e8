package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.AccessPlanOptions;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Closes a product that is open to the mesh. */
@Command(name = "close", description = "Closes a product that everyone in the mesh may read.")
final class ProductCloseVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private AccessPlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return planning.answer(
        client.access().closeToMesh(product),
        card ->
            VerbAnswer.change(
                VerbAnswer.newDocument("closed").put("product", card.name().toString()),
                card.name() + " is closed: only who has a grant reads it."));
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
