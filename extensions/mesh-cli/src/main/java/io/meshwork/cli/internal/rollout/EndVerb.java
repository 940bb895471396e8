package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.rollout.EndProduct;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts the end of a product. */
@Command(
    name = "end",
    description = "Starts the end of a product, with notice to its consumers once it is announced.")
final class EndVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--successor",
      paramLabel = "PRODUCT@MAJOR",
      description = "What consumers read in its place, such as finance/sales@2")
  private @Nullable String successor;

  @Mixin private StartTerms terms;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    EndProduct end = client.endProduct(product).because(terms.because());
    if (successor != null) {
      int at = successor.lastIndexOf('@');
      if (at < 0 || !successor.substring(at + 1).matches("[1-9][0-9]{0,8}")) {
        throw new UsageException(
            "--successor is a product with its major version, such as finance/sales@2.");
      }
      end.successor(successor.substring(0, at), Integer.parseInt(successor.substring(at + 1)));
    }
    terms.retireAfter().ifPresent(end::retireAfter);
    return planning.answer(end, started -> RolloutAnswer.changed("started", started));
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
