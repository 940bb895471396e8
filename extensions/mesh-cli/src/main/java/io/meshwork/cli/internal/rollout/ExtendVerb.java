package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.rollout.Rollout;
import java.time.LocalDate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Retires the old version later. */
@Command(
    name = "extend",
    description = "Moves the date of the old version to a later one, for all consumers.")
final class ExtendVerb extends RolloutChangeVerb {
  @Option(
      names = "--to",
      required = true,
      paramLabel = "DATE",
      description = "The last day, in UTC, such as 2027-03-31")
  private LocalDate date;

  @Override
  VerbAnswer change(Rollout<?> rollout) {
    return change("extended", rollout.extend(date));
  }
}
