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

/** Shows a record of any kind, as the user made it, as far as room allows. */
final class JsonSample {
  private static final int LONGEST_LIST = 100;

  /** Contracts are no deeper; what a user made may contain itself. */
  private static final int DEEPEST = 32;

  private static final int MOST_VALUES = 10_000;

  private final JsonGenerator json;
  private final Set<String> masked;
  private int left = MOST_VALUES;

  JsonSample(JsonGenerator json, Set<String> masked) {
    this.json = json;
    this.masked = masked;
  }

  /** Writes the members of a record into the object that is open. */
  void writeMembers(@Nullable Object record) throws Throwable {
    writeMembers(record, null, 0);
  }

  /**
   * Writes members into the object that is open.
   *
   * @param owner the places that the record may be at, as far as something there is masked; null
   *     for a whole row
   */
  private void writeMembers(@Nullable Object record, @Nullable List<String> owner, int depth)
      throws Throwable {
    if (record instanceof IndexedRecord avro) {
      for (Schema.Field field : avro.getSchema().getFields()) {
        Object value = avro.get(field.pos());
        writeMember(field.name(), value, fieldOf(owner, field.name()), depth);
      }
    } else if (record instanceof Map<?, ?> map) {
      int room = LONGEST_LIST;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (depth > 0 && room-- == 0) {
          json.writeStringField("...", "and more");
          break;
        }
        Object key = entry.getKey();
        String name = key instanceof CharSequence ? key.toString() : "<key that is no text>";
        List<String> places = new ArrayList<>(fieldOf(owner, name));
        if (owner != null) {
          // A map inside of a column may be a record or a map of the contract.
          places.addAll(below(owner, "{}"));
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
    return owner == null ? List.of(name) : below(owner, "." + name);
  }

  /** Places below others, if something there is masked. */
  private List<String> below(List<String> places, String step) {
    return places.stream()
        .map(place -> place + step)
        .filter(place -> masked.stream().anyMatch(path -> path.startsWith(place)))
        .toList();
  }

  private void writeMember(String name, @Nullable Object value, List<String> places, int depth)
      throws Throwable {
    json.writeFieldName(JsonRow.wellFormed(JsonRow.cut(name, JsonRow.LONGEST_TEXT)));
    writeSample(value, places, depth);
  }

  private void writeSample(@Nullable Object value, List<String> places, int depth)
      throws Throwable {
    Object content = value instanceof Optional<?> some ? some.orElse(null) : value;
    if (places.stream().anyMatch(masked::contains)) {
      json.writeString(JsonRow.MASK);
    } else if (left-- <= 0) {
      json.writeString("...");
    } else if (content == null || depth >= DEEPEST) {
      JsonRow.write(json, content, JsonRow.LONGEST_TEXT);
    } else if (content instanceof IndexedRecord
        || content instanceof Map
        || content.getClass().isRecord()) {
      json.writeStartObject();
      writeMembers(content, places, depth + 1);
      json.writeEndObject();
    } else if (content instanceof Collection<?> elements) {
      writeElements(elements.iterator(), below(places, "[]"), depth);
    } else if (content.getClass().isArray() && !(content instanceof byte[])) {
      Iterator<Object> elements =
          IntStream.range(0, Array.getLength(content))
              .mapToObj(i -> Array.get(content, i))
              .iterator();
      writeElements(elements, below(places, "[]"), depth);
    } else {
      JsonRow.write(json, content, JsonRow.LONGEST_TEXT);
    }
  }

  private void writeElements(Iterator<?> elements, List<String> places, int depth)
      throws Throwable {
    json.writeStartArray();
    for (int room = LONGEST_LIST; elements.hasNext(); room--) {
      if (room == 0) {
        json.writeString("...");
        break;
      }
      writeSample(elements.next(), places, depth + 1);
    }
    json.writeEndArray();
  }
}
