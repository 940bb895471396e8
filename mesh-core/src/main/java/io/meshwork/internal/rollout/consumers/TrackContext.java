package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.Rollout.Track.State;
import java.time.Instant;
import java.util.List;

/**
 * The state that an answer or an offer to one consumer is based on. Immutable.
 *
 * @param stored the document of the rollout
 * @param from the major version that is replaced
 * @param now the time at which the track is derived
 */
record TrackContext(
    RolloutEntry rollout,
    VersionedDocument stored,
    RolloutTerms terms,
    VersionEntry from,
    TrackedConsumer consumer,
    TrackStatus status,
    Instant now) {
  /**
   * Reads the state of a track.
   *
   * @throws io.meshwork.error.ConflictException if the rollout ended, or the consumer left
   * @throws io.meshwork.error.NotFoundException if the track does not exist
   */
  static TrackContext of(
      ClientSession session, ConsumerTrack track, MeshAction action, Instant now) {
    ProductName product = track.rollout().product();
    int number = track.rollout().number();
    VersionedDocument stored =
        session.ledger().read(RegistryKeys.rollout(product, number)).orElseThrow();
    RolloutEntry rollout = RolloutEntry.of(stored);
    VersionEntry from = session.catalog().requireFor(Use.DESCRIBE, product, rollout.from(), action);
    if (rollout.state().isEnded()
        || rollout.terms().isEmpty()
        || from.state() == MajorState.RETIRING) {
      throw Failure.of(action)
          .because(
              from.state() == MajorState.RETIRING
                  ? "major version " + rollout.from() + " is " + from.state()
                  : "the rollout is " + rollout.state())
          .fix(afterEnd(rollout))
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    TrackedConsumer consumer = find(session, rollout, track, action, now);
    RolloutTerms terms = rollout.terms().orElseThrow();
    TrackStatus status = consumer.status(terms, now);
    if (status.state() == State.DETACHED || status.state() == State.FORCED) {
      throw Failure.of(action)
          .because(consumer.id() + " is " + status.state() + ". " + status.reason())
          .fix("See " + rollout.reader() + ".tracks().")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    return new TrackContext(rollout, stored, terms, from, consumer, status, now);
  }

  /** What either side does once the rollout takes no answers and offers. */
  private static String afterEnd(RolloutEntry rollout) {
    return switch (rollout.state()) {
      case ABORTED -> "Nothing is to be done: major version " + rollout.from() + " is not retired.";
      case AMENDED -> "Read the contract with describe(\"" + rollout.product() + "\").";
      case RETIRED ->
          rollout
              .successor()
              .map(next -> "Consumers read " + next + ".")
              .orElse("The product has ended.");
      case PLANNED, ANNOUNCED, PARALLEL, CLOSING ->
          rollout.terms().isEmpty()
              ? "Its owner notifies the consumers first, with announce()."
              : "The retirement is being decided; read " + rollout.reader() + " again.";
    };
  }

  private static TrackedConsumer find(
      ClientSession session,
      RolloutEntry rollout,
      ConsumerTrack track,
      MeshAction action,
      Instant now) {
    Catalog.Consumer domain = track.tracked().consumer();
    return ConsumerTracks.of(session, rollout, List.of(domain), now).stream()
        .filter(each -> each.id().equals(track.consumer()))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.of(action)
                    .because("the consumer was never offered a date, and left")
                    .fix("See " + rollout.reader() + ".tracks().")
                    .notFound(ErrorCode.NOT_FOUND));
  }

  /** Requires that the documents of the track do not change until the commit. */
  <R> CommitDraft<R> check(CommitDraft<R> draft) {
    draft.check(stored).check(from.majorStored());
    consumer.subscription().ifPresent(draft::check);
    return draft;
  }

  /** The track after the commit of a document of it. */
  Track after(ClientSession session, TrackedConsumer changed) {
    return ConsumerTrack.of(session, rollout, changed, now);
  }
}
