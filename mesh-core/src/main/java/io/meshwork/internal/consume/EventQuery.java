package io.meshwork.internal.consume;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.Events;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reads events from the log of a product, a domain, or the mesh. */
final class EventQuery implements Events {
  /** Up to so many entries are read one by one, and beyond that the log is listed. */
  private static final long SINGLY = 64;

  private final ClientSession session;
  private final String about;
  private long after;
  private int most = Integer.MAX_VALUE;

  private EventQuery(ClientSession session, String about) {
    this.session = session;
    this.about = about;
  }

  static Events of(ClientSession session, @Nullable CharSequence about) {
    return new EventQuery(session, ArgumentChecks.required("events", about).toString());
  }

  @Override
  public EventQuery after(long sequence) {
    if (sequence < 0) {
      throw ArgumentChecks.refused(
          "after", "is " + sequence, "Give 0 or a sequence that was seen.");
    }
    after = sequence;
    return this;
  }

  @Override
  public EventQuery atMost(int events) {
    if (events < 1) {
      throw ArgumentChecks.refused("atMost", "is " + events, "Give at least 1.");
    }
    most = events;
    return this;
  }

  @Override
  public List<MeshEvent> list() {
    MeshAction action = MeshAction.of(Verb.LIST, "the events of " + about);
    session.checkOpen(action);
    String partition = admitted(action);
    long last = session.ledger().newestEntry(partition).map(EventQuery::sequence).orElse(0L);
    if (after >= last) {
      return List.of();
    }
    long until = after + Math.min(most, last - after);
    List<VersionedDocument> entries =
        until - after <= SINGLY
            ? LongStream.rangeClosed(after + 1, until)
                .mapToObj(sequence -> session.ledger().entry(partition, sequence))
                .flatMap(Optional::stream)
                .toList()
            : session.ledger().entries(partition);
    return entries.stream()
        .filter(entry -> sequence(entry) > after)
        .limit(most)
        .map(EventQuery::event)
        .toList();
  }

  private String admitted(MeshAction action) {
    if (isGovernance()) {
      return about;
    }
    if (PartitionCatalogs.isGuest(about)) {
      session.authorizer().requireOwner(PartitionCatalogs.domain(about), action);
      return about;
    }
    ResolvedProduct.rejectLink(session, about, MeshAction.of(Verb.LIST, "the events of"));
    if (about.indexOf('/') < 0) {
      session.authorizer().requireOwner(NameGrammar.check("domain", about), action);
      return RegistryKeys.partition(about);
    }
    ProductName product = ProductName.of(about);
    session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    return RegistryKeys.partition(product);
  }

  private boolean isGovernance() {
    Catalog catalog = session.catalog();
    return about.equals(RegistryKeys.MESH)
        || (PartitionCatalogs.isGovernance(about)
            && catalog.catalogs().stream().map(catalog::governance).anyMatch(about::equals));
  }

  private static MeshEvent event(VersionedDocument entry) {
    return MeshEvent.fromJson(entry.key().partition(), DocumentJson.write(entry.json()));
  }

  private static long sequence(VersionedDocument entry) {
    return entry.json().path("sequence").asLong();
  }
}
