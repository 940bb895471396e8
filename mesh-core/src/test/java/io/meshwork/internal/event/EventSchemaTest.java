package io.meshwork.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventSchemaSample.Property;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.request.Suggestion;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Compares the properties that {@code event-1.json} declares for details with the accessors of
 * {@link EventDetails}: changes one property of complete details after the other, and compares what
 * the accessors return.
 */
class EventSchemaTest {
  private static final String NOTHING = "nothing";

  /** Properties that no accessor returns; {@link MeshEvent#json()} has them. */
  private static final Map<String, String> WITHOUT_ACCESSOR =
      Map.of(
          "TableCommit.table", "the event's subject and the major version identify the table",
          "TableCommit.main", "an empty mode says the same",
          "TableCommit.snapshots", "of engines only; readers see the last of these snapshots",
          "TableCommit.filesCompacted", "of compaction only, which changes no row",
          "TableCommit.stagedAs", "links to the entry of the staged publish",
          "TableCommit.stagedErased", "of staged rows, not of the product's");

  /** Properties whose accessors have other names. */
  private static final Map<String, Set<String>> RENAMED =
      Map.of(
          "TableCommit.contractVersion", Set.of("contract"), // of an input, which is public
          "RightsCommit.event", Set.of("type"));

  /** Constants that no event has. */
  private static final Map<Enum<?>, String> NEVER_LOGGED =
      Map.of(
          ContractVersion.Verdict.NONE, "a contract without a change is not logged",
          ContractVersion.Verdict.MAJOR, "needs a new major version",
          ContractVersion.Verdict.REFUSED, "is rejected",
          Suggestion.State.OPEN, "no answer makes it open",
          Suggestion.State.WITHDRAWN, "has an event of another type");

  private final Set<String> unread = new TreeSet<>();
  private final Map<String, Set<String>> renamed = new TreeMap<>();
  private final Set<String> converted = new TreeSet<>();
  private final Set<String> unknown = new TreeSet<>();

  /** The values that each accessor of each kind of details returned. */
  private final Map<String, Set<Object>> returned = new TreeMap<>();

  @BeforeEach
  void changeEachProperty() throws IOException {
    EventSchemaSample schema = EventSchemaSample.read();
    for (EventSchemaSample.Details details : schema.details()) {
      for (String type : details.types()) {
        changeEachProperty(schema, type, details.schema());
      }
    }
  }

  private void changeEachProperty(EventSchemaSample schema, String type, JsonNode definition) {
    JsonNode sample = schema.value(definition, 0);
    Map<String, Object> before = values(type, sample);
    String kind = kind(EventDetailsCodec.read(MeshEvent.Type.of(type), sample));
    for (Property property : schema.properties(definition)) {
      String name = kind + "." + property.name();
      boolean isRead = false;
      for (JsonNode other : schema.others(property.schema())) {
        Map<String, Object> after = values(type, changed(sample, property.at(), other));
        Map<String, Object> changes = changes(before, after);
        isRead |= !changes.isEmpty();
        compare(name, property, schema.typeOf(property.schema()), changes);
      }
      if (!isRead) {
        unread.add(name);
      }
    }
  }

  private void compare(String name, Property property, String type, Map<String, Object> changes) {
    Set<String> accessors = new TreeSet<>();
    for (String path : changes.keySet()) {
      String accessor = accessor(path);
      accessors.add(accessor.substring(accessor.lastIndexOf('.') + 1));
    }
    if (changes.isEmpty()) {
      return;
    }
    if (!accessors.contains(property.name())) {
      renamed.computeIfAbsent(name, any -> new TreeSet<>()).addAll(accessors);
    }
    if (changes.values().stream().noneMatch(value -> isOfType(type, value))) {
      converted.add(name);
    }
  }

  private static boolean isOfType(String type, Object value) {
    return switch (type) {
      case "integer" -> value instanceof Integer || value instanceof Long;
      case "number" -> value instanceof Double;
      case "boolean" -> value instanceof Boolean;
      default ->
          value instanceof String
              || value instanceof Enum<?>
              || value instanceof Instant
              || value instanceof LocalDate
              || value instanceof Duration
              || value instanceof ContractVersion
              || value instanceof ProductName;
    };
  }

  private static JsonNode changed(JsonNode sample, JsonPointer at, JsonNode value) {
    JsonNode changed = sample.deepCopy();
    JsonNode parent = changed.at(at.head());
    if (parent instanceof ArrayNode array) {
      array.set(at.last().getMatchingIndex(), value);
    } else {
      ((ObjectNode) parent).set(at.last().getMatchingProperty(), value);
    }
    return changed;
  }

  private static Map<String, Object> changes(
      Map<String, Object> before, Map<String, Object> after) {
    Map<String, Object> changes = new TreeMap<>();
    after.forEach(
        (path, value) -> {
          if (!value.equals(before.get(path))) {
            changes.put(path, value);
          }
        });
    return changes;
  }

  /** Returns what the accessors return, by their path. */
  private Map<String, Object> values(String type, JsonNode json) {
    EventDetails details = EventDetailsCodec.read(MeshEvent.Type.of(type), json);
    if (details instanceof EventDetails.UnknownDetails) {
      unknown.add(type + " " + json);
    }
    Map<String, Object> values = new TreeMap<>();
    addValues("", details, values);
    values.forEach(
        (path, value) ->
            returned
                .computeIfAbsent(kind(details) + accessor(path), any -> new HashSet<>())
                .add(value));
    return values;
  }

  /** Returns a path without the indexes of lists and the keys of maps. */
  private static String accessor(String path) {
    return path.replaceAll("\\[[^]]*]", "");
  }

  private static void addValues(String path, Object value, Map<String, Object> values) {
    if (value instanceof Optional<?> optional) {
      addValues(path, optional.isPresent() ? optional.get() : NOTHING, values);
    } else if (value instanceof OptionalInt optional) {
      values.put(path, optional.isPresent() ? (Object) optional.getAsInt() : NOTHING);
    } else if (value instanceof OptionalDouble optional) {
      values.put(path, optional.isPresent() ? (Object) optional.getAsDouble() : NOTHING);
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        addValues(path + "[" + i + "]", list.get(i), values);
      }
      if (list.isEmpty()) {
        values.put(path, NOTHING);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> addValues(path + "[" + key + "]", each, values));
    } else if (value instanceof Record fields
        && (value instanceof PublishReceipt.Input
            || value.getClass().getPackageName().equals("io.meshwork.internal.event"))) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        addValues(path + "." + component.getName(), valueOf(component, fields), values);
      }
    } else {
      values.put(path, value);
    }
  }

  private static Object valueOf(RecordComponent component, Record fields) {
    try {
      return component.getAccessor().invoke(fields);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError("Cannot read " + component, e);
    }
  }

  /** Returns the name of the type that users know. */
  private static String kind(EventDetails details) {
    Class<?> api = details.getClass().getInterfaces()[0];
    return (api == EventDetails.class ? details.getClass() : api).getSimpleName();
  }

  @Test
  void eachDeclaredPropertyIsReadAndEachAccessorHasAProperty() {
    Set<String> constant = new TreeSet<>();
    returned.forEach(
        (accessor, values) -> {
          if (values.size() < 2 && returned.keySet().stream().noneMatch(isBelow(accessor))) {
            constant.add(accessor);
          }
        });

    assertThat(unknown).as("details that are not read").isEmpty();
    assertThat(unread).as("properties without accessor").isEqualTo(WITHOUT_ACCESSOR.keySet());
    assertThat(constant).as("accessors that no property changes").isEmpty();
    assertThat(returned).hasSizeGreaterThan(100);
  }

  private static Predicate<String> isBelow(String accessor) {
    return other -> other.startsWith(accessor + ".");
  }

  @Test
  void propertiesAndAccessorsHaveTheSameNamesAndTypes() {
    assertThat(renamed)
        .as("accessors with other names")
        .containsExactlyInAnyOrderEntriesOf(RENAMED);
    assertThat(converted).as("accessors of other types").isEmpty();
  }

  @Test
  void everyConstantIsInTheSchema() {
    List<Enum<?>> missing = new ArrayList<>();
    int compared = 0;
    for (Set<Object> values : returned.values()) {
      Class<?> constants =
          values.stream()
              .filter(value -> value instanceof Enum<?>)
              .findFirst()
              .<Class<?>>map(value -> ((Enum<?>) value).getDeclaringClass())
              .orElse(null);
      if (constants != null && constants != MeshEvent.Type.class) {
        compared++;
        for (Object constant : constants.getEnumConstants()) {
          if (!values.contains(constant)) {
            missing.add((Enum<?>) constant);
          }
        }
      }
    }

    assertThat(compared).isGreaterThanOrEqualTo(8);
    assertThat(missing).containsExactlyInAnyOrderElementsOf(NEVER_LOGGED.keySet());
  }

  @Test
  void everyKindOfDetailsIsInTheSchema() {
    Set<String> kinds = new TreeSet<>();
    for (Class<?> kind : EventDetails.class.getPermittedSubclasses()) {
      if (!kind.equals(EventDetails.NoDetails.class)
          && !kind.equals(EventDetails.UnknownDetails.class)) {
        kinds.add(kind.getSimpleName());
      }
    }
    Set<String> declared = new TreeSet<>();
    returned.keySet().forEach(accessor -> declared.add(accessor.split("\\.", 2)[0]));

    assertThat(declared).isEqualTo(kinds);
  }
}
