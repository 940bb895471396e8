package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.Rollout;
import java.time.LocalDate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Offers a consumer another date. */
@Command(
    name = "offer",
    description = "Offers a consumer another date; an earlier one needs its agreement.")
final class OfferVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Parameters(
      index = "1",
      paramLabel = "CONSUMER",
      description = "As the status prints it, such as finance/revenue")
  private String consumer;

  @Option(
      names = "--date",
      required = true,
      paramLabel = "DATE",
      description = "Its last day, in UTC, such as 2027-03-31")
  private LocalDate date;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Rollout<?> rollout = named.of(client);
    return RolloutAnswer.changed("offered", rollout, rollout.track(consumer).offer(date).commit());
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
