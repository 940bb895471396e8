package io.meshwork.cli.internal.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.LocalDate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Offers a consumer another date. */
@Command(
    name = "offer",
    description = "Offers a consumer another date; an earlier one needs its agreement.")
final class OfferVerb extends TrackChangeVerb {
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

  OfferVerb() {
    super("offered");
  }

  @Override
  Operation<Track> change(Rollout<?> rollout) {
    return rollout.track(consumer).offer(date);
  }
}
