package io.meshwork.internal.delivery;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Domain;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The domains of the recipients of notices. Each is read once, when a notifier asks for it: the
 * catalog of one recipient may be unavailable, and others do not wait for it. Thread-safe.
 */
final class RecipientDomains {
  private final ClientSession session;
  private final Map<String, Domain> domains = new ConcurrentHashMap<>();

  RecipientDomains(ClientSession session) {
    this.session = session;
  }

  /**
   * A domain that is read later. Two are equal if their names are.
   *
   * @param name its name, or its storage name
   */
  record RecipientDomain(String name, RecipientDomains domains) {
    /**
     * Returns the domain. If it is not registered, it has a name alone, so that its notices reach
     * recipients who need no account.
     *
     * @throws io.meshwork.error.BackendException if its catalog cannot be read
     */
    Domain domain() {
      return domains.read(name);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof RecipientDomain domain && name.equals(domain.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /**
   * Returns a domain to be read later.
   *
   * @param name its name, or its storage name
   */
  RecipientDomain of(String name) {
    return new RecipientDomain(name, this);
  }

  private Domain read(String name) {
    Domain domain = domains.get(name);
    if (domain == null) {
      domain =
          session
              .catalog()
              .findDomain(name)
              .map(DomainEntry::domain)
              .orElseGet(() -> new Domain(name, "", "", "", List.of(), List.of(), List.of()));
      domains.put(name, domain);
    }
    return domain;
  }
}
