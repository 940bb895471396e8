package io.meshwork.portal;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.Rollout;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
    return new AskedOnce<>(
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
}
