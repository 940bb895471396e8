package io.meshwork.product;

import java.util.List;

/**
 * A registered domain: a business capability that owns products, and the accounts that act for it.
 * Immutable.
 *
 * @param name the name, in the grammar of {@link ProductName}
 * @param description the description; empty if there is none
 * @param owner contact of the owner
 * @param steward contact of the person who is notified of requests for its sensitive products, and
 *     of escalated rollouts; by default the owner
 * @param accounts the accounts that act for it
 * @param administrators the roles of these accounts that make grants for the domain, and pass on
 *     within their account what the account was granted; empty if there are none yet
 * @param deciders the roles of these accounts that approve and deny requests; by default the
 *     administrators
 */
public record Domain(
    String name,
    String description,
    String owner,
    String steward,
    List<String> accounts,
    List<Principal> administrators,
    List<Principal> deciders) {
  public Domain {
    accounts = List.copyOf(accounts);
    administrators = List.copyOf(administrators);
    deciders = List.copyOf(deciders);
  }
}
