package io.meshwork.aws.internal.mirror;

import java.util.Set;

/**
 * Which domains let all accounts of an organization read the files of their open products.
 * Immutable.
 *
 * @param account the account of the mesh, which has the bucket of domains without a place
 * @param organization the ID of the organization, such as {@code o-abcdefghij}; empty if there is
 *     no domain
 * @param domains the names of the domains
 */
public record OpenDataSettings(String account, String organization, Set<String> domains) {
  /** Copies the set. */
  public OpenDataSettings {
    domains = Set.copyOf(domains);
  }
}
