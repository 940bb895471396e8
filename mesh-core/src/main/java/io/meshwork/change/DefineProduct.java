package io.meshwork.change;

import com.google.errorprone.annotations.CheckReturnValue;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.operation.PlannedOperation;

/**
 * Defines a product: its contract gets version 1.0.0, and the tables of major version 1 are
 * created.
 *
 * <p>Defining a product again with the same values changes nothing, except that {@link #openToMesh}
 * opens a product that was closed. Different values are rejected, unless {@link #amendIfDefined} is
 * called and the new contract is compatible with the current one.
 *
 * <p>Created by {@code MeshClient.defineProduct}. Not thread-safe.
 */
public interface DefineProduct extends PlannedOperation<ContractPlan, ProductCard> {
  /**
   * Sets the product's contract. Required.
   *
   * @param contract not null
   */
  @CheckReturnValue
  DefineProduct contract(Contract contract);

  /**
   * Sets how data files are partitioned, with the transforms of the Iceberg specification. The
   * layout is not part of the contract. Default: not partitioned.
   *
   * @param partitions in order; not null
   */
  DefineProduct partitionBy(Partition... partitions);

  /**
   * Sets what the product is about. Default: the contract's description.
   *
   * @param text not null
   */
  DefineProduct description(String text);

  /**
   * Sets the contact of the people who are responsible for the product. Default: the current owner
   * of the domain.
   *
   * @param contact such as {@code "team@example.org"}; not null
   */
  DefineProduct owner(String contact);

  /**
   * Sets the place in which the tables of the product, and of its later major versions, are
   * created. It never changes. Default: the newest place of the domain when a table is created; the
   * root of the mesh if the domain has no place.
   *
   * @param place the root of one of the places that the domain has by {@link
   *     RegisterDomain#location}; not null
   */
  DefineProduct location(String place);

  /**
   * Lets every domain of the mesh read the product. Default: only its own domain can. Also opens an
   * existing product. Only an administrator of the domain can open a product; defining an open
   * product again needs no administrator. Rejected for a product with a classification above
   * INTERNAL, on the product or on a column. {@code access().closeToMesh(..)} closes it again.
   */
  DefineProduct openToMesh();

  /**
   * Sets the format version of the product's Iceberg tables.
   *
   * @param version 2 (default) or 3, which nanosecond timestamps require
   * @throws io.meshwork.error.InvalidRequestException if it is another number
   */
  DefineProduct tableFormat(int version);

  /**
   * If the product exists with another contract, amends the contract as {@code amendContract(..)}
   * does, so that a deployment can run the same definition every time. Layout, table format, place,
   * description, and owner must be the same as before or not set.
   *
   * <p>This never lowers a classification and never drops four eyes. The stronger protection
   * remains; the plan and a warning in the log report it. To lower it, use {@code
   * amendContract(..).declassify(..)}.
   *
   * <p>A promise that a rollout weakens does not change: a definition with its value before or
   * after the amendment changes the other parts of the contract only.
   */
  DefineProduct amendIfDefined();

  /**
   * Shows what {@link #commit()} would do. Changes nothing.
   *
   * @throws io.meshwork.error.InvalidRequestException if the contract is missing or invalid, or the
   *     domain does not have the place
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain, or
   *     would open the product and is not an administrator
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   */
  @Override
  ContractPlan plan();

  /**
   * Stores the contract and creates the tables in one registry transaction. With {@link
   * #amendIfDefined}, the amendment is a separate transaction, and the product is opened after it.
   *
   * @return the product after the change
   * @throws io.meshwork.error.InvalidRequestException if the contract is missing or invalid, with
   *     all findings; if the domain does not have the place; CHANGE_INCOMPATIBLE if it is not
   *     compatible with the current contract
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain, or
   *     would open the product and is not an administrator
   * @throws io.meshwork.error.NotFoundException if the domain does not exist
   * @throws io.meshwork.error.AlreadyExistsException if the product exists with different values,
   *     or another product has its storage name
   */
  @Override
  ProductCard commit();
}
