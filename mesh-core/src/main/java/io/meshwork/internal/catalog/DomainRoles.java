package io.meshwork.internal.catalog;

import io.meshwork.product.Principal;
import java.util.List;

/**
 * The roles that administer a domain, and roles that decide on requests to it. Immutable.
 *
 * @param administrators roles that grant on behalf of the domain and pass grants on within its
 *     accounts
 * @param deciders roles that approve and deny requests
 * @param registeredBy the principal that registered the domain
 * @param registeredForOthers true if the account of that principal did not act for the domain when
 *     it was registered
 */
public record DomainRoles(
    List<Principal> administrators,
    List<Principal> deciders,
    Principal registeredBy,
    boolean registeredForOthers) {
  public DomainRoles {
    administrators = List.copyOf(administrators);
    deciders = List.copyOf(deciders);
  }

  static DomainRoles of(DomainEntry entry) {
    return new DomainRoles(
        entry.domain().administrators(),
        entry.domain().deciders(),
        entry.registeredBy(),
        entry.registeredForOthers());
  }

  /** True if this role grants on behalf of the domain and passes grants on within its account. */
  public boolean isAdministrator(Principal principal) {
    return administrators.contains(principal);
  }

  /** True if this role decides on requests to the domain. */
  public boolean isDecider(Principal principal) {
    return deciders.contains(principal);
  }

  /**
   * True if this principal registered the domain for other accounts, and is none of them now: it
   * may name their administrators and the place of their data, and nothing else. A principal that
   * registered the domain for its own account is a role like any other after its account left.
   *
   * @param accounts the accounts that act for the domain now
   */
  public boolean isGovernor(Principal principal, List<String> accounts) {
    return registeredForOthers
        && registeredBy.equals(principal)
        && !accounts.contains(principal.account());
  }
}
