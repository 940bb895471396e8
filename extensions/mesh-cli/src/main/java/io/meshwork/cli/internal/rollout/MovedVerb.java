package io.meshwork.cli.internal.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Declares that a consumer has moved. */
@Command(name = "moved", description = "States that you no longer read the old version.")
final class MovedVerb extends TrackChangeVerb {
  static final String STATUS = "moved";

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

  MovedVerb() {
    super(STATUS);
  }

  @Override
  Operation<Track> change(Rollout<?> rollout) {
    return NamedRollout.move(rollout, consumer).moved().because(because);
  }
}
