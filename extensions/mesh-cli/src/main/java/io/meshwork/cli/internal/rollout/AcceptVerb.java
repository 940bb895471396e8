package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Accepts a date of a consumer. */
@Command(name = "accept", description = "Accepts the later date that a consumer asks for.")
final class AcceptVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Parameters(
      index = "1",
      paramLabel = "CONSUMER",
      description = "As the status prints it, such as finance/revenue")
  private String consumer;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Rollout<?> rollout = named.of(client);
    return RolloutAnswer.changed("accepted", rollout, rollout.track(consumer).accept().commit());
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
