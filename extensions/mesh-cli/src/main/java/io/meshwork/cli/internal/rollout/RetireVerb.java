package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.ReasonOption;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Retires the old version, or puts announced terms into effect. */
@Command(
    name = "retire",
    description =
        "Retires the old version once no consumer needs it; puts announced terms into effect.")
final class RetireVerb extends RolloutChangeVerb {
  @Option(
      names = "--force",
      description =
          "Retires it although consumers need it, once a steward approved that; needs --because")
  private boolean force;

  @Option(names = "--because", paramLabel = "TEXT", description = "Why, which consumers see")
  private @Nullable String because;

  @Override
  VerbAnswer change(Rollout<?> rollout) {
    ReasonOption.require("--force", force, because);
    if (because == null) {
      return change("retired", rollout.retire());
    }
    return rollout instanceof MajorRollout major
        ? change("retired", major.retireByForce().because(because))
        : change("retired", NamedRollout.end(rollout).retireByForce().because(because));
  }

  /** The first commit by force only stores a request to the stewards. */
  @Override
  String status(String intended, Rollout<?> changed) {
    return switch (changed.state()) {
      case RETIRED -> intended;
      case AMENDED -> "amended";
      default -> "requested";
    };
  }
}
