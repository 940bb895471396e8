package io.meshwork.rollout;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.contract.ContractDifference;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A change of a product of which its consumers get notice, in the state when it was read: a new
 * major version ({@link MajorRollout}), the end of the product ({@link ProductEnd}), or an
 * amendment that weakens a promise of its contract ({@link TermsAmendment}). Its operations act on
 * the current state. Immutable and thread-safe; {@code toString()} is a page for people.
 *
 * @param <R> its kind
 */
public interface Rollout<R extends Rollout<R>> {
  /**
   * The state of a rollout. It changes in one transaction with the states of its major versions.
   */
  enum State {
    /** The new major version exists; only the owner reads it, and no consumer was notified. */
    PLANNED,
    /** Each consumer has a notice; the new major version is not readable yet. */
    ANNOUNCED,
    /** Both major versions are read and published. */
    PARALLEL,
    /** The old major version accepts no new subscriptions. */
    CLOSING,
    /** The old major version is not readable; its data is retained. */
    RETIRED,
    /** The new major version was withdrawn; the old one is as before. */
    ABORTED,
    /** The contract has the announced terms. */
    AMENDED;

    /**
     * Returns true if the rollout no longer waits for consumers. A retirement can be undone with
     * {@code restore(..)}.
     */
    public boolean isEnded() {
      return this == RETIRED || this == ABORTED || this == AMENDED;
    }
  }

  /**
   * Another product that depends on this one. Immutable.
   *
   * @param because the dependency, such as {@code derives from it} or {@code rule paid refers to
   *     it}
   * @param through the products between, first the one derived from this one; the dependency is on
   *     the last of them; empty if it depends on this one directly
   * @param contact whom to notify: the owner of the product, or of its domain
   * @param columns the columns that the derivation or the rule names, as paths: columns of the
   *     product that it depends on directly. Empty if a publish of the derivation names none, and
   *     for a rule on the number of rows
   * @param breaks the changes that would break it: changes that existing readers cannot handle, in
   *     these columns, or in any column if a derivation names none. Empty for a product that
   *     depends on this one through others: the contract of the product that it reads does not
   *     change. Empty in the plan of an end
   */
  record Downstream(
      ProductName product,
      String because,
      List<ProductName> through,
      String contact,
      List<String> columns,
      List<ContractDifference.Change> breaks) {
    public Downstream {
      through = List.copyOf(through);
      columns = List.copyOf(columns);
      breaks = List.copyOf(breaks);
    }

    /** Returns true if no change would break it. */
    public boolean isSafe() {
      return breaks.isEmpty();
    }

    /** Returns one line of a plan, without the changes. */
    @Override
    public String toString() {
      return product
          + "  "
          + because
          + (through.isEmpty()
              ? ""
              : through.stream()
                  .map(ProductName::toString)
                  .collect(Collectors.joining(", ", " through ", "")))
          + (columns.isEmpty() ? "" : "  columns " + String.join(", ", columns))
          + "  contact "
          + contact;
    }
  }

  /** Returns the product. */
  ProductName product();

  /** Returns its number among the rollouts of the product, from 1. */
  int number();

  /** Returns the major version that is replaced, or whose contract is amended. */
  int from();

  /**
   * Returns the version that the new contract had at the start; if the product ends, its last. For
   * an amendment, the version that it gets; another amendment of the contract meanwhile makes it a
   * later one.
   */
  ContractVersion version();

  /** Returns its state. */
  State state();

  /** Returns the reason of the rollout. */
  String because();

  /** Returns the proposed last day of the old major version, or of the old promise, in UTC. */
  LocalDate retireAfter();

  /** Returns when it was started. */
  Instant startedAt();

  /** Returns why it was aborted; empty if it was not. */
  Optional<String> abortedBecause();

  /** Returns when the consumers were notified for the first time; empty if they were not. */
  Optional<Instant> announcedAt();

  /**
   * Returns the last day of the notice period, in UTC: as in the contract that was current at the
   * announcement. Empty before that.
   */
  Optional<LocalDate> noticeEnds();

  /**
   * Returns when the old major version was retired; for an amendment, when the contract got the
   * announced terms. Empty if it is not.
   */
  Optional<Instant> retiredAt();

  /**
   * Returns the consumers of the replaced major version that the caller may see: all for the owner,
   * for others their own domain's. They are read when this method is called. None before the
   * announcement. A consumer that appears later has a track at once.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<? extends Track> tracks();

  /**
   * Returns the current track of one consumer.
   *
   * @param consumer {@code domain/subscription}, or the subscription alone for one of the caller's
   *     own domain; {@code @} in place of a subscription for reads without one; not null
   * @throws io.meshwork.error.NotFoundException if the caller sees no such track
   */
  Track track(String consumer);

  /**
   * Returns the {@link #tracks()} for which a retirement waits now; none after the end of the
   * rollout.
   */
  List<? extends Track> waitingFor();

  /**
   * Notifies each consumer of the replaced major version: one notice each, with the changes of the
   * columns that it reads, its date, and how to answer. The notice period of the current contract
   * begins. If {@link #retireAfter} was the earliest day at the start of the rollout, it becomes
   * the earliest day now.
   *
   * <p>A rollout is announced before its activation or after it; without an announcement nothing is
   * retired. If it was announced before, this completes the notices that an interruption left out,
   * and notices to consumers that appeared since.
   *
   * @throws io.meshwork.error.ConflictException on commit, if {@link #retireAfter} is before the
   *     end of the notice period; the message has the date for {@link #extend}
   */
  @CheckReturnValue
  PlannedOperation<Plan<R>, R> announce();

  /**
   * Retires the old major version later, for all consumers. Consumers that already have a later
   * date prevent it.
   *
   * @param date the proposed last day, in UTC; not null
   */
  @CheckReturnValue
  PlannedOperation<Plan<R>, R> extend(LocalDate date);

  /**
   * Retires the old major version: its consumers can no longer read it, its data is retained, and
   * each publish writes the new one alone. Requires that the rollout is {@code CLOSING}, that no
   * consumer needs the old version, and that all consumers moved or left, or the notice and the
   * agreed dates are over. Otherwise its commit fails with {@code STATE_CONFLICT} and lists each
   * consumer that is waited for.
   *
   * <p>An amendment takes effect in the same way: the contract becomes the next minor version, with
   * the announced terms and everything else as of then. Requires that the rollout is {@code
   * ANNOUNCED}, and that the notice and the date of each consumer are over, or all consumers left.
   * Neither silence nor an objection prevents it. Each subscriber gets a notice.
   */
  @CheckReturnValue
  PlannedOperation<Plan<R>, R> retire();

  /**
   * Ends the rollout without its change. The major version, its contract, and its consumers are as
   * before, and a new major version is withdrawn. Possible before the retirement, while no consumer
   * uses the new major version: no subscription, no domain that reads it without one, no link that
   * names it, and no product that derives from it. Before the cut-over, it also removes copies of
   * rows that the old one no longer has. The log stores the reason.
   */
  @CheckReturnValue
  PlannedOperation.WithReason<R> abort();

  /**
   * One consumer of the major version that a rollout replaces or amends: what its reads prove, what
   * it answered, and until when it has the version. Derived from the owner's offers, the consumer's
   * answers, and the reads when it is requested. Immutable and thread-safe.
   *
   * <p>In a {@link TermsAmendment}, a consumer stays on the current contract until its date. No
   * consumer moves: its state is {@code WAITING}, or {@code DETACHED} once it left. Its date
   * releases it. In other rollouts, each track is a {@link Move}.
   */
  interface Track {
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
     * Returns the consumer: {@code domain/subscription}, or {@code domain/@} for a domain that
     * reads without a subscription.
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

    /** Returns why the owner escalated it last; empty if it was not. */
    Optional<String> escalatedBecause();

    /** Returns when the owner escalated it last; empty if it was not. */
    Optional<Instant> escalatedAt();

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
     * <p>Like all answers, its commit fails with {@code ACCESS_DENIED} for accounts of other
     * domains, and with {@code STATE_CONFLICT} if the rollout ended, the consumer left, or the
     * owner offered another date after this track was read; the message names the date.
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
    Operation.WithReason<Track> counter(LocalDate date);

    /** The consumer refuses the change. The date remains until the owner offers another one. */
    @CheckReturnValue
    Operation.WithReason<Track> object();

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
     * @param date the last day of the old major version for this consumer, in UTC; not before the
     *     end of the notice period; not null
     */
    @CheckReturnValue
    Operation<Track> offer(LocalDate date);

    /**
     * The owner escalates an answer, or a missing one, to the people above both sides: the owner
     * and the steward of the consumer's domain, and the owner of the product's domain are notified
     * with the reason, the date, and the answer. Nothing else changes: the rollout continues to
     * wait for the consumer. An escalation with the same reason as the last one does nothing,
     * unless the consumer answered or the owner offered a date since.
     *
     * @return an operation that fails with {@code ACCESS_DENIED} for accounts that do not act for
     *     the product's owner, and with {@code STATE_CONFLICT} if the rollout does not wait for the
     *     consumer, the consumer answered again after this track was read, or no date was offered
     *     to it yet
     */
    @CheckReturnValue
    Operation.WithReason<Track> escalate();

    /** The track of a consumer that has to move to another version. Immutable and thread-safe. */
    interface Move extends Track {
      /**
       * The consumer declares that it no longer reads the old major version, so that no quiet
       * period has to prove it. Requires a read of the new one, unless no read of the consumer was
       * ever recorded. A later read of the old version undoes it; reads are recorded once a day.
       * The reason says how it moved, such as {@code the job was replaced}.
       */
      @CheckReturnValue
      Operation.WithReason<Track> moved();

      /**
       * The owner's request to continue without the consumer, which read nothing and answered
       * nothing for at least 90 days. It counts once a steward approved it with {@code
       * governance().approve(..)}; a read or an answer undoes it.
       *
       * @return an operation that fails with {@code STATE_CONFLICT} if the consumer was active too
       *     recently, or no steward is appointed
       */
      @CheckReturnValue
      Operation.WithReason<Track> dormant();
    }
  }
}
