package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;

/** Makes the new major version the current one. */
@Command(
    name = "make-current",
    description = "Makes the new version the one that is read where none is named.")
final class MakeCurrentVerb extends RolloutChangeVerb {
  @Override
  VerbAnswer change(Rollout<?> rollout) {
    return change("made-current", NamedRollout.newMajorVersion(rollout).makeCurrent());
  }
}
