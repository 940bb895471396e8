package io.meshwork.portal;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What the viewer's domain subscribes to, requests, suggests, and rolls out. Each list is read once
 * for all pages. All are empty for a viewer that acts for no domain. Not thread-safe.
 */
final class OwnDomain {
  private final SiteReader site;
  private final Supplier<Optional<List<Subscription.Summary>>> subscriptions;
  private final Supplier<Optional<List<AccessRequest>>> received;
  private final Supplier<Optional<List<AccessRequest>>> sent;
  private final Supplier<Optional<List<Suggestion>>> suggestionsReceived;
  private final Supplier<Optional<List<Suggestion>>> suggestionsSent;
  private final Supplier<Optional<List<Rollout<?>>>> rollouts;

  OwnDomain(SiteReader site) {
    this.site = site;
    MeshClient client = site.client();
    this.subscriptions = once(client::subscriptions);
    this.received = once(() -> client.requests().received());
    this.sent = once(() -> client.requests().sent());
    this.suggestionsReceived = once(() -> client.suggestions().received());
    this.suggestionsSent = once(() -> client.suggestions().sent());
    this.rollouts = once(client::rollouts);
  }

  /**
   * Empty for accounts without a domain, and without rows if it needs a catalog that cannot be
   * reached.
   */
  private <T> Supplier<Optional<List<T>>> once(Supplier<List<T>> question) {
    return new SiteReader.AskedOnce<>(
        () -> {
          try {
            return Optional.of(site.reached(question, List.of()));
          } catch (InvalidRequestException e) {
            return Optional.empty();
          }
        });
  }

  /** True if the viewer acts for a domain. */
  boolean exists() {
    return received.get().isPresent() || subscriptions.get().isPresent();
  }

  List<Subscription.Summary> subscriptions() {
    return subscriptions.get().orElse(List.of());
  }

  /** Returns the requests for access that it decides. */
  List<AccessRequest> requestsReceived() {
    return received.get().orElse(List.of());
  }

  List<AccessRequest> requestsSent() {
    return sent.get().orElse(List.of());
  }

  /** Returns the suggestions that it answers. */
  List<Suggestion> suggestionsReceived() {
    return suggestionsReceived.get().orElse(List.of());
  }

  List<Suggestion> suggestionsSent() {
    return suggestionsSent.get().orElse(List.of());
  }

  /** Returns the rollouts that it leads or is part of, by product. */
  List<Rollout<?>> rollouts() {
    return rollouts.get().orElse(List.of());
  }

  /** Returns the rollouts of products of the site that have not ended, by product. */
  List<Rollout<?>> openRollouts() {
    return rollouts().stream()
        .filter(rollout -> !rollout.state().isEnded())
        .filter(rollout -> site.isKnown(rollout.product()))
        .toList();
  }

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
   * Finds the tracks that it answers, in rollouts that wait for consumers. An owner also sees the
   * tracks of other domains; the subscriptions tell which domain is its own.
   *
   * @param rollouts those that the viewer's domain leads or is part of
   * @param subscriptions those of the viewer's domain
   */
  static List<OwnTrack> tracks(
      List<Rollout<?>> rollouts, List<Subscription.Summary> subscriptions) {
    Set<String> domains =
        subscriptions.stream().map(Subscription.Summary::domain).collect(Collectors.toSet());
    return rollouts.stream()
        .filter(rollout -> !rollout.state().isEnded() && rollout.announcedAt().isPresent())
        .flatMap(
            rollout ->
                rollout.tracks().stream()
                    .filter(track -> !track.released())
                    .filter(
                        track -> domains.contains(RolloutReader.TrackConsumer.of(track).domain()))
                    .map(
                        track ->
                            new OwnTrack(
                                rollout, track, NextStep.of(rollout, track, subscriptions))))
        .toList();
  }
}
