package io.meshwork.internal.delivery;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Domain;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The domains of the recipients of notices. Reads each once. Not thread-safe. */
final class RecipientDomains {
  private final ClientSession session;
  private final Map<String, Domain> read = new HashMap<>();

  RecipientDomains(ClientSession session) {
    this.session = session;
  }

  /**
   * Returns a domain. If it is not registered, it has a name alone, so that its notices reach those
   * who need no account.
   *
   * @param name its name, or its storage name
   */
  Domain of(String name) {
    return read.computeIfAbsent(
        name,
        each ->
            session
                .catalog()
                .findDomain(each)
                .map(DomainEntry::domain)
                .orElseGet(() -> new Domain(each, "", "", "", List.of(), List.of(), List.of())));
  }
}
