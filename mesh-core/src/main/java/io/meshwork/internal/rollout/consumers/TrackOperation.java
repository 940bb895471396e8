package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Track;

/** A change of one track of a rollout. Can be committed once. Not thread-safe. */
abstract class TrackOperation implements Operation<Track>, Ledger.Change<Track> {
  final ClientSession session;
  final ConsumerTrack track;
  private final MeshAction action;
  private final CommitGuard once;

  /**
   * Creates the operation.
   *
   * @param track the track that was read
   */
  TrackOperation(ClientSession session, ConsumerTrack track, MeshAction action) {
    this.session = session;
    this.track = track;
    this.action = action;
    this.once = CommitGuard.withoutKey(action);
  }

  final ProductName product() {
    return track.rollout().product();
  }

  final int number() {
    return track.rollout().number();
  }

  @Override
  public final MeshAction action() {
    return action;
  }

  /** That of the product, unless the consumer's domain changes the track. */
  @Override
  public String partition() {
    return RegistryKeys.partition(product());
  }

  /**
   * Requires that the caller acts for one side of the track.
   *
   * @param domain the domain of the product's owner, or of the consumer
   * @param other the domain of the other side
   * @param counterpart what the other side calls instead, in whole sentences
   * @throws AccessDeniedException if it does not; the fix for the other side is the counterpart
   */
  final DomainEntry requireDomain(String domain, String other, String counterpart) {
    try {
      return session.authorizer().requireOwner(domain, action);
    } catch (AccessDeniedException e) {
      boolean isOther =
          session
              .catalog()
              .findAccount(session.principal().account())
              .filter(account -> account.domain().equals(other))
              .isPresent();
      if (!isOther) {
        throw e;
      }
      throw Failure.of(action)
          .because(e.reason())
          .state(e.state())
          .fix(counterpart)
          .cause(e)
          .accessDenied(e.errorCode(), e.missing(), e.whoCanGrant());
    }
  }

  /** Requires that the caller acts for the product's owner. */
  final DomainEntry requireProductOwner(String counterpart) {
    return requireDomain(product().domain(), track.tracked().consumer().domain(), counterpart);
  }

  /** The rollout of a track, for messages. */
  static String rollout(ConsumerTrack track) {
    return "rollout " + track.rollout().number() + " of " + track.rollout().product();
  }

  /** The owner decides on the answer that it read, not on a later one. */
  final void requireSameAnswer(TrackContext context) {
    int seen = track.tracked().facts().replies().size();
    if (context.consumer().facts().replies().size() == seen) {
      return;
    }
    TrackStatus status = context.status();
    throw Failure.of(action())
        .because(
            "the consumer answered "
                + status.answer()
                + status.requestedDate().map(requested -> " and asks for " + requested).orElse("")
                + " after this track was read")
        .fix("Read the track again with track(\"" + track.consumer() + "\"), and decide on that.")
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }

  /** Requires that the consumer does not answer until the commit. */
  final void checkAnswer(CommitDraft<Track> draft, TrackedConsumer consumer) {
    consumer
        .answer()
        .ifPresentOrElse(
            draft::check,
            () ->
                draft.checkAbsent(
                    RegistryKeys.rolloutAnswer(
                        consumer.consumer().partition(), product(), number(), consumer.name())));
  }

  @Override
  public final Track commit() {
    return session.commit(once, this);
  }
}
