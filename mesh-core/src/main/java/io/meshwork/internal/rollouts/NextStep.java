package io.meshwork.internal.rollouts;

import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.rollout.Rollout.Kind;
import io.meshwork.rollout.Rollout.State;

/** Writes what the owner of a product does next with a rollout, in one sentence. Stateless. */
final class NextStep {
  private NextStep() {}

  /** The step that follows the state of a rollout. */
  static String of(RolloutEntry rollout) {
    return "Next, " + step(rollout) + ".";
  }

  private static String step(RolloutEntry rollout) {
    return switch (rollout.state()) {
      case PLANNED ->
          notify(rollout)
              + (rollout.kind() == Kind.NEW_MAJOR_VERSION
                  ? ", or open version " + open(rollout)
                  : "");
      case ANNOUNCED ->
          switch (rollout.kind()) {
            case NEW_MAJOR_VERSION -> "open version " + open(rollout);
            case END -> "close major version " + rollout.from() + " with close()";
            case AMENDMENT -> "commit retire() after the dates of all consumers";
          };
      case PARALLEL ->
          (rollout.terms().isEmpty() ? notify(rollout) + ", and " : "")
              + "close major version "
              + rollout.from()
              + " with close()";
      case CLOSING ->
          rollout.terms().isEmpty()
              ? notify(rollout)
              : "commit retire(), whose plan names the consumers that it waits for";
      case RETIRED, ABORTED ->
          "start another rollout with rollOut(\""
              + rollout.product()
              + "\")"
              + (rollout.state() == State.RETIRED
                  ? ", or undo the retirement with restore(because) within 14 days"
                  : "");
      case AMENDED -> "amend the contract with amendContract(\"" + rollout.product() + "\")";
    };
  }

  private static String notify(RolloutEntry rollout) {
    return "notify the consumers of major version " + rollout.from() + " with announce()";
  }

  /** A back-fill precedes the activation, unless there is no history or it was copied. */
  private static String open(RolloutEntry rollout) {
    boolean copied = rollout.withoutHistory().isPresent() || rollout.dates().cutOver().isPresent();
    return rollout.to() + (copied ? " with activate()" : " with backFill(..) and activate()");
  }
}
