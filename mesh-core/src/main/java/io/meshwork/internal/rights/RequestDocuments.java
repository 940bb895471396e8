package io.meshwork.internal.rights;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.Catalog;
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

  /**
   * A request of a consuming domain, by its id; whomever it asks.
   *
   * @throws BackendException if it was not found and a catalog could not be asked
   */
  public Optional<RequestStanding> findOf(String consumer, String id) {
    BackendException failure = null;
    for (String partition : catalog.consumerPartitions(consumer)) {
      try {
        Optional<Stored> found =
            in(partition, consumer).stream()
                .filter(stored -> stored.key().sort().endsWith("/" + id))
                .findFirst();
        if (found.isPresent()) {
          return found.map(this::standing);
        }
      } catch (BackendException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
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
    catalog.consumers(owner).forEach(consumer -> partitions.add(consumer.partition()));
    return partitions;
  }

  private List<Stored> ofConsumer(String consumer) {
    List<Stored> requests = new ArrayList<>();
    for (String partition : catalog.consumerPartitions(consumer)) {
      requests.addAll(in(partition, consumer));
    }
    return requests;
  }

  private List<Stored> in(String partition, String consumer) {
    return ledger.list(partition, Keys.REQUESTS).stream()
        .filter(stored -> isOf(consumer, stored))
        .toList();
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
