package io.meshwork.change;

import io.meshwork.operation.Operation;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;

/**
 * Registers a domain or changes a registered one. A property that is not set does not change.
 *
 * <p>In an embedded mesh, any principal can register a free name, for its own account or, with
 * {@link #accounts}, for other accounts. Only the domain's own accounts can change the domain, and
 * only its administrators can change its accounts, roles, and place of data.
 *
 * <p>Created by {@code MeshClient.registerDomain}. Not thread-safe.
 */
public interface RegisterDomain extends Operation<Domain> {
  /**
   * Sets what the domain is about. Default: empty.
   *
   * @param text not null
   */
  RegisterDomain description(String text);

  /**
   * Sets the contact of the people who are responsible for the domain, and for its products that
   * name no owner. Required for a new domain. If the steward was the previous owner, the new owner
   * also becomes the steward.
   *
   * @param contact such as {@code "team@example.org"}; not null
   */
  RegisterDomain owner(String contact);

  /**
   * Sets the contact of the domain's steward, who is notified of requests for access with a risk
   * above {@code INTERNAL}, and of rollouts that a producer escalates because the domain does not
   * answer. A contact has no rights: {@link #deciders} decide, and a steward of the mesh, appointed
   * with {@code governance().appoint(..)}, is another role. Default: the owner.
   *
   * @param contact such as {@code "steward@example.org"}; not null
   */
  RegisterDomain steward(String contact);

  /**
   * Sets the accounts that act for the domain. Default: the account with the domain's name, which
   * must be the caller's account. To register a domain for others, name their accounts.
   *
   * @param names at least one, each once; an account acts for one domain. One call adds and removes
   *     at most 80
   * @throws io.meshwork.error.InvalidRequestException if the list is empty or contains a duplicate
   */
  RegisterDomain accounts(String... names);

  /**
   * Sets the roles that share data for the domain: they grant, tag, and authorize, and each passes
   * on, within its own account, what was granted to that account. Default: the role that registers
   * the domain, if its account acts for the domain. Otherwise there is none until the principal
   * that registered the domain names some with this operation.
   *
   * @param principals roles of the domain's accounts; at least one, each once
   * @throws io.meshwork.error.InvalidRequestException if the list is empty or contains a duplicate
   */
  RegisterDomain administrators(Principal... principals);

  /**
   * Sets the roles that approve and deny requests to the domain. If a contract requires four eyes,
   * two of them must approve. Default: the administrators, including later ones.
   *
   * @param principals roles of the domain's accounts; at least one, each once
   * @throws io.meshwork.error.InvalidRequestException if the list is empty or contains a duplicate
   */
  RegisterDomain deciders(Principal... principals);

  /**
   * Adds a place of the domain's data: the tables of products that are defined from now on, new
   * major versions, and archived parts of the domain's logs are created below it, in the folders
   * {@code data} and {@code archive}. Existing tables stay where they are, and earlier places
   * remain the domain's. Does nothing if it is the newest place; an earlier place becomes the
   * newest. Default: no place; data is stored below the root of the mesh. The commit creates the
   * file {@code place.json} in the root, which names the mesh: two meshes cannot share a place.
   *
   * <p>Only administrators can add a place, or the principal that registered the domain for other
   * accounts.
   *
   * @param place the root of the place, as the store of the mesh names it: {@code "s3://"} and the
   *     name of a bucket, or, for a mesh in a folder, {@code "mesh:/"} and the name of a folder in
   *     the mesh's folder, which can be a link to another disk; at most 63 lower-case letters,
   *     digits, hyphens, and underscores; not null
   * @throws io.meshwork.error.InvalidRequestException if it is not a location of a folder
   */
  RegisterDomain location(String place);

  /**
   * Registers or changes the domain in one registry transaction. Does nothing if the domain is
   * already as described.
   *
   * <p>In a mesh of several catalogs, the account is looked up in all of them, so that it acts for
   * one domain. No transaction spans catalogs: if two domains are registered in two catalogs at the
   * same moment, both can get the account. It then acts for the domain that is found first.
   *
   * @return the domain after the change
   * @throws io.meshwork.error.InvalidRequestException if the topology has no catalog for the
   *     domain; if a new domain has no owner; if the account of the domain's name would act for it,
   *     is not the caller's, and {@link #accounts} was not called; if a role belongs to no account
   *     of the domain; if no administrator would remain; or if the store of the mesh has no such
   *     place, or files there would mix with others
   * @throws io.meshwork.error.AlreadyExistsException if another domain has the same storage name or
   *     one of the accounts
   * @throws io.meshwork.error.AccessDeniedException if the domain exists and the caller does not
   *     act for it, or changes its accounts, roles, or place without being an administrator
   */
  @Override
  Domain commit();
}
