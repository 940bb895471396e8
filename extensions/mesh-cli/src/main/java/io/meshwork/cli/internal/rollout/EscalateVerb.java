package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Escalates an answer, or a missing one. */
@Command(
    name = "escalate",
    description = "Notifies the people above both sides of an answer, or of none.")
final class EscalateVerb extends MeshVerb {
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
      description = "What they should know")
  private String because;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Rollout<?> rollout = named.of(client);
    return RolloutAnswer.changed(
        "escalated", rollout, rollout.track(consumer).escalate().because(because).commit());
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
