package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.ReasonOption;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Opens the new major version. */
@Command(name = "activate", description = "Opens the new version to consumers.")
final class ActivateVerb extends RolloutChangeVerb {
  @Option(
      names = "--without",
      paramLabel = "ROWS",
      description = "How many rows break the new contract and stay in quarantine; needs --because")
  private @Nullable Long rows;

  @Option(names = "--because", paramLabel = "TEXT", description = "Why they may stay there")
  private @Nullable String because;

  @Override
  VerbAnswer change(Rollout<?> rollout) {
    MajorRollout major = NamedRollout.newMajorVersion(rollout);
    ReasonOption.require("--without", rows != null, because);
    return rows == null || because == null
        ? change("activated", major.activate())
        : change("activated", major.activateWithout(rows).because(because));
  }
}
