package io.meshwork.product;

import java.util.List;

/**
 * A registered domain: a business capability that owns products, and the accounts that act for it.
 * Immutable.
 *
 * @param name of the grammar of {@link Names}
 * @param description what it is about; empty if not said
 * @param owner contact of those who answer for it
 * @param steward who decides requests for its sensitive products; the owner of the time if nobody
 *     else was named
 * @param accounts the accounts that act for it
 */
public record Domain(
    String name, String description, String owner, String steward, List<String> accounts) {
  /** Copies the accounts. */
  public Domain {
    accounts = List.copyOf(accounts);
  }
}
