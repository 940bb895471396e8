package io.meshwork.rollout;

import io.meshwork.operation.Operation;
import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One consumer of the major version that a rollout replaces or amends: what its reads prove, what it
 * answered, and until when it keeps the version. Derived from the owner's offers, the consumer's
 * answers, and the reads when it is requested. Immutable and thread-safe.
 *
 * <p>In a {@link TermsAmendment}, a consumer keeps the current contract until its date. No consumer
 * moves: its state is {@code WAITING}, or {@code DETACHED} once it left. Its date releases it. In
 * other rollouts, each track is a {@link Move}.
 */
public interface Track {
  /** What the reads of a consumer prove. Only reads prove a move; answers do not. */
  enum State {
    /** It has not read the new major version or a later one. */
    WAITING,
    /** It has read the new major version or a later one, and the old one too recently. */
    MIGRATING,
    /**
     * It has read the new major version or a later one, and then not the old one for its quiet
     * period, or not since it declared the move. Reading the old version undoes this.
     */
    MIGRATED,
    /** Its subscription was closed, or its right to read was revoked. */
    DETACHED,
    /**
     * It has read no version for a long time, and the owner and a steward agreed to continue
     * without it. A read or an answer undoes this.
     */
    DORMANT,
    /** The owner retired the version by force while the consumer still needed it. */
    FORCED
  }

  /** What the consumer answered to the date that the owner offers. */
  enum Answer {
    /** Nothing. After half the notice period, silence accepts the date, and nothing else. */
    NONE,
    /** It received the notice. */
    SEEN,
    /** It agrees to the date. */
    AGREED,
    /** It asks for another date. */
    COUNTERED,
    /** It refuses the change. */
    OBJECTED
  }

  /**
   * The owner's request that the owners of both domains settle what a consumer and the owner did
   * not. Immutable.
   *
   * @param because the reason
   * @param at when it was escalated
   * @param by who escalated it
   */
  record Escalation(String because, Instant at, Principal by) {}

  /**
   * Returns the consumer: {@code domain/subscription}, or {@code domain/@} for a domain that reads
   * without a subscription.
   */
  String consumer();

  /** Returns false if the consumer reads without a subscription. */
  boolean subscribed();

  /** Returns what its reads prove. */
  State state();

  /** Returns its answer to the date that is offered now. */
  Answer answer();

  /** Returns the reason that it gave for another date or an objection; empty without one. */
  Optional<String> answerReason();

  /** Returns the date that it asks for; empty unless the answer is {@link Answer#COUNTERED}. */
  Optional<LocalDate> requestedDate();

  /**
   * Returns the date that holds for it: the old version is not retired under it before the end of
   * this day in UTC, unless it has moved.
   */
  LocalDate date();

  /** Returns true if it agreed to the date, or accepted it by silence. */
  boolean dateAccepted();

  /**
   * Returns an earlier date that the owner proposes. It holds only if the consumer agrees; empty
   * without one.
   */
  Optional<LocalDate> earlierDate();

  /** Returns the last escalation by the owner; empty if there was none. */
  Optional<Escalation> escalation();

  /** Returns when the owner offered the date that holds. */
  Instant offeredAt();

  /**
   * Returns false if no read of it was ever recorded, so that only its declaration proves a move.
   */
  boolean observed();

  /** Returns true if the rollout does not wait for it. */
  boolean released();

  /** Returns why the rollout waits for it or not, in one sentence. */
  String reason();

  /**
   * The consumer confirms that it received the notice. This accepts nothing.
   *
   * <p>Like all answers, its commit fails with {@code ACCESS_DENIED} for accounts of other domains,
   * and with {@code STATE_CONFLICT} if the rollout ended, the consumer left, or the owner offered
   * another date after this track was read; the message names the date.
   */
  @CheckReturnValue
  Operation<Track> seen();

  /** The consumer agrees to the date, or to {@link #earlierDate} if the owner proposes one. */
  @CheckReturnValue
  Operation<Track> agree();

  /**
   * The consumer asks for a later date. It holds once the owner accepts it.
   *
   * @param date the last day on which it needs the old major version, in UTC; not null
   */
  @CheckReturnValue
  Change counter(LocalDate date);

  /** The consumer refuses the change. The date remains until the owner offers another one. */
  @CheckReturnValue
  Change object();

  /**
   * The owner accepts the date that the consumer asks for.
   *
   * <p>Like {@link #offer}, its commit fails with {@code STATE_CONFLICT} if the consumer answered
   * again after this track was read.
   */
  @CheckReturnValue
  Operation<Track> accept();

  /**
   * The owner offers another date. A later one holds at once. An earlier one holds only once the
   * consumer agrees to it; until then, the present date remains.
   *
   * @param date the last day of the old major version for this consumer, in UTC; not before the end
   *     of the notice period; not null
   */
  @CheckReturnValue
  Operation<Track> offer(LocalDate date);

  /**
   * The owner escalates an answer, or a missing one, to the people above both sides: the owner and
   * the steward of the consumer's domain, and the owner of the product's domain are notified with
   * the reason, the date, and the answer. Nothing else changes: the rollout continues to wait for
   * the consumer. An escalation with the same reason as the last one does nothing, unless the
   * consumer answered or the owner offered a date since.
   *
   * @return an operation that fails with {@code ACCESS_DENIED} for accounts that do not act for the
   *     product's owner, and with {@code STATE_CONFLICT} if the rollout does not wait for the
   *     consumer, the consumer answered again after this track was read, or no date was offered to
   *     it yet
   */
  @CheckReturnValue
  Change escalate();

  /** The track of a consumer that has to move to another version. Immutable and thread-safe. */
  interface Move extends Track {
    /**
     * The consumer declares that it no longer reads the old major version, so that no quiet period
     * has to prove it. Requires a read of the new one, unless no read of the consumer was ever
     * recorded. A later read of the old version undoes it; reads are recorded once a day.
     * The reason says how it moved, such as {@code the job was replaced}.
     */
    @CheckReturnValue
    Change moved();

    /**
     * The owner's request to continue without the consumer, which read nothing and answered nothing
     * for at least 90 days. It counts once a steward approved it with {@code
     * governance().approve(..)}; a read or an answer undoes it.
     *
     * @return an operation that fails with {@code STATE_CONFLICT} if the consumer was active too
     *     recently, or no steward is appointed
     */
    @CheckReturnValue
    Change dormant();
  }

  /** A change of a track that needs a reason. Can be committed once. Not thread-safe. */
  interface Change extends Operation<Track> {
    /**
     * Sets the reason, which the other side sees. Required.
     *
     * @param text not null
     */
    Change because(String text);
  }
}
