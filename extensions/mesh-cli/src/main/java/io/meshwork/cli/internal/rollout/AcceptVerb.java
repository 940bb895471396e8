package io.meshwork.cli.internal.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Accepts a date of a consumer. */
@Command(name = "accept", description = "Accepts the later date that a consumer asks for.")
final class AcceptVerb extends TrackChangeVerb {
  @Parameters(
      index = "1",
      paramLabel = "CONSUMER",
      description = "As the status prints it, such as finance/revenue")
  private String consumer;

  AcceptVerb() {
    super("accepted");
  }

  @Override
  Operation<Track> change(Rollout<?> rollout) {
    return rollout.track(consumer).accept();
  }
}
