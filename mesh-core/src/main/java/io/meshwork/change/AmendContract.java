package io.meshwork.change;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.operation.PlannedOperation;
import java.util.function.UnaryOperator;

/**
 * Amends a product's contract compatibly. The new contract gets the next version within its major
 * version, which the mesh chooses, and the table is changed in place. An incompatible contract is
 * rejected; roll it out with {@code MeshClient.startRollout}. So is one that weakens a promise
 * while the product has subscriptions: {@code MeshClient.amendTerms} notifies them before.
 *
 * <p>Created by {@code MeshClient.amendContract}. Can be committed once. Not thread-safe.
 */
public interface AmendContract extends PlannedOperation<ContractPlan, ProductCard> {
  /**
   * Sets the complete new contract. Either this or {@link #change} is required; the last call wins.
   *
   * @param contract not null
   */
  @CheckReturnValue
  AmendContract contract(Contract contract);

  /**
   * Derives the new contract from the current one, for example {@code c ->
   * c.require(notNull("email"))}.
   *
   * @param change not null and does not return null; called again if the current contract changes
   *     before the commit
   */
  @CheckReturnValue
  AmendContract change(UnaryOperator<Contract> change);

  /**
   * Allows the new contract to lower the classification of these columns, or, without an argument,
   * of the product as a whole. Otherwise a contract with less protection is rejected.
   *
   * <p>Lowering requires {@link #because} and a second decider of the domain who commits the same
   * contract within 30 days. Until then, the proposal is in the log and nothing changes.
   *
   * @param columns by their new names if they are renamed; not null
   */
  AmendContract declassify(String... columns);

  /**
   * Allows the new contract to drop four eyes. Otherwise that is rejected. Requires a reason and a
   * second decider, as {@link #declassify} does.
   */
  AmendContract waiveFourEyes();

  /**
   * Allows the new contract to allow purposes that the current one does not. Otherwise that is
   * rejected. Requires a reason and a second decider, as {@link #declassify} does.
   */
  AmendContract widenPurposes();

  /**
   * Sets which major version to amend, until it is retired. Default: the current one.
   *
   * @param number 1 or more
   * @throws io.meshwork.error.InvalidRequestException if less than 1
   */
  AmendContract majorVersion(int number);

  /**
   * Sets the reason, which is stored in the log. Default: none.
   *
   * @param text not null
   */
  AmendContract because(String text);

  /**
   * Shows what the amendment means, which consumers it breaks, and which steps it takes. Changes
   * nothing. Problems with the new contract are findings of the plan, not exceptions.
   *
   * @throws io.meshwork.error.InvalidRequestException if no contract is set
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if the product or major version does not exist
   * @throws io.meshwork.error.BackendException if the registry or files cannot be read
   */
  @Override
  ContractPlan plan();

  /**
   * Makes the contract the current one and changes the table's columns in one registry transaction.
   * Does nothing if the current contract is the same. A contract with less protection waits for a
   * second decider and has no effect until then; the plan shows that.
   *
   * @return the product after the amendment
   * @throws io.meshwork.error.InvalidRequestException CHANGE_INCOMPATIBLE if the contract is not
   *     compatible with the current one, with all findings
   * @throws io.meshwork.error.ConflictException if another principal amends the contract at the
   *     same time
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if the product or major version does not exist
   */
  @Override
  ProductCard commit();
}
