package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Requests to continue without a consumer. */
@Command(
    name = "dormant",
    description = "Asks a steward to continue without a consumer that reads and answers nothing.")
final class DormantVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Parameters(
      index = "1",
      paramLabel = "CONSUMER",
      description = "As the status prints it, such as finance/revenue")
  private String consumer;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "Why the rollout need not wait for it")
  private String because;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Rollout<?> rollout = named.of(client);
    return RolloutAnswer.changed(
        "requested",
        rollout,
        NamedRollout.move(rollout, consumer).dormant().because(because).commit());
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
