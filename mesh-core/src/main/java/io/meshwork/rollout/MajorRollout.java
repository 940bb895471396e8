package io.meshwork.rollout;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.error.Finding;
import io.meshwork.operation.Operation;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/** The rollout of a product from one major version, which has a separate table, to the next. */
public interface MajorRollout extends Rollout<MajorRollout> {
  /** Returns the new major version. */
  int to();

  /**
   * Returns the filter of the rows that only the new major version has, as declared at the start;
   * {@code (hidden)} for principals that may not read all rows of the columns that it names. Empty
   * if each row is in both.
   */
  Optional<String> excludedRows();

  /** Returns true if the new major version starts without the history. */
  boolean isWithoutHistory();

  /**
   * Returns when both major versions had the same rows for the first time; since then each publish
   * writes both. Empty before that.
   */
  Optional<Instant> cutOver();

  /**
   * Returns true if rows were published with {@code onlyMajorVersion} to one of the major versions
   * since the cut-over, so that they may differ. {@link #verify} resets it once both have the same
   * rows, as does a publish that replaces all rows of both by the same ones.
   */
  boolean mayDiffer();

  /**
   * Returns the columns of the replaced version that have another name in the new one, with that
   * name, as the rollout was started: the new column continues the old one.
   *
   * @throws io.meshwork.error.NotFoundException if the caller no longer sees one of the versions
   */
  Map<String, String> renamedColumns();

  /**
   * Returns the rows in which the major versions differ, and why; empty if both have the same rows,
   * or while the history is copied. Others than the owner get neither numbers nor reasons.
   */
  List<RowDifference> differences();

  @Override
  List<Track.Move> tracks();

  @Override
  Track.Move track(String consumer);

  @Override
  List<Track.Move> waitingFor();

  /**
   * Copies the history to the new major version without a mapping: possible if its columns follow
   * from the replaced one's by renamings, wider types, and defaults.
   *
   * <p>If the replaced major version was restored and lacks rows, it copies them from the new one.
   *
   * @throws io.meshwork.error.InvalidRequestException on commit, {@code VERSION_LEFT_OUT}, with the
   *     columns that need a mapping
   */
  @CheckReturnValue
  BackFill backFill();

  /**
   * Copies the history to the new major version by a mapping of Java records. From then on, a
   * publish to both major versions needs a mapping, too: {@code Publish.alsoTo(..)}.
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
   * Copies the history to the new major version by a mapping of Avro records. From then on, a
   * publish to both major versions needs a mapping, too: {@code Publish.alsoTo(..)}.
   *
   * @param mapping as above
   */
  @CheckReturnValue
  BackFill backFill(Function<? super GenericRecord, ?> mapping);

  /**
   * Compares the rows of both major versions without a mapping: possible if the columns of one
   * follow from the other's by renamings, wider types, and defaults. Columns that only one version
   * has are not compared. Possible from the cut-over on. If the versions were {@link #mayDiffer
   * different} and have the same rows again, the commit records that.
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
  PlannedOperation<Plan<MajorRollout>, MajorRollout> activate();

  /**
   * Opens the new major version although rows of the history break its contract: they remain in its
   * quarantine, and its consumers do not get them.
   *
   * @param rejectedRows the number of these rows, as the finding {@code HISTORY_QUARANTINED} of
   *     {@link #activate} states it; 1 or more
   */
  @CheckReturnValue
  PlannedOperation.WithReason<MajorRollout> activateWithout(long rejectedRows);

  /**
   * Makes the new major version the current one: reads, publishes, and new subscriptions that name
   * no major version use it from now on. Subscriptions and links that follow move, subscriptions
   * when they are polled or read next; any that named a version stays. The plan lists all of them,
   * with the subscriptions that follow and cannot move.
   *
   * <p>Possible while the rollout is {@code PARALLEL} or {@code CLOSING}; its commit fails with
   * {@code STATE_CONFLICT} otherwise. Does nothing if the version, or a newer one, is current.
   */
  @CheckReturnValue
  PlannedOperation<Plan<MajorRollout>, MajorRollout> makeCurrent();

  /**
   * Closes the old major version to new subscriptions, and makes the new one the current one:
   * readers, publishes, and subscriptions that name no major version use it. Its consumers go on
   * reading the old one.
   *
   * <p>Its commit fails with {@code STATE_CONFLICT} in any other state than {@code PARALLEL}.
   */
  @CheckReturnValue
  PlannedOperation<Plan<MajorRollout>, MajorRollout> close();

  /**
   * Retires the old major version although consumers need it, once the notice and the agreed dates
   * are over. The first commit stores a request to the stewards, see {@link #pending()}; when one
   * of them approved it, the next commit with the same reason retires the version, if the same
   * consumers still need it. Consumers and stewards see the reason.
   */
  @CheckReturnValue
  PlannedOperation.WithReason<MajorRollout> retireByForce();

  /** Returns the requests of this rollout that wait for a steward, oldest first. */
  List<StewardRequest> pending();

  /**
   * Makes the retired major version readable again, unchanged, within 14 days. It stays closed to
   * new subscriptions. If rows were published since, they are only in the new major version, and
   * {@link #newOnlySince()} shows it; {@link #backFill} copies them. The log stores the reason.
   */
  @CheckReturnValue
  PlannedOperation.WithReason<MajorRollout> restore();

  /** Returns when {@link #restore} undid the last retirement; empty if it did not. */
  Optional<Instant> restoredAt();

  /** Returns the reason of that; empty as above. */
  Optional<String> restoredBecause();

  /**
   * Returns since when rows are published to the new major version alone, although the old one was
   * restored; empty if a publish writes both.
   */
  Optional<Instant> newOnlySince();

  /**
   * Deletes the data of the major version that was taken out of use: of the old one after the 14
   * days in which a retirement can be undone, or of the new one of an aborted rollout. Fails with
   * {@code STATE_CONFLICT} while a long read retains a snapshot of it. Cannot be undone. The log
   * stores the reason.
   */
  @CheckReturnValue
  PlannedOperation.WithReason<MajorRollout> purge();

  /** Returns when the data of the version that was taken out of use was deleted; empty if not. */
  Optional<Instant> purgedAt();

  /**
   * How the rows of both major versions compare, at two snapshots of the same publish. Rows are
   * compared in the columns of one version, to which the columns of the other are mapped.
   * Immutable; {@code toString()} is a page for people.
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
     * Returns the number of rows of the new version that the old one does not have, without the
     * {@link #excludedRows()}.
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
     * Returns true if both versions have the same rows, except for rows of the history whose
     * absence the owner accepted with {@link #activateWithout}.
     */
    boolean isEqual();

    /**
     * Returns the differences, with samples of the rows that only one version has. Columns that are
     * classified above {@code INTERNAL} are masked. Empty if there are none.
     */
    List<Finding> findings();
  }

  /**
   * Copies the history of the replaced major version to the new one, while jobs go on publishing to
   * the replaced one. When both have the same rows, one transaction ends the back-fill; from then
   * on each publish writes both.
   *
   * <p>Rows that break the new contract are in the quarantine of the new major version. An
   * interrupted back-fill continues where it stopped when it is committed again. Two at the same
   * time do no harm; one of them fails with a conflict.
   *
   * <p>If the replaced major version was restored and lacks rows, the back-fill copies in the other
   * direction: it gives the replaced one the rows of the new one, and the mapping maps rows of the
   * new one. While files of both correspond, it adds the missing rows in several commits. Else one
   * commit replaces all rows, and an interrupted back-fill starts again. A row that breaks the
   * contract of the replaced major version ends it.
   *
   * <p>Created by {@link MajorRollout#backFill}. Can be committed once. Not thread-safe.
   */
  interface BackFill extends Operation<MajorRollout> {
    /**
     * Limits the speed, so that other work on the host continues. Default: no limit.
     *
     * @param rows 1 or more
     */
    BackFill rowsPerSecond(long rows);

    /**
     * Stops after a time, and retains all rows that were copied until then; none are retained if
     * one commit has to replace all rows of a restored major version. Default: until both major
     * versions have the same rows.
     *
     * @param time positive
     */
    BackFill timeout(Duration time);

    /**
     * Reports the rows that were copied by this call, and the rows that it has to copy. An
     * exception of the listener ends the back-fill.
     *
     * @param listener called in the committing thread; not null
     */
    BackFill onProgress(Progress listener);

    /**
     * Copies the rows.
     *
     * @return the rollout; if both major versions have the same rows, {@link MajorRollout#cutOver}
     *     is present and {@link MajorRollout#newOnlySince} is empty
     * @throws io.meshwork.error.ConflictException if the rollout is no longer before its
     *     activation, and the replaced major version does not lack rows; or if it has rows that the
     *     new one never had and would lose them
     * @throws io.meshwork.error.ContractViolationException if rows break the contract of a restored
     *     major version
     */
    @Override
    MajorRollout commit();
  }

  /**
   * Rows in which the major versions of a rollout differ, and why. {@link #differences} returns
   * them. Immutable.
   *
   * @param reason why only one of them has the rows
   * @param major the major version that has the rows, or that was changed alone
   * @param rows the number of rows; for {@link Reason#CHANGED_ALONE} of the rows that were added
   *     and removed; 0 if it is not known
   * @param because the reason that the owner gave; empty if none was given
   * @param since when the versions began to differ in them
   */
  record RowDifference(Reason reason, int major, long rows, String because, Instant since) {
    /** Why only one of the major versions has rows. */
    public enum Reason {
      /** The rollout was started without the history. */
      WITHOUT_HISTORY,
      /**
       * Rows of the history break the new contract, and are in the quarantine of the new version.
       */
      UNFIT,
      /** Rows of the new version that the rollout leaves out of the old one. */
      LEFT_OUT,
      /** Rows were published, replaced, or erased with {@code onlyMajorVersion} in this version. */
      CHANGED_ALONE,
      /** The old version was restored, and lacks the rows that were published meanwhile. */
      NOT_COPIED
    }

    /** Returns the same without the number of rows and the reason, which are the owner's. */
    public RowDifference withoutDetails() {
      return new RowDifference(reason, major, 0, "", since);
    }

    @Override
    public String toString() {
      String count = rows == 0 ? "rows" : rows == 1 ? "1 row" : rows + " rows";
      String what =
          switch (reason) {
            case WITHOUT_HISTORY -> "only major version " + major + " has the history";
            case UNFIT ->
                "only major version " + major + " has " + count + " that the other rejects";
            case LEFT_OUT -> "only major version " + major + " has the rows that are left out";
            case CHANGED_ALONE -> count + " changed in major version " + major + " alone";
            case NOT_COPIED -> "only major version " + major + " has the newest rows";
          };
      return what + ", since " + since + (because.isEmpty() ? "" : ": " + because);
    }
  }
}
