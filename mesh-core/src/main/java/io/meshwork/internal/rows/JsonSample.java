package io.meshwork.internal.rows;

import com.fasterxml.jackson.core.JsonGenerator;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Formats a record of any kind within size limits. */
final class JsonSample {
  private static final int MAX_LIST = 100;

  /** The maximum depth. Contracts are not deeper, but a user's object may contain itself. */
  private static final int MAX_DEPTH = 32;

  private static final int MAX_VALUES = 10_000;

  private final JsonGenerator json;
  private final Set<String> masked;
  private int left = MAX_VALUES;

  JsonSample(JsonGenerator json, Set<String> masked) {
    this.json = json;
    this.masked = masked;
  }

  /** Writes the members of a record into the open object. */
  void writeMembers(@Nullable Object record) throws Throwable {
    writeMembers(record, null, 0);
  }

  /**
   * Writes members into the open object.
   *
   * @param owner the possible paths of the record, if something below them is masked; null for a
   *     top-level row
   */
  private void writeMembers(@Nullable Object record, @Nullable List<String> owner, int depth)
      throws Throwable {
    if (record instanceof IndexedRecord avro) {
      for (Schema.Field field : avro.getSchema().getFields()) {
        Object value = avro.get(field.pos());
        writeMember(field.name(), value, fieldOf(owner, field.name()), depth);
      }
    } else if (record instanceof Map<?, ?> map) {
      int remaining = MAX_LIST;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (depth > 0 && remaining-- == 0) {
          json.writeStringField("...", "and more");
          break;
        }
        Object key = entry.getKey();
        String name = key instanceof CharSequence ? key.toString() : "<key that is not text>";
        List<String> places = new ArrayList<>(fieldOf(owner, name));
        if (owner != null) {
          // A map within a column may be a record or a map of the contract.
          places.addAll(children(owner, "{}"));
        }
        writeMember(name, entry.getValue(), places, depth);
      }
    } else if (record != null && record.getClass().isRecord()) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        Object value =
            (Object) RecordComponents.accessor(record.getClass(), component).invoke(record);
        String name = RecordComponents.columnOf(component);
        writeMember(name, value, fieldOf(owner, name), depth);
      }
    } else if (record != null) {
      JsonRow.writeClass(json, record);
    }
  }

  private List<String> fieldOf(@Nullable List<String> owner, String name) {
    return owner == null ? List.of(name) : children(owner, "." + name);
  }

  /** Returns the paths of a child, if something below them is masked. */
  private List<String> children(List<String> places, String step) {
    return places.stream()
        .map(place -> place + step)
        .filter(place -> masked.stream().anyMatch(path -> path.startsWith(place)))
        .toList();
  }

  private void writeMember(String name, @Nullable Object value, List<String> places, int depth)
      throws Throwable {
    json.writeFieldName(JsonRow.wellFormed(JsonRow.cut(name, JsonRow.MAX_TEXT)));
    writeSample(value, places, depth);
  }

  private void writeSample(@Nullable Object value, List<String> places, int depth)
      throws Throwable {
    Object content = value instanceof Optional<?> some ? some.orElse(null) : value;
    if (places.stream().anyMatch(masked::contains)) {
      json.writeString(JsonRow.MASK);
    } else if (left-- <= 0) {
      json.writeString("...");
    } else if (content == null || depth >= MAX_DEPTH) {
      JsonRow.write(json, content, JsonRow.MAX_TEXT);
    } else if (content instanceof IndexedRecord
        || content instanceof Map
        || content.getClass().isRecord()) {
      json.writeStartObject();
      writeMembers(content, places, depth + 1);
      json.writeEndObject();
    } else if (content instanceof Collection<?> elements) {
      writeElements(elements.iterator(), children(places, "[]"), depth);
    } else if (content.getClass().isArray() && !(content instanceof byte[])) {
      Iterator<Object> elements =
          IntStream.range(0, Array.getLength(content))
              .mapToObj(i -> Array.get(content, i))
              .iterator();
      writeElements(elements, children(places, "[]"), depth);
    } else {
      JsonRow.write(json, content, JsonRow.MAX_TEXT);
    }
  }

  private void writeElements(Iterator<?> elements, List<String> places, int depth)
      throws Throwable {
    json.writeStartArray();
    for (int remaining = MAX_LIST; elements.hasNext(); remaining--) {
      if (remaining == 0) {
        json.writeString("...");
        break;
      }
      writeSample(elements.next(), places, depth + 1);
    }
    json.writeEndArray();
  }
}
