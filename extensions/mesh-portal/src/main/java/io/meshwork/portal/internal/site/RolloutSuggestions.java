package io.meshwork.portal.internal.site;

import io.meshwork.portal.internal.page.RolloutsPage;
import io.meshwork.product.ProductName;
import io.meshwork.request.Suggestion;
import io.meshwork.rollout.Rollout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The suggestions that name a running rollout and that the viewer may know. Rollouts are read only
 * for products that have such a suggestion. Immutable.
 */
final class RolloutSuggestions {
  /** By the product and the major version that the rollout replaces. */
  private final Map<String, List<RolloutsPage.DeliveredRow>> rows = new HashMap<>();

  private RolloutSuggestions() {}

  static RolloutSuggestions of(SiteReader site) {
    RolloutSuggestions all = new RolloutSuggestions();
    Map<ProductName, Optional<Rollout<?>>> rollouts = new HashMap<>();
    Stream.concat(site.own().suggestionsReceived().stream(), site.own().suggestionsSent().stream())
        .filter(suggestion -> suggestion.rollout().isPresent())
        .forEach(
            suggestion ->
                rollouts
                    .computeIfAbsent(suggestion.product(), product -> newest(site, product))
                    .filter(rollout -> rollout.number() == suggestion.rollout().getAsInt())
                    .ifPresent(rollout -> all.add(rollout, suggestion)));
    return all;
  }

  /** The rollout that has not ended, or else the last one. */
  private static Optional<Rollout<?>> newest(SiteReader site, ProductName product) {
    return SiteReader.find(() -> site.client().rollouts(product))
        .flatMap(
            all ->
                all.stream()
                    .max(
                        Comparator.comparing((Rollout<?> each) -> !each.state().isEnded())
                            .thenComparing(Rollout::number)));
  }

  private void add(Rollout<?> rollout, Suggestion suggestion) {
    rows.computeIfAbsent(key(rollout.product(), rollout.from()), first -> new ArrayList<>())
        .add(
            new RolloutsPage.DeliveredRow(
                suggestion.id(), suggestion.requester().toString(), suggestion.text()));
  }

  /** Returns the suggestions that the rollout from a major version delivers. */
  List<RolloutsPage.DeliveredRow> by(ProductName product, int from) {
    return List.copyOf(rows.getOrDefault(key(product, from), List.of()));
  }

  private static String key(ProductName product, int from) {
    return product + "@" + from;
  }
}
