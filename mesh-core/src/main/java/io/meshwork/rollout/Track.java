package io.meshwork.rollout;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * One consumer of the major version that a rollout replaces: what its reads prove, what it
 * answered, and until when it keeps the version. Derived from the owner's offers, the consumer's
 * answers, and the reads when it is requested. Immutable and thread-safe.
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
}
