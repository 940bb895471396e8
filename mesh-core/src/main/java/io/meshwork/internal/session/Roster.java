package io.meshwork.internal.session;

import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who subscribed to one major of a product, and what they were seen to read. */
public final class Roster {
  private Roster() {}

  /**
   * One subscription.
   *
   * @param domain the consuming domain
   * @param name its name there
   * @param contact whom notices reach
   * @param columns the columns that it names, as paths; empty if it is all of them
   * @param usage what it was seen to read; empty if nothing yet
   */
  public record Entry(
      String domain,
      String name,
      String contact,
      List<String> columns,
      Optional<UsageEntry> usage) {
    /** Copies the columns. */
    public Entry {
      columns = List.copyOf(columns);
    }

    /** The subscription as it is written, {@code domain/name}. */
    public String subscription() {
      return domain + "/" + name;
    }
  }

  /**
   * Looks through all domains of the mesh, and gives the subscriptions in the order of their names.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Entry> of(Session session, ProductName product, int major) {
    List<Entry> entries = new ArrayList<>();
    for (DomainEntry domain : session.catalog().domains()) {
      String consumer = domain.domain().name();
      for (Stored stored :
          session.ledger().list(Keys.partition(consumer), Keys.subscriptions(product))) {
        if (stored.json().path("major").asInt() == major) {
          entries.add(entry(session, product, major, consumer, stored));
        }
      }
    }
    return entries;
  }

  private static Entry entry(
      Session session, ProductName product, int major, String domain, Stored stored) {
    String name = stored.json().path("name").asText();
    List<String> columns = new ArrayList<>();
    stored.json().path("columns").forEach(column -> columns.add(column.asText()));
    return new Entry(
        domain,
        name,
        stored.json().path("contact").asText(),
        columns,
        session.ledger().read(Keys.usage(domain, product, name, major)).map(UsageEntry::of));
  }
}
