package io.meshwork.cli.internal.data;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Acknowledges a batch that was polled, by this process or another. */
@Command(name = "ack", description = "Acknowledges the batch that poll printed.")
public final class AckVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "SUBSCRIPTION")
  private String name;

  @Parameters(index = "1", paramLabel = "BATCH", description = "As 'mesh poll' prints it")
  private String id;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Subscription<Map<String, Object>> subscription = NamedSubscription.open(client, name);
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      if (batch.isEmpty() || !batch.id().equals(id)) {
        throw Failure.of(MeshAction.of(Verb.ACKNOWLEDGE, "batch " + id))
            .because("it is not the batch that the subscription waits for")
            .state("The position did not move.")
            .fix("It may be acknowledged already; poll again.")
            .conflict(ErrorCode.STATE_CONFLICT);
      }
      batch.ack();
    }
    return VerbAnswer.change(
        VerbAnswer.newDocument("acknowledged")
            .put("subscription", name)
            .put("product", subscription.product().toString())
            .put("batch", id),
        "The batch is acknowledged.");
  }

  @Override
  protected String interruption() {
    return "The batch is acknowledged, or not. 'mesh poll "
        + name
        + " --to FILE' returns it again if it is not.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
