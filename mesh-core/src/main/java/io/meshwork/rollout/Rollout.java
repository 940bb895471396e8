package io.meshwork.rollout;

import io.meshwork.error.Finding;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/**
 * The rollout of a product from one major version to the next, the end of a product, or an
 * amendment that weakens a promise of its contract, as it was when it was read. Its operations act
 * on the current state. Immutable and thread-safe; {@code toString()} is a page for people.
 *
 * <p>The end of a product has the same steps without a new major version: {@link #announce}, {@link
 * #close}, {@link #retire}, {@link #restore}, {@link #purge}. {@link #abort} keeps the product. All
 * operations on a new major version fail with {@code STATE_CONFLICT}.
 *
 * <p>An amendment has no new major version and no new table: {@link #announce}, and after the dates
 * of the consumers {@link #retire}, which retires the old promise: the contract gets the {@link
 * #amendedTerms}. Before that, {@link #abort} leaves the contract as it is. All other operations
 * that change a rollout fail with {@code STATE_CONFLICT}, except {@link #extend}.
 */
public interface Rollout {
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

  /** What a rollout changes. */
  enum Kind {
    /** A new major version, which has another table, replaces the old one. */
    NEW_MAJOR_VERSION,
    /** The product ends. */
    END,
    /** The contract of a major version promises less, in its next minor version. */
    AMENDMENT
  }

  /**
   * A promise of the contract that an amendment weakens. Immutable.
   *
   * @param term the term of the contract, such as {@code freshWithin} or {@code noticePeriod}
   * @param before its value in the contract at the start, such as {@code PT1H}; empty without one
   * @param after its value after the amendment; empty if the promise ends
   */
  record AmendedTerm(String term, Optional<String> before, Optional<String> after) {
    /** Returns one line of a page, such as {@code freshWithin from PT1H to PT6H}. */
    @Override
    public String toString() {
      return term + " from " + before.orElse("nothing") + " to " + after.orElse("nothing");
    }
  }

  /**
   * Rows of the new major version that have no counterpart in the old one. Immutable.
   *
   * @param filter selects them by the columns of the new major version; {@code (hidden)} for
   *     principals that may not read all rows of the columns that it names
   * @param because the reason
   */
  record LeftOutRows(String filter, String because) {}

  /**
   * How the rows of both major versions compare, at two snapshots of the same publish. Rows are
   * compared in the columns of one version, to which those of the other are mapped. Immutable;
   * {@code toString()} is a page for people.
   */
  interface Verification {
    /** Returns the ID of the compared snapshot of the old version; empty if it has none. */
    Optional<String> oldSnapshot();

    /** Returns the ID of the compared snapshot of the new version; empty if it has none. */
    Optional<String> newSnapshot();

    /** Returns the number of rows of the old version. */
    long oldRows();

    /** Returns the number of rows of the new version. */
    long newRows();

    /** Returns the number of rows that the mapping did not map. */
    long unmappedRows();

    /** Returns the number of rows of the old version that the new one does not have. */
    long onlyInOld();

    /**
     * Returns the number of rows of the new version that the old one does not have, without those
     * that the rollout leaves out.
     */
    long onlyInNew();

    /**
     * Returns the number of keys of the old version that the new one does not have; empty if the
     * contract to whose columns rows were mapped has no {@code unique} rule.
     */
    OptionalLong keysOnlyInOld();

    /** Returns the number of keys of the new version that the old one does not have; as above. */
    OptionalLong keysOnlyInNew();

    /**
     * Returns true if both versions have the same rows, except for those of the history whose
     * absence the owner accepted with {@code activateWithout(..)}.
     */
    boolean isLevel();

    /**
     * Returns the differences, with samples of the rows that only one version has. Columns that are
     * classified above {@code INTERNAL} are masked. Empty if there are none.
     */
    List<Finding> findings();
  }

  /** Returns the product. */
  ProductName product();

  /** Returns its number among the rollouts of the product, from 1. */
  int number();

  /** Returns what it changes. */
  Kind kind();

  /** Returns the major version that is replaced, or whose contract is amended. */
  int from();

  /** Returns the new major version; empty if the product ends or the contract is amended. */
  OptionalInt to();

  /** Returns the promises that the contract weakens; empty unless it is an amendment. */
  List<AmendedTerm> amendedTerms();

  /**
   * Returns what consumers read in place of {@link #from}: the new major version, or, if the
   * product ends, a major version of another product. Empty if the product ends and nothing
   * replaces it, and for an amendment.
   */
  Optional<MajorVersion> successor();

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

  /**
   * Returns the rows that only the new major version has, as declared at the start; empty if each
   * row is in both.
   */
  Optional<LeftOutRows> leftOut();

  /** Returns why the new major version starts without history; empty if it gets the history. */
  Optional<String> withoutHistory();

  /** Returns why it was aborted; empty if it was not. */
  Optional<String> abortedBecause();

  /**
   * Returns when both major versions had the same rows for the first time; since then each publish
   * writes both. Empty before that.
   */
  Optional<Instant> cutOver();

  /**
   * Returns true if rows were published with {@code onlyMajorVersion} to one of the major versions since the
   * cut-over, so that they may differ. {@link #verify} resets it once both have the same rows, as
   * does a publish that replaces all rows of both by the same ones.
   */
  boolean isApart();

  /**
   * Returns the rows in which the major versions differ, and why; empty if both have the same rows,
   * or while the history is copied. Others than the owner get neither numbers nor reasons.
   */
  List<RowDifference> differences();

  /** Returns when the consumers were notified for the first time; empty if they were not. */
  Optional<Instant> announcedAt();

  /**
   * Returns the last day of the notice period, in UTC: that of the contract that was current at the
   * announcement. Empty before that.
   */
  Optional<LocalDate> noticeEnds();

  /**
   * Returns the consumers of the replaced major version that the caller may see: all for the owner,
   * for others those of their own domain. They are read when this method is called. None before the
   * announcement. A consumer that appears later has a track at once.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  List<Track> tracks();

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
  List<Track> waitingFor();

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
  PlannedOperation<Plan<Rollout>, Rollout> announce();

  /**
   * Retires the old major version later, for all consumers. Consumers that already have a later
   * date prevent it.
   *
   * @param date the proposed last day, in UTC; not null
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> extend(LocalDate date);

  /**
   * Copies the history to the new major version without a mapping: possible if its columns follow
   * from those of the replaced one by renamings, wider types, and defaults.
   *
   * <p>If the replaced major version was restored and lacks rows, it copies them from the new one.
   *
   * @throws io.meshwork.error.InvalidRequestException on commit, {@code VERSION_LEFT_OUT}, with the
   *     columns that need a mapping
   */
  @CheckReturnValue
  BackFill backFill();

  /**
   * Copies the history to the new major version by a mapping of Java records.
   *
   * @param type a Java record for the columns of the replaced major version; of the new one to fill
   *     a restored major version that lacks rows
   * @param mapping returns a Java record, an Avro record, or a map for each row; called on the
   *     calling thread, without side effects. A row for which it returns null or throws is
   *     quarantined.
   * @param <R> the type of the records
   */
  @CheckReturnValue
  <R> BackFill backFill(Class<R> type, Function<? super R, ?> mapping);

  /**
   * Copies the history to the new major version by a mapping of Avro records.
   *
   * @param mapping as above
   */
  @CheckReturnValue
  BackFill backFill(Function<? super GenericRecord, ?> mapping);

  /**
   * Compares the rows of both major versions without a mapping: possible if the columns of one
   * follow from those of the other by renamings, wider types, and defaults. Columns that only one
   * version has are not compared. Possible from the cut-over on. If the versions were {@link
   * #isApart} and have the same rows again, the commit records that.
   *
   * <p>Its commit fails with {@code VERSION_LEFT_OUT} if a mapping is needed, and with {@code
   * STATE_CONFLICT} before the cut-over or after the end of the rollout. Reads all rows of both
   * versions.
   */
  @CheckReturnValue
  Operation<Verification> verify();

  /**
   * Compares the rows of both major versions by a mapping of Java records.
   *
   * @param major the major version whose rows are mapped to the other one
   * @param type a Java record for the columns of that version
   * @param mapping the mapping of the back-fill, or of {@code alsoTo(..)}; called on the calling
   *     thread, without side effects
   * @param <R> the type of the records
   */
  @CheckReturnValue
  <R> Operation<Verification> verify(int major, Class<R> type, Function<? super R, ?> mapping);

  /**
   * Compares the rows of both major versions by a mapping of Avro records.
   *
   * @param major the major version whose rows are mapped to the other one
   * @param mapping as above
   */
  @CheckReturnValue
  Operation<Verification> verify(int major, Function<? super GenericRecord, ?> mapping);

  /**
   * Opens the new major version: consumers can read it and subscribe to it, and the old one becomes
   * deprecated. Requires that a back-fill ended, that the rollout was started {@code
   * withoutHistory}, or that the old major version has no rows, and that each subscriber of the old
   * one can read the new one.
   *
   * <p>Its commit fails with {@code STATE_CONFLICT} in any other state than {@code PLANNED} and
   * {@code ANNOUNCED}.
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> activate();

  /**
   * Opens the new major version although rows of the history break its contract: they remain in its
   * quarantine, and its consumers do not get them.
   *
   * @param unfitRows the number of these rows, as the finding {@code HISTORY_QUARANTINED} of {@link
   *     #activate} states it; 1 or more
   * @param because the reason; not null
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> activateWithout(long unfitRows, String because);

  /**
   * Returns when the old major version was retired; for an amendment, when the contract got the
   * announced terms. Empty if it is not.
   */
  Optional<Instant> retiredAt();

  /** Returns when {@link #restore} undid the last retirement; empty if it did not. */
  Optional<Instant> restoredAt();

  /** Returns the reason of that; empty as above. */
  Optional<String> restoredBecause();

  /**
   * Returns since when rows are published to the new major version alone, although the old one was
   * restored; empty if a publish writes both.
   */
  Optional<Instant> behindSince();

  /** Returns when the data of the version that was taken out of use was deleted; empty if not. */
  Optional<Instant> purgedAt();

  /** Returns the requests of this rollout that wait for a steward, oldest first. */
  List<StewardRequest> pending();

  /**
   * Closes the old major version to new subscriptions, and makes the new one the current one:
   * readers, publishes, and subscriptions that name no major version use it. Its consumers go on
   * reading the old one.
   *
   * <p>Its commit fails with {@code STATE_CONFLICT} in any other state than {@code PARALLEL}, or,
   * if the product ends, {@code ANNOUNCED}.
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> close();

  /**
   * Retires the old major version: its consumers can no longer read it, its data is retained, and
   * each publish writes the new one alone. Requires that the rollout is {@code CLOSING}, that no
   * consumer needs the old version, and that all consumers moved or left, or the notice and the
   * agreed dates are over. Otherwise its commit fails with {@code STATE_CONFLICT} and lists each
   * consumer that is waited for.
   *
   * <p>An amendment takes effect in the same way: the contract becomes the next minor version, with
   * {@link #amendedTerms} and everything else as it is then. Requires that the rollout is {@code
   * ANNOUNCED}, and that the notice and the date of each consumer are over, or all consumers left.
   * Neither silence nor an objection prevents it. Each subscriber gets a notice.
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> retire();

  /**
   * Retires the old major version although consumers need it, once the notice and the agreed dates
   * are over. The first commit stores a request to the stewards, see {@link #pending()}; when one
   * of them approved it, the next commit retires the version, if the same consumers still need it.
   *
   * @param because the reason, which consumers and stewards see; not null
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> retireByForce(String because);

  /**
   * Makes the retired major version readable again, unchanged, within 14 days. It stays closed to
   * new subscriptions. If rows were published since, they are only in the new major version, and
   * {@link #behindSince()} shows it; {@link #backFill} copies them.
   *
   * @param because the reason, which is kept in the log; not null
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> restore(String because);

  /**
   * Deletes the data of the major version that was taken out of use: of the old one after the 14
   * days in which a retirement can be undone, or of the new one of an aborted rollout. Fails with
   * {@code STATE_CONFLICT} while a long read retains a snapshot of it. Cannot be undone.
   *
   * @param because the reason, which is kept in the log; not null
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> purge(String because);

  /**
   * Makes the new major version the current one: reads, publishes, and new subscriptions that name
   * no major version use it from now on. Subscriptions and links that follow move, subscriptions
   * when they are polled or read next; those that named a version stay. The plan lists all of them,
   * with the subscriptions that follow and cannot move.
   *
   * <p>Possible while the rollout is {@code PARALLEL} or {@code CLOSING}; its commit fails with
   * {@code STATE_CONFLICT} otherwise. Does nothing if the version, or a newer one, is current.
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> makeCurrent();

  /**
   * Ends the rollout without the new major version, which is withdrawn; the old one is as before.
   * Possible before the retirement, while no consumer uses the new major version: no subscription,
   * no domain that reads it without one, no link that names it, and no product that derives from
   * it. Before the cut-over, it also removes copies of rows that the old one no longer has.
   *
   * @param because the reason, which is kept in the log; not null
   */
  @CheckReturnValue
  PlannedOperation<Plan<Rollout>, Rollout> abort(String because);

  /**
   * Suspends reads of a product in an emergency, such as wrong or unlawful data: at once, and for
   * at most 72 hours, unless a steward approves it. Publishes go on, and accounts of the owner can
   * still read. Each consumer is notified.
   *
   * <p>Created by {@code MeshClient.suspend(..)}. Can be committed once. Not thread-safe.
   */
  interface SuspendReads extends Operation<Rollout.SuspendReads.Suspension> {
    /**
     * A suspension. It also holds for major versions that open later, because they have the same
     * rows. Immutable.
     *
     * @param product the product
     * @param number its number among the suspensions of the product
     * @param majors the major versions that consumers could read until then, ascending
     * @param because the reason
     * @param until when it ends if no steward approves it
     * @param request the request to the stewards, which {@code governance().approve(..)} accepts
     */
    record Suspension(
        ProductName product,
        int number,
        List<Integer> majors,
        String because,
        Instant until,
        StewardRequest request) {
      /** Copies the major versions. */
      public Suspension {
        majors = List.copyOf(majors);
      }
    }

    /**
     * Suspends reads of one major version, and of those that open later; others that consumers read
     * stay readable. Default: all.
     *
     * @param number 1 or more
     */
    SuspendReads majorVersion(int number);

    /**
     * Suspends the reads. If the same major versions are suspended already, the reason and the 72
     * hours start again; a suspension that a steward approved lasts until {@code resume(..)}.
     *
     * @throws io.meshwork.error.NotFoundException if no consumer reads the major version
     */
    @Override
    Suspension commit();
  }
}
