package io.meshwork.internal.audit;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.governance.GovernanceClient.TopologyReport;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.ClientSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts domains, links, and grants by catalog. */
final class CatalogCount {
  private final Catalog catalog;
  private final RightsDocuments rights;
  private final SortedMap<String, List<String>> homes = new TreeMap<>();
  private final SortedMap<String, List<String>> guests = new TreeMap<>();
  private final List<String> owners = new ArrayList<>();
  private final List<DomainEntry> domains = new ArrayList<>();

  static TopologyReport of(ClientSession session) {
    session.checkOpen(MeshAction.of(Verb.DESCRIBE, "the topology of the mesh"));
    return new CatalogCount(session).report();
  }

  private CatalogCount(ClientSession session) {
    this.catalog = session.catalog();
    this.rights = session.rights();
  }

  TopologyReport report() {
    for (String name : catalog.catalogs()) {
      List<DomainEntry> registered = catalog.domainsOf(name);
      domains.addAll(registered);
      homes.put(name, registered.stream().map(entry -> entry.domain().name()).toList());
      guests.put(
          name, catalog.guestConsumers(name).stream().map(Catalog.Consumer::domain).toList());
      owners.add(
          name
              + ": "
              + registered.stream()
                  .map(entry -> entry.domain().owner())
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    int links = 0;
    int shares = 0;
    for (DomainEntry entry : domains) {
      String name = entry.domain().name();
      for (LinkEntry link : catalog.links(name)) {
        links += isInOtherCatalog(name, link.domain()) ? 1 : 0;
      }
      for (StoredGrant grant : rights.grants(entry)) {
        shares += shares(name, grant);
      }
      for (ProductEntry product : catalog.products(name)) {
        for (StoredGrant grant : rights.grants(product.name())) {
          shares += shares(name, grant);
        }
      }
    }
    return new TopologyReport(catalog.topology(), homes, guests, links, shares, owners);
  }

  private boolean isInOtherCatalog(String domain, String other) {
    return !home(domain).equals(home(other));
  }

  private Optional<String> home(String domain) {
    return catalog.topology().findCatalog(domain);
  }

  /** The number of other catalogs that a grant is shared with. */
  private int shares(String owner, StoredGrant grant) {
    if (grant.to().kind() == Grantee.Kind.ORGANIZATION) {
      return homes.size() - 1;
    }
    return grant
        .to()
        .account()
        .flatMap(this::domainOf)
        .filter(consumer -> isInOtherCatalog(owner, consumer))
        .map(consumer -> 1)
        .orElse(0);
  }

  private Optional<String> domainOf(String account) {
    return domains.stream()
        .filter(entry -> entry.domain().accounts().contains(account))
        .map(entry -> entry.domain().name())
        .findFirst();
  }
}
