package io.meshwork.internal.consume;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reads events from the log of a product, a domain, or the mesh. */
final class EventQuery implements MeshEvent.Query {
  /** More entries than this are read by listing the thousands of the log that contain them. */
  private static final long MAX_SINGLE_READS = 64;

  private static final long THOUSAND = 1_000;

  private final ClientSession session;
  private final String log;
  private long after;
  private int limit = Integer.MAX_VALUE;

  private EventQuery(ClientSession session, String log) {
    this.session = session;
    this.log = log;
  }

  static MeshEvent.Query of(ClientSession session, @Nullable CharSequence log) {
    return new EventQuery(session, ArgumentChecks.required("events", log).toString());
  }

  @Override
  public EventQuery after(long sequence) {
    if (sequence < 0) {
      throw ArgumentChecks.refused(
          "after", "is " + sequence, "Use 0, or the sequence of an event.");
    }
    after = sequence;
    return this;
  }

  @Override
  public EventQuery limit(int events) {
    if (events < 1) {
      throw ArgumentChecks.refused("limit", "is " + events, "Use at least 1.");
    }
    limit = events;
    return this;
  }

  @Override
  public List<MeshEvent> list() {
    MeshAction action = MeshAction.of(Verb.LIST, "the events of " + log);
    session.checkOpen(action);
    String partition = authorizedPartition(action);
    long last = session.ledger().newestSequence(partition);
    List<MeshEvent> events = new ArrayList<>();
    for (long read = after; read < last && events.size() < limit; ) {
      long until = read + Math.min(limit - events.size(), last - read);
      events.addAll(visible(partition, read, until));
      read = until;
    }
    return List.copyOf(events);
  }

  /** The events that the caller sees, after a sequence. */
  private List<MeshEvent> visible(String partition, long from, long until) {
    List<VersionedDocument> entries =
        until - from <= MAX_SINGLE_READS
            ? LongStream.rangeClosed(from + 1, until)
                .mapToObj(sequence -> session.ledger().entry(partition, sequence))
                .flatMap(Optional::stream)
                .toList()
            : LongStream.rangeClosed((from + 1) / THOUSAND, until / THOUSAND)
                .mapToObj(thousand -> session.ledger().thousand(partition, thousand))
                .flatMap(List::stream)
                .toList();
    return entries.stream()
        .filter(entry -> Ledger.sequence(entry) > from && Ledger.sequence(entry) <= until)
        .map(EventQuery::event)
        .filter(event -> session.authorizer().seesEntry(event.typeName(), event.principal()))
        .toList();
  }

  private String authorizedPartition(MeshAction action) {
    if (isGovernance()) {
      return log;
    }
    if (PartitionCatalogs.isConsumer(log) || PartitionCatalogs.isExecutor(log)) {
      session.authorizer().requireOwner(PartitionCatalogs.domain(log), action);
      return log;
    }
    ResolvedProduct.rejectLink(session, log, MeshAction.of(Verb.LIST, "the events of"));
    if (log.indexOf('/') < 0) {
      session.authorizer().requireOwner(NameGrammar.check("domain", log), action);
      return RegistryKeys.partition(log);
    }
    ProductName product = ProductName.of(log);
    session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    return RegistryKeys.partition(product);
  }

  private boolean isGovernance() {
    Catalog catalog = session.catalog();
    return log.equals(RegistryKeys.MESH)
        || (PartitionCatalogs.isGovernance(log)
            && catalog.catalogs().stream()
                .map(catalog::governance)
                .anyMatch(
                    governance ->
                        log.equals(governance) || log.equals(RegistryKeys.mirrors(governance))));
  }

  private static MeshEvent event(VersionedDocument entry) {
    return MeshEvent.fromJson(entry.key().partition(), DocumentJson.write(entry.json()));
  }
}
