package io.meshwork.link;

import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;

/**
 * Makes a product appear under a name in the catalog of the caller's domain. A link is a name and
 * grants nothing: creating one needs no permission, and the plan lists what is still missing to
 * read through it. The same link again changes nothing. To move a dangling link, link its name
 * again. For one thread; committed once.
 */
public interface LinkResource extends PlannedOperation<Plan<ResourceLink>, ResourceLink> {
  /**
   * Sets the consumer's database. Required.
   *
   * @param database matches {@code [a-z0-9_]{1,255}}
   * @throws io.meshwork.error.InvalidRequestException if it does not match
   */
  LinkResource database(String database);

  /**
   * Sets the table name. Default: the product's storage name.
   *
   * @param table matches {@code [a-z0-9_]{1,255}}
   * @throws io.meshwork.error.InvalidRequestException if it does not match
   */
  LinkResource name(String table);

  /**
   * Points to the current major version, whichever that is. Default: the major version that is
   * current when the link is created.
   */
  LinkResource followRollouts();

  /**
   * Returns what would be linked and what is still missing to read through it. Changes nothing.
   *
   * @throws io.meshwork.error.MeshException as {@link #commit}
   */
  @Override
  Plan<ResourceLink> plan();

  /**
   * Creates the link.
   *
   * @return the link, with what is still missing to read through it
   * @throws io.meshwork.error.InvalidRequestException if {@link #database} was not called, or the
   *     account acts for no domain
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   * @throws io.meshwork.error.AlreadyExistsException if the name is taken by another link that does
   *     not dangle, or the database by a domain
   */
  @Override
  ResourceLink commit();
}
