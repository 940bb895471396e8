package io.meshwork.internal.catalog;

import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.product.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the principals that registered the domains, in the governance log. Domains are registered
 * once and never removed, so the log is cached and read again only for a missing domain.
 * Thread-safe.
 */
final class DomainRegistrars {
  private static final String REGISTERED = "domain.registered";

  private final Ledger ledger;
  private final Map<String, Map<String, Principal>> byGovernance = new ConcurrentHashMap<>();

  DomainRegistrars(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The principal that registered a domain; empty if the log has no entry of it. */
  Optional<Principal> of(DomainEntry entry) {
    String governance = entry.stored().key().partition();
    String domain = NameGrammar.storage(entry.domain().name());
    Principal cached = byGovernance.getOrDefault(governance, Map.of()).get(domain);
    if (cached != null) {
      return Optional.of(cached);
    }
    Map<String, Principal> all = read(governance);
    byGovernance.put(governance, all);
    return Optional.ofNullable(all.get(domain));
  }

  private Map<String, Principal> read(String governance) {
    Map<String, Principal> all = new HashMap<>();
    for (VersionedDocument entry : ledger.entries(governance)) {
      if (entry.json().path("event").asText().equals(REGISTERED)) {
        all.putIfAbsent(
            NameGrammar.storage(entry.json().path("subject").asText()),
            DomainEntry.principal(entry.json().path("principal").asText()));
      }
    }
    return Map.copyOf(all);
  }
}
