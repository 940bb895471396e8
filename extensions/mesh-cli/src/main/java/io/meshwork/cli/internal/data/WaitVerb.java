package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.OptionTexts;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Subscription;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Waits until a product is fresh or complete. */
@Command(
    name = "wait",
    description = "Waits until the product of a subscription is fresh, or complete.",
    exitCodeList = {"12:It did not happen in time."})
public final class WaitVerb extends MeshVerb {
  @Parameters(paramLabel = "SUBSCRIPTION")
  private String name;

  @Option(
      names = "--complete-up-to",
      paramLabel = "TIME",
      description =
          "Waits until all rows with an earlier event time are published. Default: until it is fresh")
  private @Nullable String completeUpTo;

  @Option(
      names = "--at-most",
      paramLabel = "DURATION",
      defaultValue = "30m",
      description = "How long to wait, such as 90s, 15m, or 2h. Default: 30m")
  private String atMost;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Duration limit = OptionTexts.duration(atMost);
    Subscription<Map<String, Object>> subscription = NamedSubscription.open(client, name);
    boolean ready =
        completeUpTo == null
            ? subscription.awaitFresh(limit)
            : subscription.awaitComplete(OptionTexts.time(completeUpTo), limit);
    Subscription.Freshness freshness = subscription.freshness();
    return VerbAnswer.change(
            VerbAnswer.newDocument(ready ? "ready" : "not ready")
                .put("subscription", name)
                .put("product", subscription.product().toString())
                .put("freshness", freshness.status().name())
                .put("contact", freshness.contact()),
            subscription.product()
                + (ready ? " is ready." : " is not ready. Contact: " + freshness.contact()))
        .exiting(ready ? 0 : ExitCode.NOT_FRESH);
  }

  @Override
  protected String interruption() {
    return NOTHING_CHANGED;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
