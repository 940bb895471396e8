package io.meshwork.rollout;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.contract.Partition;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.LocalDate;
import java.util.List;

/**
 * Starts the rollout of an incompatible contract: creates the next major version, with its own
 * table. The current one does not change. Only the owner reads the new major version until {@link
 * MajorRollout#activate} is committed.
 *
 * <p>A contract that only weakens promises, such as {@code freshWithin} or {@code noticePeriod},
 * needs no new major version: announce it with {@code MeshClient.amendTerms}. One that breaks no
 * consumer needs no rollout: apply it with {@code MeshClient.amendContract}.
 *
 * <p>A column of the new contract with the same name as before, or declared by {@link
 * #renameColumn}, is the same column: grants, tags, and row filters on it apply to both major
 * versions. All other columns are new.
 *
 * <p>A mesh with a rollout cannot be opened by versions of Meshwork without rollouts. Update all
 * programs first.
 *
 * <p>Created by {@code MeshClient.startRollout}. Can be committed once. Not thread-safe.
 */
public interface StartRollout extends PlannedOperation<StartRollout.RolloutPlan, MajorRollout> {
  /**
   * Sets the complete new contract. Required.
   *
   * @param contract not null
   */
  @CheckReturnValue
  StartRollout contract(Contract contract);

  /**
   * Sets how the data files of the new major version are partitioned. Default: as in the current
   * one, without partitions whose column no longer exists.
   *
   * @param partitions in order; not null
   */
  StartRollout partitionBy(Partition... partitions);

  /**
   * Declares that a column has a new name, so that rights on it continue. Can be called more than
   * once. Default: columns are matched by name, and by the Avro aliases of the new contract.
   *
   * @param old the path of the column in the current contract, with dots within records
   * @param now its path in the new contract
   */
  StartRollout renameColumn(String old, String now);

  /**
   * Sets the reason, which consumers are shown. Required.
   *
   * @param text not null
   */
  StartRollout because(String text);

  /**
   * Accepts suggestions of consumers that this rollout delivers, in the same transaction and with
   * the same reason. The domain that sent one is notified now, and again when consumers can read
   * the new major version. Default: none; {@code suggestions().accept(id).rollout(number)} names a
   * rollout later.
   *
   * @param ids their IDs, as {@code suggestions().received()} lists them; at most 10
   */
  StartRollout suggestions(String... ids);

  /**
   * Sets the proposed last day of the current major version, in UTC. Default: the earliest day that
   * the notice period of the current contract allows.
   *
   * @param date not null
   */
  StartRollout retireAfter(LocalDate date);

  /**
   * Starts the new major version without the rows of the current one. Default: it gets the history
   * before it is activated.
   */
  StartRollout withoutHistory();

  /**
   * Declares rows of the new major version that have no counterpart in the current one, such as
   * rows with a new value of an enum. A publish writes them to the new major version only, and its
   * receipt counts them. Rows of the current version that match are in both. Default: each row is.
   *
   * @param filter selects these rows by columns of the new contract; not null
   */
  StartRollout excludeRows(String filter);

  /**
   * Shows which consumers the new contract affects, what they cannot read, and the earliest date on
   * which the current major version can be retired. Changes nothing. Problems with the new contract
   * are findings of the plan, not exceptions.
   *
   * @throws io.meshwork.error.InvalidRequestException if the contract or the reason is missing, or
   *     the contract is not valid by itself
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   * @throws io.meshwork.error.BackendException if the registry or files cannot be read
   */
  @Override
  RolloutPlan plan();

  /**
   * Creates the new major version and its tables in one registry transaction. The current major
   * version, its table, and its consumers are not changed.
   *
   * @return the rollout, in state {@code PLANNED}
   * @throws io.meshwork.error.InvalidRequestException CHANGE_INCOMPATIBLE if the plan has errors,
   *     for example because {@code amendContract} or {@code amendTerms} is sufficient
   * @throws io.meshwork.error.ConflictException if another rollout started from the same major
   *     version, the contract was amended at the same time, or a suggestion is settled
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain, or
   *     names a suggestion and does not decide for the owner
   * @throws io.meshwork.error.NotFoundException if the product or a suggestion does not exist
   */
  @Override
  MajorRollout commit();

  /**
   * What a rollout means: the changes, the consumers that they break, the rights that are missing,
   * and the dates. Reflects the time when it was created. Immutable and thread-safe; {@code
   * toString()} is a page for people.
   */
  interface RolloutPlan extends Plan<MajorRollout> {
    /** Returns the product. */
    ProductName product();

    /** Returns the major version that is replaced. */
    int from();

    /** Returns the new major version. */
    int to();

    /** Returns the version of the new contract, such as {@code 2.0.0}. */
    ContractVersion version();

    /** Returns all changes between the current contract and the new one. */
    ContractDifference difference();

    /**
     * Returns all consumers of the replaced major version, first consumers that would break:
     * subscriptions, domains that read without one, products that derive from it, and products
     * whose rules refer to it; each with its contact and with what it reads through. Whether a
     * consumer breaks depends on the columns that it really reads. None of them loses the version
     * before {@link #earliestRetirement} if it is notified today.
     */
    List<ProductConsumer> consumers();

    /** Returns the {@link #consumers()} that have to change before they read the new version. */
    default List<ProductConsumer> breaks() {
      return consumers().stream().filter(consumer -> !consumer.isSafe()).toList();
    }

    /**
     * Returns the other products that derive from the replaced major version, directly or through
     * others, and products whose rules refer to it or to one of these products; first the directly
     * dependent ones. A product derives from what its publishes of the last 90 days, and its newest
     * publish that added rows, named with {@code derivedFrom(..)}. If a log is too long to be
     * searched for that publish, {@link #findings()} has the warning {@code DOWNSTREAM_INCOMPLETE}.
     */
    List<Rollout.Downstream> downstream();

    /**
     * Returns the first day on which the current major version can be retired, if the consumers are
     * notified today: after the notice period of the current contract, in UTC.
     */
    LocalDate earliestRetirement();

    /** Returns the proposed last day of the current major version, in UTC. */
    LocalDate retireAfter();

    /** Returns the bytes that are stored twice while both major versions have the history. */
    long bytesTwice();

    /** Returns true if {@link #commit()} would not be rejected. */
    @Override
    boolean isAllowed();

    /** Returns the steps; empty if the rollout is rejected. */
    @Override
    List<Step> steps();

    /**
     * Returns all changes and problems. Errors prevent the rollout and contain the fix. There is a
     * warning {@code RIGHT_MISSING} for each consumer that reads the current major version, with a
     * subscription or without one, and would read nothing of the new one. While there are any, the
     * rollout cannot be activated.
     */
    @Override
    List<Finding> findings();
  }
}
