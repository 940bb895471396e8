package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.Rollout;
import picocli.CommandLine.Command;

/** Announces a rollout to each consumer. */
@Command(
    name = "announce",
    description = "Notifies each consumer, with its date and how to answer.")
final class AnnounceVerb extends RolloutChangeVerb {
  @Override
  VerbAnswer change(Rollout<?> rollout) {
    return change("announced", rollout.announce());
  }
}
