package io.meshwork.internal.catalog;

import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;

/**
 * Which roles administer a domain, and which decide on requests to it. Immutable.
 *
 * @param administrators those that grant on behalf of the domain and hand on within its accounts
 * @param deciders those that approve and deny requests
 * @param registeredBy who registered the domain; empty if nothing says so
 */
public record DomainRoles(
    List<Principal> administrators, List<Principal> deciders, Optional<Principal> registeredBy) {
  /** Copies the lists. */
  public DomainRoles {
    administrators = List.copyOf(administrators);
    deciders = List.copyOf(deciders);
  }

  /**
   * Those of a domain. A document that was written before domains named their roles is read as if
   * it named the role that registered the domain, which the log tells.
   *
   * @param registrars who registered which domain, for such a document
   */
  static DomainRoles of(DomainEntry entry, DomainRegistrars registrars) {
    Domain domain = entry.domain();
    if (entry.namesRoles()) {
      return new DomainRoles(domain.administrators(), domain.deciders(), entry.registeredBy());
    }
    Optional<Principal> registrar = registrars.of(entry);
    List<Principal> roles =
        registrar.filter(role -> domain.accounts().contains(role.account())).stream().toList();
    return new DomainRoles(roles, roles, registrar);
  }

  /** True if this role grants on behalf of the domain, and hands on within its own account. */
  public boolean isAdministrator(Principal principal) {
    return administrators.contains(principal);
  }

  /** True if this role decides on requests to the domain. */
  public boolean isDecider(Principal principal) {
    return deciders.contains(principal);
  }

  /**
   * True if this principal registered the domain for others: it names their administrators, and
   * nothing else.
   *
   * @param accounts those that act for the domain
   */
  public boolean isGovernor(Principal principal, List<String> accounts) {
    return registeredBy.filter(principal::equals).isPresent()
        && !accounts.contains(principal.account());
  }
}
