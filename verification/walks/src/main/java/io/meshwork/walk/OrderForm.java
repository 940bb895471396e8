package io.meshwork.walk;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a major version has for an order. The programs of failed walks have the same
 * record.
 *
 * @param region the name of the column with the region
 * @param name the name of the column with the customer
 * @param cents true if the price is in cents, false if it is in euros
 * @param note true if there is a note
 * @param limit the highest price in cents; 0 for none
 * @param rejecting true if a row above the limit rejects its publish
 */
record OrderForm(
    String region, String name, boolean cents, boolean note, long limit, boolean rejecting) {
  private static final double EUROS = 100;

  Contract contract() {
    SchemaBuilder.FieldAssembler<Schema> fields =
        SchemaBuilder.record("Order").fields().requiredLong("id");
    fields.requiredString(region).requiredString(name);
    if (cents) {
      fields.requiredLong("price");
    } else {
      fields.requiredDouble("price");
    }
    if (note) {
      fields.requiredString("note");
    }
    Contract contract =
        Contract.of(fields.endRecord())
            .onViolation(rejecting ? OnViolation.REJECT : OnViolation.QUARANTINE)
            .maxQuarantineShare(EUROS);
    return limit == 0 ? contract : contract.require(Rule.atMost("price", price(limit)));
  }

  Object price(long inCents) {
    if (cents) {
      return inCents;
    }
    return inCents / EUROS;
  }

  /** True if rows of another form have other values, which only a mapping knows. */
  boolean isMappedTo(OrderForm other) {
    return cents != other.cents || note != other.note;
  }

  boolean fits(Order order) {
    return limit == 0 || order.cents() <= limit;
  }

  /** Returns the row of this version for an order, or for the row of another version. */
  Map<String, Object> of(Object row) {
    Order order = row instanceof Order typed ? typed : order(row);
    Map<String, Object> columns = new TreeMap<>();
    columns.put("id", order.id());
    columns.put(region, order.region());
    columns.put(name, order.name());
    columns.put("price", price(order.cents()));
    if (note) {
      columns.put("note", "-");
    }
    return columns;
  }

  /** Returns a row of this version with another price. */
  Map<String, Object> priced(Map<String, Object> row, long inCents) {
    row.put("price", price(inCents));
    return row;
  }

  /** Returns the order of a row of any version. A column that is hidden is empty. */
  static Order order(Object row) {
    Object price = Objects.requireNonNull(column(row, "price"));
    return new Order(
        (Long) Objects.requireNonNull(column(row, "id")),
        String.valueOf(column(row, "region", "area")),
        String.valueOf(column(row, "name", "person")),
        price instanceof Long whole ? whole : Math.round((Double) price * EUROS));
  }

  private static Object column(Object row, String... names) {
    return Stream.of(names)
        .map(name -> column(row, name))
        .filter(value -> value != null)
        .findFirst()
        .orElse("");
  }

  private static @Nullable Object column(Object row, String name) {
    if (row instanceof GenericRecord avro) {
      return avro.hasField(name) ? avro.get(name) : null;
    }
    return ((Map<?, ?>) row).get(name);
  }

  /** Returns it as a program writes it. */
  String code() {
    return "new Form(\"%s\", \"%s\", %s, %s, %d, %s)"
        .formatted(region, name, cents, note, limit, rejecting);
  }
}
