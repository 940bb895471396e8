package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;

/** Closes the old version to new subscriptions. */
@Command(
    name = "close",
    description = "Closes the old version to new subscriptions; the new one is current.")
final class CloseVerb extends RolloutChangeVerb {
  @Override
  VerbAnswer change(Rollout<?> rollout) {
    return rollout instanceof MajorRollout major
        ? change("closed", major.close())
        : change("closed", NamedRollout.end(rollout).close());
  }
}
