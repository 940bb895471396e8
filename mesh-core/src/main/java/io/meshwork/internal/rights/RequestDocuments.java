package io.meshwork.internal.rights;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds requests for access and what was decided on them. The two lie apart: a request with who
 * asks, decisions with who owns. Holds nothing; thread-safe.
 */
public final class RequestDocuments {
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Ledger ledger;
  private final Catalog catalog;

  /** Of a registry. */
  public RequestDocuments(Ledger ledger, Catalog catalog) {
    this.ledger = ledger;
    this.catalog = catalog;
  }

  /** A request to an owner, by its id; whoever asks. */
  public Optional<RequestStanding> find(String owner, String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    for (String partition : partitionsTo(owner)) {
      Optional<Stored> found = ledger.read(Keys.request(partition, owner, id));
      if (found.isPresent()) {
        return found.map(this::standing);
      }
    }
    return Optional.empty();
  }

  /** A request of a consuming domain, by its id; whomever it asks. */
  public Optional<RequestStanding> findOf(String consumer, String id) {
    return ofConsumer(consumer).stream()
        .filter(stored -> stored.key().sort().endsWith("/" + id))
        .findFirst()
        .map(this::standing);
  }

  /** All requests to an owner. */
  public List<RequestStanding> to(String owner) {
    List<Stored> requests = new ArrayList<>();
    for (String partition : partitionsTo(owner)) {
      requests.addAll(ledger.list(partition, Keys.requestsTo(owner)));
    }
    return standings(requests);
  }

  /** All requests of a consuming domain. */
  public List<RequestStanding> of(String consumer) {
    return standings(ofConsumer(consumer));
  }

  /** All partitions of the mesh that may hold requests, each once. */
  public Set<String> partitions() {
    List<DomainEntry> domains = catalog.domains();
    Set<String> partitions = new LinkedHashSet<>();
    for (DomainEntry consumer : domains) {
      for (DomainEntry owner : domains) {
        partitions.add(catalog.consumerPartition(consumer.domain().name(), owner.domain().name()));
      }
    }
    return partitions;
  }

  /** All requests in a partition. */
  public List<RequestStanding> in(String partition) {
    return standings(ledger.list(partition, Keys.REQUESTS));
  }

  /** The requests of a consuming domain to one owner. */
  public List<RequestStanding> of(String consumer, String owner) {
    return standings(
        ledger.list(catalog.consumerPartition(consumer, owner), Keys.requestsTo(owner)));
  }

  /** A request with what was decided on it. */
  public RequestStanding standing(Stored request) {
    RequestEntry entry = RequestEntry.of(request);
    return RequestStanding.of(
        request, ledger.list(Keys.partition(entry.product()), Keys.decisions(entry.id())));
  }

  private Set<String> partitionsTo(String owner) {
    Set<String> partitions = new LinkedHashSet<>();
    for (DomainEntry consumer : catalog.domains()) {
      partitions.add(catalog.consumerPartition(consumer.domain().name(), owner));
    }
    return partitions;
  }

  private List<Stored> ofConsumer(String consumer) {
    Set<String> partitions = new LinkedHashSet<>();
    for (DomainEntry owner : catalog.domains()) {
      partitions.add(catalog.consumerPartition(consumer, owner.domain().name()));
    }
    List<Stored> requests = new ArrayList<>();
    partitions.forEach(
        partition ->
            ledger.list(partition, Keys.REQUESTS).stream()
                .filter(stored -> isOf(consumer, stored))
                .forEach(requests::add));
    return requests;
  }

  private static boolean isOf(String consumer, Stored stored) {
    return Names.storage(RequestEntry.of(stored).domain()).equals(Names.storage(consumer));
  }

  /** Reads the decisions of each product once. */
  private List<RequestStanding> standings(List<Stored> requests) {
    Map<String, List<Stored>> ofProduct = new HashMap<>();
    List<RequestStanding> standings = new ArrayList<>();
    for (Stored request : requests) {
      RequestEntry entry = RequestEntry.of(request);
      String prefix = Keys.decisions(entry.id());
      List<Stored> decisions =
          ofProduct.computeIfAbsent(
              Keys.partition(entry.product()), partition -> ledger.list(partition, Keys.DECISIONS));
      standings.add(
          RequestStanding.of(
              request,
              decisions.stream().filter(each -> each.key().sort().startsWith(prefix)).toList()));
    }
    return standings;
  }
}
