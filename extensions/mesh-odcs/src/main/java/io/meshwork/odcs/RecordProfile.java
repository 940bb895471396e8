package io.meshwork.odcs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the records at one place, by name, in the order in which they were met first. A
 * record inside of rows whose objects have ever new names becomes a map. Not thread-safe.
 */
final class RecordProfile {
  /** More names than this make a map of an object inside of a row. */
  static final int MOST_NAMES_INSIDE = 200;

  private final HashSlots budget;
  private final Map<String, ValueProfile> fields = new LinkedHashMap<>();
  private @Nullable ValueProfile mapped;
  private long records;

  RecordProfile(HashSlots budget) {
    this.budget = budget;
  }

  void begin() {
    records++;
  }

  /** The values of a field. */
  ValueProfile field(String name) {
    return fields.computeIfAbsent(name, each -> new ValueProfile(budget));
  }

  /** The values of a field inside of rows: the same, unless the names are too many. */
  ValueProfile fieldInside(String name) {
    if (mapped == null && fields.size() == MOST_NAMES_INSIDE && !fields.containsKey(name)) {
      fields.clear();
      mapped = new ValueProfile(budget);
    }
    return mapped == null ? field(name) : mapped;
  }

  /** The values of what is a map for sure. */
  ValueProfile asMap() {
    ValueProfile values = mapped == null ? new ValueProfile(budget) : mapped;
    mapped = values;
    return values;
  }

  /** The values of the map that it is; null if it is a record. */
  @Nullable ValueProfile mapped() {
    return mapped;
  }

  Map<String, ValueProfile> fields() {
    return fields;
  }

  long records() {
    return records;
  }

  /** In how many records a field is null or missing. */
  long nullsOf(ValueProfile field) {
    return records - field.values();
  }
}
