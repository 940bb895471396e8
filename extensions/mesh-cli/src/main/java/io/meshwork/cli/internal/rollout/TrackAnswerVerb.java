package io.meshwork.cli.internal.rollout;

import io.meshwork.cli.internal.shell.ReasonOption;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers the announcement of a rollout. */
@Command(
    name = "answer",
    description = "Answers a rollout as its consumer: seen, agreed, another date, or an objection.")
final class TrackAnswerVerb extends TrackChangeVerb {
  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "CONSUMER",
      description = "Your subscription, or @ for reads without one. Default: the only one")
  private @Nullable String consumer;

  @Option(names = "--seen", description = "The notice arrived; this accepts nothing")
  private boolean seen;

  @Option(names = "--agree", description = "Agrees to the date")
  private boolean agree;

  @Option(
      names = "--counter",
      paramLabel = "DATE",
      description = "Asks for a later last day, in UTC, such as 2027-03-31")
  private @Nullable LocalDate counter;

  @Option(names = "--object", description = "Refuses the change")
  private boolean object;

  @Option(
      names = "--because",
      paramLabel = "TEXT",
      description = "Required with --counter and --object; the owner sees it")
  private @Nullable String because;

  TrackAnswerVerb() {
    super("answered");
  }

  @Override
  Operation<Track> change(Rollout<?> rollout) {
    if (Stream.of(seen, agree, counter != null, object).filter(Boolean::booleanValue).count()
        != 1) {
      throw new UsageException("An answer is --seen, --agree, --counter DATE, or --object.");
    }
    boolean refuses = object || counter != null;
    ReasonOption.require(
        refuses ? (object ? "--object" : "--counter") : "--counter and --object", refuses, because);
    Track track = NamedRollout.track(rollout, consumer);
    if (because == null) {
      return seen ? track.seen() : track.agree();
    }
    return counter == null
        ? track.object().because(because)
        : track.counter(counter).because(because);
  }
}
