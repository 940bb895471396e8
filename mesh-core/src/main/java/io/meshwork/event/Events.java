package io.meshwork.event;

import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.routing.Partitions;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.product.Names;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the events of one log, oldest first: of a product, written {@code domain/product}, of a
 * domain, or of the mesh, written {@code _mesh}. In a mesh of several catalogs also of one of them,
 * {@code _mesh/@catalog}, and of what a domain writes as a guest of one, {@code domain/@catalog}.
 * Not thread-safe.
 */
public final class Events {
  /** Up to so many entries are read one by one, and beyond that the log is listed. */
  private static final long SINGLY = 64;

  private final Session session;
  private final String about;
  private long after;
  private int most = Integer.MAX_VALUE;

  private Events(Session session, String about) {
    this.session = session;
    this.about = about;
  }

  /** Called by {@code MeshClient.events}. */
  public static Events of(Session session, @Nullable CharSequence about) {
    return new Events(session, Arguments.given("events", about).toString());
  }

  /** Only those after this sequence: give the last one that was seen. Default: 0, all of them. */
  public Events after(long sequence) {
    if (sequence < 0) {
      throw Arguments.refused("after", "is " + sequence, "Give 0 or a sequence that was seen.");
    }
    after = sequence;
    return this;
  }

  /** At most so many, the oldest of them. Default: all. */
  public Events atMost(int events) {
    if (events < 1) {
      throw Arguments.refused("atMost", "is " + events, "Give at least 1.");
    }
    most = events;
    return this;
  }

  /**
   * The events, oldest first.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain; the
   *     mesh's own log is for everybody
   * @throws io.meshwork.error.NotFoundException if there is no such product or domain
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public List<MeshEvent> list() {
    String doing = "list the events of " + about;
    session.checkOpen(doing);
    String partition = admitted(doing);
    long last = session.ledger().newestEntry(partition).map(Events::sequence).orElse(0L);
    if (after >= last) {
      return List.of();
    }
    long until = after + Math.min(most, last - after);
    List<Stored> entries =
        until - after <= SINGLY
            ? LongStream.rangeClosed(after + 1, until)
                .mapToObj(sequence -> session.ledger().entry(partition, sequence))
                .flatMap(Optional::stream)
                .toList()
            : session.ledger().entries(partition);
    return entries.stream()
        .filter(entry -> sequence(entry) > after)
        .limit(most)
        .map(MeshEvent::of)
        .toList();
  }

  private String admitted(String doing) {
    if (isGovernance()) {
      return about;
    }
    if (Partitions.isGuest(about)) {
      session.admission().actsFor(Partitions.domain(about), doing);
      return about;
    }
    Target.refuseLink(session, about, "list the events of");
    if (about.indexOf('/') < 0) {
      session.admission().actsFor(Names.check("domain", about), doing);
      return Keys.partition(about);
    }
    ProductName product = ProductName.of(about);
    session.catalog().requireProduct(product, doing);
    session.admission().actsFor(product.domain(), doing);
    return Keys.partition(product);
  }

  private boolean isGovernance() {
    Catalog catalog = session.catalog();
    return about.equals(Keys.MESH)
        || (Partitions.isGovernance(about)
            && catalog.catalogs().stream().map(catalog::governance).anyMatch(about::equals));
  }

  private static long sequence(Stored entry) {
    return entry.json().path("sequence").asLong();
  }
}
