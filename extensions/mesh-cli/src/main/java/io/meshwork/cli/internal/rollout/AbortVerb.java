package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends a rollout without its change. */
@Command(
    name = "abort",
    description = "Ends the rollout without its change; a new version is withdrawn.")
final class AbortVerb extends RolloutChangeVerb {
  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, for the log")
  private String because;

  @Override
  VerbAnswer change(Rollout<?> rollout) {
    return change("aborted", rollout.abort().because(because));
  }
}
