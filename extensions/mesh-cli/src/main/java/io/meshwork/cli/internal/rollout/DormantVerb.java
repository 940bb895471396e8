package io.meshwork.cli.internal.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Requests to continue without a consumer. */
@Command(
    name = "dormant",
    description = "Asks a steward to continue without a consumer that reads and answers nothing.")
final class DormantVerb extends TrackChangeVerb {
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

  DormantVerb() {
    super("requested");
  }

  @Override
  Operation<Track> change(Rollout<?> rollout) {
    return NamedRollout.move(rollout, consumer).dormant().because(because);
  }
}
