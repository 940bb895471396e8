package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "restore",
    description = "Makes the retired version readable again, within 14 days.")
final class RestoreVerb extends RolloutChangeVerb {
  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, for the log")
  private String because;

  @Override
  VerbAnswer change(Rollout<?> rollout) {
    return rollout instanceof MajorRollout major
        ? change("restored", major.restore().because(because))
        : change("restored", NamedRollout.end(rollout).restore().because(because));
  }
}
