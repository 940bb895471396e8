package io.meshwork.internal.session;

import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;

/** Who subscribed to one major of a product, and what they were seen to read. */
public final class Roster {
  private Roster() {}

  /**
   * One subscription.
   *
   * @param domain the consuming domain
   * @param name its name there
   * @param contact whom notices reach
   * @param columns the columns that it names and those that its filter asks, as paths; empty if it
   *     is all of them, or its filter does not fit the contract
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
   * Looks through all who may consume it, and gives the subscriptions in the order of their names.
   *
   * @param contract the one in force, which filters are read by
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Entry> of(Session session, ProductName product, int major, Contract contract) {
    Schema table = IcebergSchemas.fromAvro(contract.schema());
    List<Entry> entries = new ArrayList<>();
    for (Catalog.Consumer consumer : session.catalog().consumers(product.domain())) {
      for (Stored stored :
          session.ledger().list(consumer.partition(), Keys.subscriptions(product))) {
        if (stored.json().path("major").asInt() == major) {
          entries.add(entry(session, product, major, consumer, stored, table));
        }
      }
    }
    return entries;
  }

  private static Entry entry(
      Session session,
      ProductName product,
      int major,
      Catalog.Consumer consumer,
      Stored stored,
      Schema table) {
    String name = stored.json().path("name").asText();
    return new Entry(
        consumer.domain(),
        name,
        stored.json().path("contact").asText(),
        columns(stored, table),
        session
            .ledger()
            .read(Keys.usage(consumer.partition(), product, name, major))
            .map(UsageEntry::of));
  }

  private static List<String> columns(Stored stored, Schema table) {
    Set<String> columns = new LinkedHashSet<>();
    stored.json().path("columns").forEach(column -> columns.add(column.asText()));
    String filter = stored.json().path("where").asText(null);
    if (columns.isEmpty() || filter == null) {
      return List.copyOf(columns);
    }
    try {
      columns.addAll(Predicate.parse(filter, table).columns());
    } catch (InvalidRequestException e) {
      return List.of();
    }
    return List.copyOf(columns);
  }
}
