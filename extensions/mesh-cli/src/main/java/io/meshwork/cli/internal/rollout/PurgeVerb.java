package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deletes the data of a retired or withdrawn version. */
@Command(name = "purge", description = "Deletes the data of the version that was taken out of use.")
final class PurgeVerb extends RolloutChangeVerb {
  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, for the log")
  private String because;

  @Override
  VerbAnswer change(Rollout<?> rollout) {
    return rollout instanceof MajorRollout major
        ? change("purged", major.purge().because(because))
        : change("purged", NamedRollout.end(rollout).purge().because(because));
  }
}
