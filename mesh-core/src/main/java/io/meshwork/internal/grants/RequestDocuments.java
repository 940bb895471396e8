package io.meshwork.internal.grants;

import io.meshwork.error.BackendException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.IdGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads requests for access and the decisions on them. A request is stored in the partition of the
 * consumer, its decisions in the partition of the product, or of the executor that decides it.
 * Thread-safe.
 */
public final class RequestDocuments {
  private static final Pattern ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  private final Ledger ledger;
  private final Catalog catalog;

  /** Reads from a registry. */
  public RequestDocuments(Ledger ledger, Catalog catalog) {
    this.ledger = ledger;
    this.catalog = catalog;
  }

  /** Returns a request to an owner; empty if there is none. */
  public Optional<RequestState> find(String owner, String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    for (String partition : partitionsTo(owner)) {
      Optional<VersionedDocument> document =
          ledger.read(RegistryKeys.request(partition, owner, id));
      if (document.isPresent()) {
        return document.map(this::stateOf);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a request of a consuming domain to any owner; empty if there is none.
   *
   * @throws BackendException if it was not found and a catalog could not be read
   */
  Optional<RequestState> findSent(String consumer, String id) {
    BackendException failure = null;
    for (String partition : catalog.consumerPartitions(consumer)) {
      try {
        Optional<VersionedDocument> document =
            in(partition, consumer).stream()
                .filter(stored -> stored.key().sort().endsWith("/" + id))
                .findFirst();
        if (document.isPresent()) {
          return document.map(this::stateOf);
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

  List<RequestState> to(String owner) {
    List<VersionedDocument> requests = new ArrayList<>();
    for (String partition : partitionsTo(owner)) {
      requests.addAll(ledger.list(partition, RegistryKeys.requestsTo(owner)));
    }
    return statesOf(requests);
  }

  /**
   * Returns, for each request to an owner that was sent since a time and not withdrawn, how long
   * its first answer took; empty for one without an answer. Requests that are damaged or of a newer
   * format are left out; doctor reports them.
   */
  public List<AnswerTime> answerTimes(String owner, Instant since) {
    List<AnswerTime> times = new ArrayList<>();
    for (String partition : partitionsTo(owner)) {
      for (VersionedDocument stored :
          ledger.listLenient(partition, RegistryKeys.requestsTo(owner))) {
        stored
            .readAs(RequestEntry::of)
            .filter(request -> request.product().domain().equals(owner))
            .filter(request -> !request.withdrawn() && !request.askedAt().isBefore(since))
            .ifPresent(request -> times.add(answerTime(request)));
      }
    }
    return times;
  }

  private AnswerTime answerTime(RequestEntry request) {
    return new AnswerTime(
        request.askedAt(),
        ledger
            .listLenient(
                RegistryKeys.partition(request.product()), RegistryKeys.decisions(request.id()))
            .stream()
            .flatMap(decision -> IdGenerator.time(decision.version()).stream())
            .min(Instant::compareTo));
  }

  /**
   * When a request was answered.
   *
   * @param askedAt when it was sent
   * @param answeredAt when it was first answered; empty if it was not
   */
  public record AnswerTime(Instant askedAt, Optional<Instant> answeredAt) {}

  /** Returns all requests of a consuming domain. */
  List<RequestState> of(String consumer) {
    return statesOf(ofConsumer(consumer));
  }

  public List<RequestState> in(String partition) {
    return statesOf(ledger.list(partition, RegistryKeys.REQUESTS));
  }

  /** Returns the requests of a consuming domain to one owner. */
  List<RequestState> of(String consumer, String owner) {
    return statesOf(
        ledger.list(catalog.consumerPartition(consumer, owner), RegistryKeys.requestsTo(owner)));
  }

  /** Returns a request with its decisions. */
  public RequestState stateOf(VersionedDocument request) {
    RequestEntry entry = RequestEntry.of(request);
    return new DecidedRequest(
            ledger,
            request,
            ledger.list(
                RegistryKeys.partition(entry.product()), RegistryKeys.decisions(entry.id())))
        .state();
  }

  private Set<String> partitionsTo(String owner) {
    Set<String> partitions = new LinkedHashSet<>();
    catalog.consumers(owner).forEach(consumer -> partitions.add(consumer.partition()));
    return partitions;
  }

  private List<VersionedDocument> ofConsumer(String consumer) {
    List<VersionedDocument> requests = new ArrayList<>();
    for (String partition : catalog.consumerPartitions(consumer)) {
      requests.addAll(in(partition, consumer));
    }
    return requests;
  }

  private List<VersionedDocument> in(String partition, String consumer) {
    return ledger.list(partition, RegistryKeys.REQUESTS).stream()
        .filter(stored -> isOf(consumer, stored))
        .toList();
  }

  private static boolean isOf(String consumer, VersionedDocument stored) {
    return NameGrammar.storage(RequestEntry.of(stored).domain())
        .equals(NameGrammar.storage(consumer));
  }

  /** Returns requests with their decisions. Reads the decisions of each product once. */
  private List<RequestState> statesOf(List<VersionedDocument> requests) {
    Map<String, List<VersionedDocument>> decisionsByProduct = new HashMap<>();
    List<RequestState> states = new ArrayList<>();
    for (VersionedDocument request : requests) {
      RequestEntry entry = RequestEntry.of(request);
      String prefix = RegistryKeys.decisions(entry.id());
      List<VersionedDocument> decisions =
          decisionsByProduct.computeIfAbsent(
              RegistryKeys.partition(entry.product()),
              partition -> ledger.list(partition, RegistryKeys.DECISIONS));
      states.add(
          new DecidedRequest(
                  ledger,
                  request,
                  decisions.stream().filter(each -> each.key().sort().startsWith(prefix)).toList())
              .state());
    }
    return states;
  }
}
