package io.meshwork.rollout;

import io.meshwork.contract.ContractDifference;
import io.meshwork.operation.Operation.CheckReturnValue;
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
 * A change of a product of which its consumers get notice, as it was when it was read: a new major
 * version ({@link MajorRollout}), the end of the product ({@link ProductEnd}), or an amendment that
 * weakens a promise of its contract ({@link TermsAmendment}). Its operations act on the current
 * state. Immutable and thread-safe; {@code toString()} is a page for people.
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
   * A change of a rollout that needs a reason. Can be committed once. Not thread-safe.
   *
   * @param <R> the rollout
   */
  interface Transition<R> extends PlannedOperation<Plan<R>, R> {
    /**
     * Sets the reason. Required.
     *
     * @param text not null
     */
    Transition<R> because(String text);
  }

  /**
   * Another product that depends on this one. Immutable.
   *
   * @param because the dependency, such as {@code derives from it} or {@code rule paid refers to
   *     it}
   * @param through the products between, first the one that derives from this one; the dependency
   *     is on the last of them; empty if it depends on this one directly
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
    /** Copies the lists. */
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
   * Returns the last day of the notice period, in UTC: that of the contract that was current at the
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
   * for others those of their own domain. They are read when this method is called. None before the
   * announcement. A consumer that appears later has a track at once.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<? extends Track> tracks();

  /**
   * Returns the track of one consumer, as it is now.
   *
   * @param consumer {@code domain/subscription}, or the subscription alone for one of the caller's
   *     own domain; {@code @} in place of a subscription for reads without one; not null
   * @throws io.meshwork.error.NotFoundException if the caller sees no such track
   */
  Track track(String consumer);

  /**
   * Returns those of {@link #tracks()} for which a retirement waits now; none after the end of the
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
   * and those to consumers that appeared since.
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
   * the announced terms and everything else as it is then. Requires that the rollout is {@code
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
   * rows that the old one no longer has. The log keeps the reason.
   */
  @CheckReturnValue
  Transition<R> abort();
}
