package io.meshwork.cli.internal.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Escalates an answer, or a missing one. */
@Command(
    name = "escalate",
    description = "Notifies the people above both sides of an answer, or of none.")
final class EscalateVerb extends TrackChangeVerb {
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

  EscalateVerb() {
    super("escalated");
  }

  @Override
  Operation<Track> change(Rollout<?> rollout) {
    return rollout.track(consumer).escalate().because(because);
  }
}
