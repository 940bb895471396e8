package io.meshwork.internal.rollout.start;

import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductCard.Amendment;
import io.meshwork.card.ProductCard.Replacement;
import io.meshwork.card.ProductCard.Version;
import io.meshwork.contract.Contract;
import io.meshwork.internal.card.ProductDescriptions;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.TrackRules;
import io.meshwork.internal.rollout.consumers.TrackStatus;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The card of a product with its announced rollouts, and without the versions of rollouts that the
 * caller does not see. Immutable.
 */
record RolloutCard(ClientSession session, ProductCard card) {
  /** The completed card; the same card without rollouts. */
  ProductCard withRollouts() {
    List<RolloutEntry> rollouts =
        StoredRollout.visible(session, card.name()).stream()
            .map(StoredRollout::entry)
            .filter(rollout -> !rollout.state().isEnded())
            .sorted(Comparator.comparing(RolloutEntry::from))
            .toList();
    List<Amendment> amendments =
        rollouts.stream()
            .filter(rollout -> rollout.amendsContract() && rollout.state() == State.ANNOUNCED)
            .flatMap(rollout -> amendment(rollout).stream())
            .toList();
    List<Replacement> replacements =
        rollouts.stream()
            .filter(rollout -> rollout.newMajor().isPresent() && rollout.state() != State.PLANNED)
            .map(this::replacement)
            .toList();
    List<Version> versions = visible(session.catalog().visibleMajors(card.name()));
    return amendments.isEmpty()
            && replacements.isEmpty()
            && versions.size() == card.versions().size()
        ? card
        : ProductDescriptions.withRollouts(card, versions, replacements, amendments);
  }

  /** The version that the card is about always remains. */
  private List<Version> visible(List<Integer> majors) {
    Version first = card.versions().get(0);
    return card.versions().stream()
        .filter(version -> version.equals(first) || majors.contains(version.version().major()))
        .toList();
  }

  private Replacement replacement(RolloutEntry rollout) {
    return new Replacement(
        rollout.from(),
        rollout.to(),
        rollout.state() != State.ANNOUNCED,
        rollout.because(),
        rollout.terms().map(terms -> until(rollout, terms)));
  }

  private Optional<Amendment> amendment(RolloutEntry rollout) {
    return card.versions().stream()
        .filter(version -> version.version().major() == rollout.from())
        .findFirst()
        .map(
            version -> {
              Contract current = version.contract();
              return new Amendment(
                  rollout.from(),
                  current.differenceTo(rollout.applyTo(current)).changes(),
                  rollout.because(),
                  rollout
                      .terms()
                      .map(terms -> until(rollout, terms))
                      .orElseGet(rollout::retireAfter));
            });
  }

  /** The latest date of the consumers that the caller sees and that did not move or leave. */
  private LocalDate until(RolloutEntry rollout, RolloutTerms terms) {
    if (session.catalog().findAccount(session.principal().account()).isEmpty()) {
      return rollout.retireAfter();
    }
    Instant now = session.runtime().clock().instant();
    return ConsumerTracks.visible(session, rollout, now).stream()
        .map(consumer -> consumer.status(terms, now))
        .filter(track -> !TrackRules.hasLeft(track))
        .map(TrackStatus::date)
        .max(Comparator.naturalOrder())
        .orElse(rollout.retireAfter());
  }
}
