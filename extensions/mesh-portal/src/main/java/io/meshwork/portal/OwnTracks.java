package io.meshwork.portal;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.ProductEnd;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tracks that the viewer's domain answers, in rollouts that wait for consumers. */
final class OwnTracks {
  private OwnTracks() {}

  /**
   * A track.
   *
   * @param rollout the rollout, as it was read
   * @param track the track
   * @param next what its consumer does next
   */
  record OwnTrack(Rollout<?> rollout, Track track, NextStep next) {
    /** Returns what a page shows of it. */
    RolloutsPage.AnswerRow row() {
      return new RolloutsPage.AnswerRow(
          ProductAddress.of(rollout.product()),
          rollout.number(),
          track.consumer(),
          change(),
          rollout.because(),
          asked(track).toString(),
          SiteReader.lowerCase(track.answer()),
          track.reason(),
          next.text(),
          next.command());
    }

    private String change() {
      if (rollout instanceof MajorRollout major) {
        return "version " + major.to() + " replaces version " + major.from();
      }
      return rollout instanceof ProductEnd
          ? "the product ends"
          : "version " + rollout.version() + " promises less";
    }
  }

  /** Returns the date that a track asks its consumer to agree to. */
  static LocalDate asked(Track track) {
    return track.earlierDate().orElse(track.date());
  }

  /**
   * Reads them. An owner sees the tracks of all domains: its own ones have the domain of its
   * subscriptions.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  static List<OwnTrack> of(MeshClient client) {
    List<Subscription.Summary> subscriptions = client.subscriptions();
    Set<String> domains =
        subscriptions.stream().map(Subscription.Summary::domain).collect(Collectors.toSet());
    if (domains.isEmpty()) {
      return List.of();
    }
    return client.rollouts().stream()
        .filter(rollout -> !rollout.state().isEnded() && rollout.announcedAt().isPresent())
        .flatMap(
            rollout ->
                rollout.tracks().stream()
                    .filter(track -> !track.released())
                    .filter(track -> domains.contains(track.consumer().split("/", 2)[0]))
                    .map(
                        track ->
                            new OwnTrack(
                                rollout, track, NextStep.of(rollout, track, subscriptions))))
        .toList();
  }
}
