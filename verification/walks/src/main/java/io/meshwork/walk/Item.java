package io.meshwork.walk;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import java.util.Collection;
import java.util.List;

/** A row of a walk. Its person is a text that no other row has. */
record Item(long id, String region, String person) {
  static Item of(long id) {
    long hash = id * 0x9E3779B97F4A7C15L;
    hash = (hash ^ (hash >>> 29)) * 0xBF58476D1CE4E5B9L;
    return new Item(
        id, id % 2 == 0 ? "N. Sea" : "north", "person-" + Long.toUnsignedString(hash, 36));
  }

  /** The row in the next major version. */
  ZonedItem next() {
    return new ZonedItem(id, region, person);
  }

  static List<Item> all(Collection<Long> ids) {
    return ids.stream().map(Item::of).toList();
  }

  /** The row as the quarantine has it. */
  static String json(long id) {
    Item item = of(id);
    return "{\"id\":%d,\"region\":\"%s\",\"person\":\"%s\"}"
        .formatted(id, item.region(), item.person());
  }

  static String person(long id) {
    return of(id).person();
  }

  static Contract contract() {
    return Contract.of(Item.class).require(Rule.between("id", 0, 1_000_000_000));
  }
}
