package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductCard.Amendment;
import io.meshwork.card.ProductCard.Replacement;
import io.meshwork.card.ProductCard.Version;
import io.meshwork.contract.Contract;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ProductDescriptions;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The card of a product with its announced rollouts, and without the versions of those that the
 * caller does not see. Immutable.
 */
record RolloutCard(ClientSession session, ProductCard card) {
  /** The completed card; the same card without rollouts. */
  ProductCard withRollouts() {
    List<StoredRollout> all = StoredRollout.all(session.ledger(), card.name());
    List<StoredRollout> seen = VisibleRollouts.of(session, card.name(), all);
    List<RolloutEntry> rollouts =
        seen.stream()
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
    List<Version> versions = visible(all.stream().filter(each -> !seen.contains(each)).toList());
    return amendments.isEmpty()
            && replacements.isEmpty()
            && versions.size() == card.versions().size()
        ? card
        : ProductDescriptions.withRollouts(card, versions, replacements, amendments);
  }

  /** The version that the card is about always remains. */
  private List<Version> visible(List<StoredRollout> hidden) {
    Version first = card.versions().get(0);
    return card.versions().stream()
        .filter(
            version ->
                version.equals(first)
                    || hidden.stream()
                        .noneMatch(rollout -> rollout.entry().leadsTo(version.version().major())))
        .toList();
  }

  private Replacement replacement(RolloutEntry rollout) {
    return new Replacement(
        rollout.from(),
        rollout.to(),
        rollout.state() != State.ANNOUNCED,
        rollout.because(),
        until(rollout));
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
                  until(rollout));
            });
  }

  /** The latest date of the consumers that the caller sees and that did not move or leave. */
  private LocalDate until(RolloutEntry rollout) {
    boolean hasDomain = session.catalog().findAccount(session.principal().account()).isPresent();
    Optional<RolloutTerms> announced = rollout.terms();
    if (!hasDomain || announced.isEmpty()) {
      return rollout.retireAfter();
    }
    RolloutTerms terms = announced.get();
    Instant now = session.runtime().clock().instant();
    return ConsumerTracks.visible(session, rollout, now).stream()
        .map(consumer -> consumer.status(terms, now))
        .filter(track -> !TrackRules.hasLeft(track))
        .map(TrackStatus::date)
        .max(Comparator.naturalOrder())
        .orElse(rollout.retireAfter());
  }
}
