package io.meshwork.rollout;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Downstream;
import java.time.LocalDate;
import java.util.List;

/**
 * Starts an amendment of a contract that only weakens promises, such as {@code freshWithin} or
 * {@code noticePeriod}. Consumers are notified with {@link TermsAmendment#announce}, and {@link
 * TermsAmendment#retire} amends the contract after their dates. Changes that need no notice are not
 * part of it: make them with {@code MeshClient.amendContract}. A contract that breaks consumers
 * needs {@code MeshClient.startRollout}.
 *
 * <p>Created by {@code MeshClient.amendTerms}. Can be committed once. Not thread-safe.
 */
public interface AmendTerms extends PlannedOperation<AmendTerms.TermsPlan, TermsAmendment> {
  /**
   * Sets the complete new contract. Required.
   *
   * @param contract not null
   */
  @CheckReturnValue
  AmendTerms contract(Contract contract);

  /**
   * Sets the reason, which consumers are shown. Required.
   *
   * @param text not null
   */
  AmendTerms because(String text);

  /**
   * Accepts suggestions of consumers that the amendment delivers, as {@link
   * StartRollout#suggestions}. Default: none.
   *
   * @param ids their IDs, as {@code suggestions().received()} lists them; at most 10
   */
  AmendTerms suggestions(String... ids);

  /**
   * Sets the proposed last day of the promises, in UTC. Default: the earliest day that the notice
   * period of the current contract allows.
   *
   * @param date not null
   */
  AmendTerms retireAfter(LocalDate date);

  /**
   * Shows which promises the new contract weakens, for whom, and the earliest date of the change.
   * Changes nothing. Problems with the new contract are findings of the plan, not exceptions.
   *
   * @throws io.meshwork.error.InvalidRequestException if the contract or the reason is missing, or
   *     the contract is not valid by itself
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   * @throws io.meshwork.error.BackendException if the registry or files cannot be read
   */
  @Override
  TermsPlan plan();

  /**
   * Starts the amendment. The contract does not change, and consumers are not notified yet.
   *
   * @return the amendment, in state {@code PLANNED}
   * @throws io.meshwork.error.InvalidRequestException CHANGE_INCOMPATIBLE if the plan has errors,
   *     for example because the contract weakens no promise
   * @throws io.meshwork.error.ConflictException if a rollout started from the same major version,
   *     the contract was amended at the same time, or a suggestion is settled
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain, or
   *     names a suggestion and does not decide for the owner
   * @throws io.meshwork.error.NotFoundException if the product or a suggestion does not exist
   */
  @Override
  TermsAmendment commit();

  /**
   * What an amendment means: the promises, the consumers, and the dates. Reflects the time when it
   * was created. Immutable and thread-safe; {@code toString()} is a page for people.
   */
  interface TermsPlan extends Plan<TermsAmendment> {
    /** Returns the product. */
    ProductName product();

    /** Returns the major version whose contract is amended. */
    int from();

    /** Returns the version that the contract gets, such as {@code 1.1.0}. */
    ContractVersion version();

    /** Returns the promises that the contract weakens; empty if it is rejected. */
    List<TermsAmendment.AmendedTerm> amendedTerms();

    /** Returns all changes between the current contract and the new one. */
    ContractDifference difference();

    /** Returns all consumers of the major version. */
    List<ProductConsumer> consumers();

    /** Returns the other products that depend on it. */
    List<Downstream> downstream();

    /**
     * Returns the first day on which the contract can be amended, if the consumers are notified
     * today: after the notice period of the current contract, in UTC.
     */
    LocalDate earliestRetirement();

    /** Returns the proposed last day of the promises, in UTC. */
    LocalDate retireAfter();

    /** Returns true if {@link #commit()} would not be rejected. */
    @Override
    boolean isAllowed();

    /** Returns the steps; empty if the amendment is rejected. */
    @Override
    List<Step> steps();

    /** Returns all changes and problems. Errors prevent the amendment and contain the fix. */
    @Override
    List<Finding> findings();
  }
}
