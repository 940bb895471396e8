package io.meshwork.internal.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Schemas of all kinds from a seed, and typical changes of schemas, one at a time. */
final class ChangingSchemas {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> PRIMITIVES =
      List.of("boolean", "int", "long", "float", "double", "string", "bytes");
  private static final List<String> LOGICAL =
      List.of(
          "int date",
          "int time-millis",
          "long time-micros",
          "long timestamp-millis",
          "long timestamp-micros",
          "long timestamp-nanos",
          "long local-timestamp-micros",
          "string uuid");

  private final Random random;
  private final List<String> defined = new ArrayList<>();
  private int names;

  ChangingSchemas(long seed) {
    this.random = new Random(seed);
  }

  ObjectNode schema(int depth) {
    return record("Row", depth);
  }

  private ObjectNode record(String name, int depth) {
    ObjectNode record = named("record", name);
    ArrayNode fields = record.putArray("fields");
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      fields.add(field("f" + i, depth - 1));
    }
    if (!name.equals("Row")) {
      defined.add(name);
    }
    return record;
  }

  private ObjectNode field(String name, int depth) {
    ObjectNode field = JSON.objectNode().put("name", name);
    JsonNode type = type(depth);
    switch (random.nextInt(4)) {
      case 0 -> field.set("type", type);
      case 1 -> {
        field.set("type", type);
        JsonNode filling = filling(type);
        if (filling != null) {
          field.set("default", filling);
        }
      }
      case 2 -> {
        field.set("type", union(type, true));
        field.putNull("default");
      }
      default -> field.set("type", union(type, random.nextBoolean()));
    }
    return field;
  }

  private JsonNode type(int depth) {
    int kinds = depth > 0 ? 12 : 8;
    return switch (random.nextInt(kinds)) {
      case 0, 1, 2 -> TextNode.valueOf(one(PRIMITIVES));
      case 3 -> logical();
      case 4 -> decimal(random.nextBoolean());
      case 5, 6 -> enumeration();
      case 7 ->
          defined.isEmpty()
              ? named("fixed", next("F")).put("size", 1 + random.nextInt(3))
              : TextNode.valueOf(one(defined));
      case 8, 9 -> record(next("R"), depth);
      case 10 -> container("array", "items", depth);
      default -> container("map", "values", depth);
    };
  }

  private ObjectNode container(String kind, String key, int depth) {
    ObjectNode container = JSON.objectNode().put("type", kind);
    JsonNode inner = type(depth - 1);
    container.set(key, random.nextInt(3) == 0 ? union(inner, random.nextBoolean()) : inner);
    return container;
  }

  private ObjectNode enumeration() {
    ObjectNode type = named("enum", next("E"));
    type.putArray("symbols").add("A").add("B").add("C");
    if (random.nextBoolean()) {
      type.put("default", "A");
    }
    defined.add(type.get("name").asText());
    return type;
  }

  private ObjectNode decimal(boolean fixed) {
    ObjectNode type = fixed ? named("fixed", next("D")).put("size", 8) : JSON.objectNode();
    if (!fixed) {
      type.put("type", "bytes");
    }
    return type.put("logicalType", "decimal")
        .put("precision", 4 + random.nextInt(3))
        .put("scale", random.nextInt(3));
  }

  private ObjectNode logical() {
    String[] parts = one(LOGICAL).split(" ");
    return JSON.objectNode().put("type", parts[0]).put("logicalType", parts[1]);
  }

  private static ArrayNode union(JsonNode type, boolean nullFirst) {
    ArrayNode union = JSON.arrayNode();
    return nullFirst ? union.add("null").add(type) : union.add(type).add("null");
  }

  private ObjectNode named(String kind, String name) {
    return JSON.objectNode().put("type", kind).put("name", name);
  }

  private String next(String prefix) {
    return prefix + names++;
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  /** Returns a valid default of the type; null if there is no generator for it. */
  private JsonNode filling(JsonNode type) {
    String kind = type.isObject() ? type.path("type").asText() : type.asText();
    if (type.path("logicalType").asText().equals("decimal") || type.path("size").isInt()) {
      return null;
    }
    return switch (kind) {
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      case "int", "long" -> JSON.numberNode(random.nextInt(9));
      case "float", "double" -> JSON.numberNode(0.5);
      case "string" ->
          JSON.textNode(type.isObject() ? "123e4567-e89b-12d3-a456-426614174000" : "a");
      case "bytes" -> JSON.textNode("b");
      case "enum" -> JSON.textNode("B");
      case "array" -> JSON.arrayNode();
      case "map" -> JSON.objectNode();
      default -> null;
    };
  }

  /** Returns a schema that differs by one change, which may make it illegal. */
  ObjectNode changed(ObjectNode schema) {
    ObjectNode copy = schema.deepCopy();
    List<ObjectNode> records = new ArrayList<>();
    List<ObjectNode> slots = new ArrayList<>();
    List<ObjectNode> types = new ArrayList<>();
    collect(copy, records, slots, types);
    ObjectNode record = one(records);
    ArrayNode fields = (ArrayNode) record.get("fields");
    ObjectNode field = (ObjectNode) fields.get(random.nextInt(fields.size()));
    ObjectNode slot = one(slots);
    switch (random.nextInt(18)) {
      case 0, 1, 2 -> fields.insert(random.nextInt(fields.size() + 1), field(next("n"), 1));
      case 3 -> fields.remove(fields.size() > 1 ? random.nextInt(fields.size()) : 1);
      case 4 -> rename(field);
      case 5 -> fields.insert(0, fields.remove(fields.size() - 1));
      case 6 -> slot.set(key(slot), type(1));
      case 7 -> toggleNull(slot);
      case 8 -> widen(slot);
      case 9 -> field.put("doc", next("doc "));
      case 10 -> field.put("meshwork.note", next("note "));
      case 11 -> field.putArray("aliases").add(random.nextInt(4) > 0 ? next("a") : "f1");
      case 12 -> redefault(field);
      case 13 -> copy.put("namespace", next("space"));
      default -> detail(one(types));
    }
    return copy;
  }

  private void rename(ObjectNode field) {
    if (random.nextBoolean()) {
      field.putArray("aliases").add(field.get("name").asText());
    }
    field.put("name", next("n"));
  }

  private void toggleNull(ObjectNode slot) {
    JsonNode type = slot.get(key(slot));
    if (type.isArray() && random.nextBoolean()) {
      slot.set(key(slot), type.get(type.get(0).asText().equals("null") ? 1 : 0));
    } else if (type.isArray()) {
      slot.set(key(slot), JSON.arrayNode().add(type.get(1)).add(type.get(0)));
      slot.remove("default");
    } else {
      slot.set(key(slot), union(type, random.nextBoolean()));
    }
    if (slot.has("default") && random.nextBoolean()) {
      slot.remove("default");
    }
  }

  private void widen(ObjectNode slot) {
    String wider =
        switch (slot.get(key(slot)).asText()) {
          case "int" -> "long";
          case "long" -> random.nextBoolean() ? "int" : "double";
          case "float" -> "double";
          case "double" -> "float";
          case "string" -> "bytes";
          case "bytes" -> "string";
          default -> "";
        };
    if (!wider.isEmpty()) {
      slot.put(key(slot), wider);
    }
  }

  private void redefault(ObjectNode field) {
    JsonNode filling = filling(field.get("type"));
    if (field.has("default") && random.nextBoolean()) {
      field.remove("default");
    } else if (filling != null) {
      field.set("default", filling);
    }
  }

  /** Changes a detail of a type that has parts. */
  private void detail(ObjectNode type) {
    String kind = type.path("type").asText();
    if (type.path("logicalType").asText().equals("decimal")) {
      String digits = random.nextBoolean() ? "precision" : "scale";
      type.put(digits, type.get(digits).asInt() + random.nextInt(3) - 1);
    } else if (kind.equals("enum")) {
      enumDetail(type);
    } else if (kind.equals("fixed") && random.nextInt(3) == 0) {
      type.put("size", type.get("size").asInt() + 1);
    } else if (type.has("name") && random.nextInt(3) == 0) {
      String old = type.get("name").asText();
      if (random.nextBoolean()) {
        type.putArray("aliases").add(old);
      }
      type.put("name", next("N"));
    } else if (type.has("name")) {
      type.put("doc", next("doc "));
    } else if (type.has("logicalType")) {
      type.put("logicalType", one(LOGICAL).split(" ")[1]);
    } else {
      type.put("note", next("note "));
    }
  }

  private void enumDetail(ObjectNode type) {
    ArrayNode symbols = (ArrayNode) type.get("symbols");
    switch (random.nextInt(5)) {
      case 0, 1 -> symbols.insert(random.nextInt(symbols.size() + 1), next("S"));
      case 2 -> symbols.remove(symbols.size() > 1 ? symbols.size() - 1 : 1);
      case 3 -> symbols.insert(0, symbols.remove(symbols.size() - 1));
      default -> {
        if (type.has("default")) {
          type.remove("default");
        } else {
          type.put("default", symbols.get(0).asText());
        }
      }
    }
  }

  private static String key(ObjectNode slot) {
    return slot.has("items") ? "items" : slot.has("values") ? "values" : "type";
  }

  /** Collects all records, all nodes that hold a type, and all types written as objects. */
  private static void collect(
      JsonNode node, List<ObjectNode> records, List<ObjectNode> slots, List<ObjectNode> types) {
    if (node.isArray()) {
      node.forEach(branch -> collect(branch, records, slots, types));
    } else if (node instanceof ObjectNode type) {
      types.add(type);
      switch (type.path("type").asText()) {
        case "record" -> {
          records.add(type);
          for (JsonNode field : type.get("fields")) {
            slots.add((ObjectNode) field);
            collect(field.get("type"), records, slots, types);
          }
        }
        case "array", "map" -> {
          slots.add(type);
          collect(type.get(key(type)), records, slots, types);
        }
        default -> {
          // a primitive type has no parts
        }
      }
    }
  }
}
