package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.VersionedDocument;

/**
 * The stored entry of an account: the domain that it acts for.
 *
 * @param domain the domain's name
 * @param stored its document, for checks
 */
public record AccountEntry(String domain, VersionedDocument stored) {
  static AccountEntry of(VersionedDocument stored) {
    return new AccountEntry(stored.json().path("domain").asText(), stored);
  }
}
