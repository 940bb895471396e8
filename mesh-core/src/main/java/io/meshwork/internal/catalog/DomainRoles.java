package io.meshwork.internal.catalog;

import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;

/**
 * The roles that administer a domain, and those that decide on requests to it. Immutable.
 *
 * @param administrators those that grant on behalf of the domain and pass grants on within its
 *     accounts
 * @param deciders those that approve and deny requests
 * @param registeredBy the principal that registered the domain; empty if it is unknown
 * @param registeredForOthers true if the account of that principal did not act for the domain when
 *     it was registered
 */
public record DomainRoles(
    List<Principal> administrators,
    List<Principal> deciders,
    Optional<Principal> registeredBy,
    boolean registeredForOthers) {
  /** Copies the lists. */
  public DomainRoles {
    administrators = List.copyOf(administrators);
    deciders = List.copyOf(deciders);
  }

  /**
   * The roles of a domain. An old document without roles has the role that registered the domain.
   *
   * @param registrars finds that role in the log
   */
  static DomainRoles of(DomainEntry entry, DomainRegistrars registrars) {
    Domain domain = entry.domain();
    if (entry.hasRoles()) {
      Optional<Principal> registrar = entry.registeredBy();
      return new DomainRoles(
          domain.administrators(),
          domain.deciders(),
          registrar,
          entry.registeredForOthers(registrar));
    }
    Optional<Principal> registrar = registrars.of(entry);
    List<Principal> roles =
        registrar.filter(role -> domain.accounts().contains(role.account())).stream().toList();
    return new DomainRoles(roles, roles, registrar, entry.registeredForOthers(registrar));
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
        && registeredBy.filter(principal::equals).isPresent()
        && !accounts.contains(principal.account());
  }
}
