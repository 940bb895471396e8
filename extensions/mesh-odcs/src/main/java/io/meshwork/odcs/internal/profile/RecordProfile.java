package io.meshwork.odcs.internal.profile;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The profiles of the fields of records at one path, by name, in the order of occurrence. A nested
 * record becomes a map if its objects have too many different names, or a blank one. Not
 * thread-safe.
 */
public final class RecordProfile {
  /** The most names of a nested record; with more, it becomes a map. */
  static final int MAX_NESTED_NAMES = 200;

  private final HashMemory memory;
  private final Map<String, ValueProfile> fields = new LinkedHashMap<>();
  private @Nullable ValueProfile mapped;
  private long records;

  RecordProfile(HashMemory memory) {
    this.memory = memory;
  }

  void begin() {
    records++;
  }

  ValueProfile field(String name) {
    return fields.computeIfAbsent(name, each -> new ValueProfile(memory));
  }

  /** Returns the profile of a field of a nested record, or of the map's values. */
  ValueProfile nestedField(String name) {
    boolean isFull = fields.size() == MAX_NESTED_NAMES && !fields.containsKey(name);
    if (mapped == null && (isFull || name.isBlank())) {
      becomeMap();
    }
    return mapped == null ? field(name) : mapped;
  }

  /** The values of all names so far are values of the map. */
  private ValueProfile becomeMap() {
    ValueProfile values = asMap();
    fields.values().forEach(values::addAll);
    fields.clear();
    return values;
  }

  /** Adds what another profile has; it is not used any longer. */
  void addAll(RecordProfile other) {
    records += other.records;
    if (mapped != null || other.mapped != null) {
      ValueProfile values = becomeMap();
      values.addAll(other.becomeMap());
      return;
    }
    other.fields.forEach((name, profile) -> nestedField(name).addAll(profile));
  }

  /** Declares the record as a map, and returns the profile of its values. */
  ValueProfile asMap() {
    ValueProfile values = mapped == null ? new ValueProfile(memory) : mapped;
    mapped = values;
    return values;
  }

  /** Returns the profile of the map's values; null if it is a record. */
  public @Nullable ValueProfile mapped() {
    return mapped;
  }

  public Map<String, ValueProfile> fields() {
    return fields;
  }

  public long records() {
    return records;
  }

  /** Returns the number of records in which a field is null or missing. */
  public long nullsOf(ValueProfile field) {
    return records - field.values();
  }
}
