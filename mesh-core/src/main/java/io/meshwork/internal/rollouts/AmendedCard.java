package io.meshwork.internal.rollouts;

import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductCard.Amendment;
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

/** The card of a product whose contracts have announced amendments. Immutable. */
record AmendedCard(ClientSession session, ProductCard card) {
  /** The card with the amendments; the same card without any. */
  ProductCard withAmendments() {
    List<Amendment> amendments =
        StoredRollout.all(session.ledger(), card.name()).stream()
            .map(StoredRollout::entry)
            .filter(rollout -> rollout.amendsContract() && rollout.state() == State.ANNOUNCED)
            .sorted(Comparator.comparing(RolloutEntry::from))
            .flatMap(rollout -> amendment(rollout).stream())
            .toList();
    return amendments.isEmpty() ? card : ProductDescriptions.withAmendments(card, amendments);
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

  /** The latest date of the consumers that the caller sees and that still need the contract. */
  private LocalDate until(RolloutEntry rollout) {
    boolean hasDomain = session.catalog().findAccount(session.principal().account()).isPresent();
    if (!hasDomain) {
      return rollout.retireAfter();
    }
    RolloutTerms terms = rollout.terms().orElseThrow();
    Instant now = session.runtime().clock().instant();
    return ConsumerTracks.visible(session, rollout, now).stream()
        .map(consumer -> consumer.status(terms, now))
        .filter(track -> !TrackRules.hasLeft(track))
        .map(TrackStatus::date)
        .max(Comparator.naturalOrder())
        .orElse(rollout.retireAfter());
  }
}
