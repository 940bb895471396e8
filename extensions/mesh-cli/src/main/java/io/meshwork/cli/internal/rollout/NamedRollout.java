package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rollout that a verb is about. */
final class NamedRollout {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--number",
      paramLabel = "N",
      description = "The rollout. Default: the newest that has not ended, or else the last")
  private @Nullable Integer number;

  Rollout<?> of(MeshClient client) {
    if (number == null) {
      return newest(client, product);
    }
    return client.rollouts(product).stream()
        .filter(each -> each.number() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    product
                        + " has no rollout "
                        + number
                        + " that you see. List them with: mesh rollout"));
  }

  /** Returns the one that has not ended, or else the last one. */
  static Rollout<?> newest(MeshClient client, String product) {
    Optional<Rollout<?>> newest =
        client.rollouts(product).stream()
            .max(
                Comparator.comparing((Rollout<?> each) -> !each.state().isEnded())
                    .thenComparing(Rollout::number));
    return newest.isPresent() ? newest.get() : client.rollout(product);
  }

  /** Returns the track of a consumer, or the only one that the caller sees. */
  static Track track(Rollout<?> rollout, @Nullable String consumer) {
    if (consumer != null) {
      return rollout.track(consumer);
    }
    List<? extends Track> tracks = rollout.tracks();
    if (tracks.size() == 1) {
      return tracks.get(0);
    }
    throw new UsageException(
        tracks.isEmpty()
            ? "Rollout "
                + rollout.number()
                + " of "
                + rollout.product()
                + " asks nothing of you: it is "
                + rollout.state()
                + ", and you see no consumer of it."
            : "Name one consumer: "
                + tracks.stream().map(Track::consumer).collect(Collectors.joining(", "))
                + ".");
  }

  /** Returns the track of a consumer that has to move to another version. */
  static Track.Move move(Rollout<?> rollout, @Nullable String consumer) {
    if (track(rollout, consumer) instanceof Track.Move move) {
      return move;
    }
    throw new UsageException(
        "No consumer has to move: rollout "
            + rollout.number()
            + " of "
            + rollout.product()
            + " amends the contract of the version that its consumers read.");
  }

  static MajorRollout newMajorVersion(Rollout<?> rollout) {
    if (rollout instanceof MajorRollout major) {
      return major;
    }
    throw new UsageException(
        "Rollout "
            + rollout.number()
            + " of "
            + rollout.product()
            + (rollout instanceof ProductEnd ? " ends the product" : " amends its contract")
            + ": it has no new major version.");
  }

  static ProductEnd end(Rollout<?> rollout) {
    if (rollout instanceof ProductEnd end) {
      return end;
    }
    throw new UsageException(
        "Rollout "
            + rollout.number()
            + " of "
            + rollout.product()
            + " amends the contract, so no version is closed or retired. After the dates of all"
            + " consumers, mesh rollout retire puts the terms into effect.");
  }
}
