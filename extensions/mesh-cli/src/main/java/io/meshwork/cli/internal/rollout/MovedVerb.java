package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.Rollout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Declares that a consumer has moved. */
@Command(name = "moved", description = "States that you no longer read the old version.")
final class MovedVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "CONSUMER",
      description = "Your subscription, or @ for reads without one. Default: the only one")
  private @Nullable String consumer;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "How it moved, such as: the job was replaced")
  private String because;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Rollout<?> rollout = named.of(client);
    return RolloutAnswer.changed(
        "moved", rollout, NamedRollout.move(rollout, consumer).moved().because(because).commit());
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
