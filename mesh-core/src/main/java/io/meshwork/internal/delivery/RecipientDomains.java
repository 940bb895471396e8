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
  private final Map<String, Domain> read = new ConcurrentHashMap<>();

  RecipientDomains(ClientSession session) {
    this.session = session;
  }

  /**
   * A domain by its name. Two are equal if their names are.
   *
   * @param name its name, or its storage name
   */
  record Recipient(String name, RecipientDomains domains) {
    /**
     * Returns the domain. If it is not registered, it has a name alone, so that its notices reach
     * those who need no account.
     *
     * @throws io.meshwork.error.BackendException if its catalog cannot be read
     */
    Domain domain() {
      return domains.read(name);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Recipient recipient && name.equals(recipient.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  /**
   * Returns a recipient, without a request.
   *
   * @param name its name, or its storage name
   */
  Recipient of(String name) {
    return new Recipient(name, this);
  }

  private Domain read(String name) {
    Domain known = read.get(name);
    if (known == null) {
      known =
          session
              .catalog()
              .findDomain(name)
              .map(DomainEntry::domain)
              .orElseGet(() -> new Domain(name, "", "", "", List.of(), List.of(), List.of()));
      read.put(name, known);
    }
    return known;
  }
}
