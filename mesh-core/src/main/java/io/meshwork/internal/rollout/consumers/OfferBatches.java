package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Offers dates to the consumers of a rollout, some of them in one transaction with one event, from
 * which each receives its own notice. What an interruption leaves out is found again.
 */
public record OfferBatches(ClientSession session, ProductName product, int number) {
  private static final int BATCH_SIZE = 20;

  /** Offers the date of the rollout to each consumer that has no offer. */
  public RolloutEntry complete(RolloutEntry announced) {
    return run(announced, Optional.empty());
  }

  /**
   * Offers a date to each consumer that still needs the old major version and has an earlier one.
   */
  public RolloutEntry extend(RolloutEntry extended, LocalDate date) {
    return run(extended, Optional.of(date));
  }

  private RolloutEntry run(RolloutEntry rollout, Optional<LocalDate> date) {
    Deadline deadline = session.deadline();
    while (session.ledger().commit(new OfferBatch(date), deadline) > 0) {
      // The next batch follows until a batch is empty.
    }
    return rollout;
  }

  /**
   * Offers the date of the rollout to some consumers without an offer.
   *
   * @return how many; 0 if there are none
   */
  public int completeSome(Deadline deadline) {
    return session.ledger().commit(new OfferBatch(Optional.empty()), deadline);
  }

  /** One transaction; its result is the number of offers. */
  private final class OfferBatch implements Ledger.Change<Integer> {
    private final Optional<LocalDate> date;

    OfferBatch(Optional<LocalDate> date) {
      this.date = date;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.OFFER, "dates to the consumers of " + product);
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(product);
    }

    @Override
    public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
      VersionedDocument stored =
          session.ledger().read(RegistryKeys.rollout(product, number)).orElseThrow();
      RolloutEntry rollout = RolloutEntry.of(stored);
      Optional<RolloutTerms> terms = rollout.terms();
      if (terms.isEmpty() || rollout.state().isEnded()) {
        return CommitDraft.unchanged(0);
      }
      List<TrackedConsumer> consumers =
          ConsumerTracks.all(session, rollout, attempt.clock()).stream()
              .filter(consumer -> isDue(consumer, terms.get(), attempt.clock()))
              .limit(BATCH_SIZE)
              .toList();
      if (consumers.isEmpty()) {
        return CommitDraft.unchanged(0);
      }
      LocalDate offered = date.orElse(rollout.retireAfter());
      CommitDraft<Integer> draft =
          LoggedRollout.log(rollout)
              .withReason(rollout.because())
              .withRetireAfter(offered)
              .withConsumers(consumers.stream().map(TrackedConsumer::id).toList())
              .draft(RolloutLog.Event.OFFERED, session.principal());
      draft.check(stored);
      for (TrackedConsumer consumer : consumers) {
        add(draft, consumer, attempt.now());
      }
      return draft.result(consumers.size());
    }

    private boolean isDue(TrackedConsumer consumer, RolloutTerms terms, Instant now) {
      if (date.isEmpty()) {
        return consumer.offer().isEmpty();
      }
      TrackStatus status = consumer.status(terms, now);
      return status.state() != State.DETACHED
          && status.state() != State.FORCED
          && (consumer.offer().isEmpty() || status.date().isBefore(date.get()));
    }

    private void add(CommitDraft<Integer> draft, TrackedConsumer consumer, Instant now) {
      String by = session.principal().toString();
      OfferEntry first = consumer.offers(number, by);
      OfferEntry next =
          date.filter(later -> first.latest().date().isBefore(later))
              .map(later -> first.offered(later, now, by))
              .orElse(first);
      Key key = RegistryKeys.rolloutOffer(product, number, consumer.id());
      consumer
          .offer()
          .ifPresentOrElse(
              stored -> draft.replace(stored, next.toDocument(consumer.offer())),
              () -> draft.insert(key, next.toDocument(Optional.empty())));
    }
  }
}
