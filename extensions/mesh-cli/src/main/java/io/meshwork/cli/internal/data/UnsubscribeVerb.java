package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.consume.Subscription;
import io.meshwork.operation.PlannedOperation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends a subscription. */
@Command(
    name = "unsubscribe",
    description = "Ends a subscription of your domain, or an unused one to your product.")
public final class UnsubscribeVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(
      index = "1",
      paramLabel = "SUBSCRIPTION",
      description = "Its name; DOMAIN/NAME if it is another domain's")
  private String name;

  @Option(
      names = "--because",
      paramLabel = "TEXT",
      description = "Required if it is another domain's, whose contact sees it")
  private @Nullable String because;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    PlannedOperation.WithReason<Optional<Subscription.Summary>> end =
        client.unsubscribe(product, name);
    if (because != null) {
      end.because(because);
    }
    return planning.answer(end, this::ended);
  }

  private VerbAnswer ended(Optional<Subscription.Summary> ended) {
    return VerbAnswer.change(
        VerbAnswer.newDocument(ended.isPresent() ? "unsubscribed" : "unchanged")
            .put("product", product)
            .put("subscription", name),
        "The subscription "
            + name
            + " to "
            + product
            + (ended.isPresent() ? " is ended." : " had ended already."));
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
