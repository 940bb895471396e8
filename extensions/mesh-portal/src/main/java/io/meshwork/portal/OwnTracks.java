package io.meshwork.portal;

import io.meshwork.consume.Subscription;
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
          RolloutReader.change(rollout),
          rollout.because(),
          asked(track).toString(),
          SiteReader.lowerCase(track.answer()),
          track.reason(),
          next.text(),
          next.command());
    }
  }

  /** Returns the date that a track asks its consumer to agree to. */
  static LocalDate asked(Track track) {
    return track.earlierDate().orElse(track.date());
  }

  /**
   * Finds them. An owner also sees the tracks of other domains; the subscriptions tell which domain
   * is its own.
   *
   * @param rollouts those that the viewer's domain leads or is part of
   * @param subscriptions those of the viewer's domain
   */
  static List<OwnTrack> of(List<Rollout<?>> rollouts, List<Subscription.Summary> subscriptions) {
    Set<String> domains =
        subscriptions.stream().map(Subscription.Summary::domain).collect(Collectors.toSet());
    return rollouts.stream()
        .filter(rollout -> !rollout.state().isEnded() && rollout.announcedAt().isPresent())
        .flatMap(
            rollout ->
                rollout.tracks().stream()
                    .filter(track -> !track.released())
                    .filter(track -> domains.contains(TrackConsumer.of(track).domain()))
                    .map(
                        track ->
                            new OwnTrack(
                                rollout, track, NextStep.of(rollout, track, subscriptions))))
        .toList();
  }
}
