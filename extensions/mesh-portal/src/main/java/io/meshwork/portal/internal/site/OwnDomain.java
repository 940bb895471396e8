package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.consume.Subscription;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.portal.internal.page.MinePage;
import io.meshwork.portal.internal.page.RolloutsPage;
import io.meshwork.portal.internal.text.AnswerText;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.TrackConsumer;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the viewer's domain subscribes to, requests, suggests, and rolls out. Each list is read once
 * for all pages. All are empty for a viewer that acts for no domain. Not thread-safe.
 */
public final class OwnDomain {
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
  public record OwnTrack(Rollout<?> rollout, Track track, NextStep next) {
    public RolloutsPage.AnswerRow row() {
      return new RolloutsPage.AnswerRow(
          ProductAddress.of(rollout.product()),
          rollout.number(),
          track.consumer(),
          RolloutReader.change(rollout),
          rollout.because(),
          asked(track).toString(),
          AnswerText.of(track.answer()),
          track.reason(),
          next.text(),
          next.command());
    }

    /** Returns it for the page of what concerns the viewer. */
    MinePage.TaskRow task() {
      return new MinePage.TaskRow(
          ProductAddress.of(rollout.product()),
          TrackConsumer.text(track.consumer())
              + ": "
              + RolloutReader.change(rollout)
              + ". "
              + next.text(),
          rollout.product().domain(),
          "last day " + track.date(),
          next.command());
    }
  }

  /** Returns the date that a track asks its consumer to agree to. */
  public static LocalDate asked(Track track) {
    return track.earlierDate().orElse(track.date());
  }

  /** Returns what it has to do in rollouts, by product. */
  public List<OwnTrack> toDo() {
    return toDo(
        openRollouts(),
        subscriptions(),
        product -> site.card(product).health().filter(Health::isForOwner).isPresent());
  }

  /** Returns what the viewer's domain has to do in rollouts, as they are now. */
  public static List<OwnTrack> toDo(MeshClient client) {
    return toDo(
        client.rollouts(),
        client.subscriptions(),
        product -> client.describe(product).health().filter(Health::isForOwner).isPresent());
  }

  /**
   * The one rule of what waits for the viewer's domain: its tracks in rollouts that have not ended,
   * in which its consumer has a next step. An owner also sees the tracks of other domains; all
   * others see their own tracks alone.
   *
   * @param owns true for the products of the viewer's domain
   */
  private static List<OwnTrack> toDo(
      List<Rollout<?>> rollouts,
      List<Subscription.Summary> subscriptions,
      Predicate<ProductName> owns) {
    List<OwnTrack> ownTracks = new ArrayList<>();
    for (Rollout<?> rollout : rollouts) {
      List<? extends Track> tracks = rollout.state().isEnded() ? List.of() : rollout.tracks();
      boolean all = !tracks.isEmpty() && owns.test(rollout.product());
      for (Track track : tracks) {
        NextStep next = NextStep.of(rollout, track, subscriptions);
        String domain = TrackConsumer.of(track.consumer()).domain();
        if (!next.text().isEmpty() && (!all || domain.equals(rollout.product().domain()))) {
          ownTracks.add(new OwnTrack(rollout, track, next));
        }
      }
    }
    return List.copyOf(ownTracks);
  }
}
