package io.meshwork.rollout;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.operation.Operation.CheckReturnValue;
import io.meshwork.operation.PlannedOperation;
import java.time.LocalDate;

/**
 * Starts the rollout of an incompatible contract: creates the next major version with a table of
 * its own beside the current one, which does not change. Only the owner reads the new major version
 * until {@link Rollout#activate} is committed.
 *
 * <p>If the contract only weakens promises, such as {@code freshWithin} or {@code noticePeriod}, it
 * needs no new major version: the rollout is an {@link Rollout.Kind#AMENDMENT}. Consumers are
 * notified in the same way, and {@link Rollout#retire} amends the contract after their dates.
 * Changes that need no notice are not part of it: make them with {@code amendContract(..)}.
 *
 * <p>A column of the new contract with the same name as before, or declared by {@link #renameColumn},
 * is the same column: grants, tags, and row filters on it apply to both major versions. All other
 * columns are new.
 *
 * <p>A mesh with a rollout cannot be opened by versions of Meshwork without rollouts. Update all
 * programs first.
 *
 * <p>Created by {@code MeshClient.rollOut}. Can be committed once. Not thread-safe.
 */
public interface StartRollout extends PlannedOperation<RolloutPlan, Rollout> {
  /**
   * Sets the complete new contract. Required.
   *
   * @param contract not null
   */
  @CheckReturnValue
  StartRollout contract(Contract contract);

  /**
   * Ends the product in place of rolling out a new contract: nothing replaces it.
   *
   * @throws io.meshwork.error.InvalidRequestException if a contract was set
   */
  @CheckReturnValue
  EndProduct withoutSuccessor();

  /**
   * Ends the product in place of rolling out a new contract: consumers move to another product,
   * such as that of another team. Its rows are not published for them; reads of it prove a move.
   *
   * @param product the name of the other product; not null
   * @param major its major version, which is in use
   * @throws io.meshwork.error.InvalidRequestException if a contract was set, or it is the same
   *     product
   */
  @CheckReturnValue
  EndProduct succeededBy(CharSequence product, int major);

  /**
   * Sets how the data files of the new major version are partitioned. Default: as those of the
   * current one, without partitions whose column no longer exists.
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
   * the new major version, or the contract is amended. Default: none; {@code
   * suggestions().accept(id).rollout(number)} names a rollout later.
   *
   * @param suggestions their IDs, as {@code suggestions().received()} lists them; at most 10
   */
  StartRollout answering(String... suggestions);

  /**
   * Sets the proposed last day of the current major version, or of the promises that an amendment
   * weakens, in UTC. Default: the earliest day that the notice period of the current contract
   * allows.
   *
   * @param date not null
   */
  StartRollout retireAfter(LocalDate date);

  /**
   * Starts the new major version without the rows of the current one. Default: it gets the history
   * before it is activated.
   *
   * @param because the reason, which consumers are shown; not null
   */
  StartRollout withoutHistory(String because);

  /**
   * Declares rows of the new major version that have no counterpart in the current one, such as
   * those with a new value of an enum. A publish writes them to the new major version only, and its
   * receipt counts them. Rows of the current version that match are in both. Default: each row is.
   *
   * @param filter selects these rows by columns of the new contract; not null
   * @param because the reason, which consumers are shown; not null
   */
  StartRollout leavingOut(String filter, String because);

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
   * Creates the new major version and its tables in one registry transaction, or, for an amendment,
   * the rollout alone. The current major version, its table, and its consumers are not changed.
   *
   * @return the rollout, in state {@code PLANNED}
   * @throws io.meshwork.error.InvalidRequestException CHANGE_INCOMPATIBLE if the plan has errors,
   *     for example because {@code amendContract} is sufficient
   * @throws io.meshwork.error.ConflictException if another rollout started from the same major
   *     version, the contract was amended at the same time, or a suggestion is settled
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain, or
   *     names a suggestion and does not decide for the owner
   * @throws io.meshwork.error.NotFoundException if the product or a suggestion does not exist
   */
  @Override
  Rollout commit();
}
