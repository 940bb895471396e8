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
 * Who registered which domain, by the log of the governance. Domains are registered once and never
 * removed, so what the log told stands: it is read once, and again only for a domain that was not
 * there then. Thread-safe.
 */
final class DomainRegistrars {
  private static final String REGISTERED = "domain.registered";

  private final Ledger ledger;
  private final Map<String, Map<String, Principal>> byGovernance = new ConcurrentHashMap<>();

  DomainRegistrars(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Who registered a domain; empty if the log does not tell. */
  Optional<Principal> of(DomainEntry entry) {
    String governance = entry.stored().key().partition();
    String domain = NameGrammar.storage(entry.domain().name());
    Principal known = byGovernance.getOrDefault(governance, Map.of()).get(domain);
    if (known != null) {
      return Optional.of(known);
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
