package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.error.Finding;
import io.meshwork.product.Names;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk over the raw JSON of a schema, with a stack of its own instead of recursion. A named
 * type is expanded at each place that names it, so that leaves are counted as columns; what is
 * wrong inside of it is told once. Used once.
 */
final class SchemaWalk {
  /** The code of findings about depth and number of columns. */
  static final String TOO_LARGE = "DEPTH";

  private static final Set<String> PRIMITIVES =
      Set.of("null", "boolean", "int", "long", "float", "double", "bytes", "string");
  private static final Set<String> NAMED = Set.of("record", "error", "enum", "fixed");
  private static final List<String> CLASS_PROPERTIES =
      List.of("java-class", "java-key-class", "java-element-class");

  private final int tableFormat;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, ObjectNode> types = new HashMap<>();
  private final Deque<Place> open = new ArrayDeque<>();
  private int leaves;

  SchemaWalk(int tableFormat) {
    this.tableFormat = tableFormat;
  }

  /** The records around a place, innermost first. */
  private record Around(String name, @Nullable Around outer) {
    static boolean holds(@Nullable Around around, String name) {
      for (Around a = around; a != null; a = a.outer) {
        if (a.name.equals(name)) {
          return true;
        }
      }
      return false;
    }
  }

  /** A type still to be judged. */
  private record Place(
      JsonNode type,
      String path,
      int depth,
      String namespace,
      @Nullable Around around,
      boolean inUnion,
      boolean told,
      @Nullable JsonNode defaultValue) {
    Place inside(JsonNode inner, String suffix) {
      return new Place(inner, path + suffix, depth + 1, namespace, around, false, told, null);
    }
  }

  static Finding tooDeep(String path) {
    return Finding.error(
        TOO_LARGE,
        path,
        "The schema nests deeper than "
            + LegalSchema.MAX_DEPTH
            + (path.isEmpty() ? "" : " at " + path)
            + ".",
        "Flatten it.");
  }

  List<Finding> findings(JsonNode root) {
    String type = root.path("type").asText();
    if (!root.isObject() || !type.equals("record")) {
      return List.of(
          Finding.error(
              "NOT_A_RECORD",
              "",
              "The top level of the schema is not a record.",
              "Wrap it in a named Avro record."));
    }
    open.push(new Place(root, "", 0, "", null, false, false, null));
    while (!open.isEmpty()) {
      Place place = open.pop();
      if (leaves > LegalSchema.MAX_LEAVES) {
        break;
      }
      if (place.depth > LegalSchema.MAX_DEPTH) {
        findings.add(tooDeep(place.path));
        leaves++;
      } else {
        judge(place);
      }
    }
    if (leaves > LegalSchema.MAX_LEAVES) {
      add(
          TOO_LARGE,
          "",
          "The schema has more than " + LegalSchema.MAX_LEAVES + " leaf columns",
          "Split it into several products.");
    }
    return List.copyOf(findings);
  }

  private void judge(Place place) {
    JsonNode type = place.type;
    if (type.isArray()) {
      union(place);
    } else if (type.isTextual()) {
      named(place, type.asText());
    } else if (type instanceof ObjectNode object) {
      classProperties(place, object);
      object(place, object);
    } else {
      tell(place, "TYPE_UNKNOWN", "has no type", "Give it an Avro type.");
      leaves++;
    }
  }

  private void union(Place place) {
    JsonNode branches = place.type;
    int nulls = 0;
    @Nullable JsonNode value = null;
    for (JsonNode branch : branches) {
      if (isNull(branch)) {
        nulls++;
      } else {
        value = branch;
      }
    }
    if (place.inUnion || branches.size() != 2 || nulls != 1 || value == null || value.isArray()) {
      tell(
          place,
          "TYPE_UNION",
          "is a union that is not of null and one type",
          "Use [\"null\", T] or [T, \"null\"].");
      leaves++;
      return;
    }
    @Nullable JsonNode defaultValue = place.defaultValue;
    if (defaultValue != null && isNull(branches.get(0))) {
      if (!defaultValue.isNull()) {
        illegalDefault(place, "of a union that starts with null is not null");
      }
      defaultValue = null;
    }
    open.push(
        new Place(
            value,
            place.path,
            place.depth,
            place.namespace,
            place.around,
            true,
            place.told,
            defaultValue));
  }

  private static boolean isNull(JsonNode type) {
    return (type.isTextual() && type.asText().equals("null"))
        || (type.isObject()
            && type.path("type").isTextual()
            && type.path("type").asText().equals("null"));
  }

  /** A primitive by its name, or a reference to a named type. */
  private void named(Place place, String name) {
    if (PRIMITIVES.contains(name)) {
      primitive(place, name, null);
      return;
    }
    String full = fullName(name, place.namespace);
    if (!types.containsKey(full) && !name.contains(".") && types.containsKey(name)) {
      full = name;
    }
    ObjectNode definition = types.get(full);
    if (Around.holds(place.around, full)) {
      tell(
          place,
          "TYPE_RECURSIVE",
          "contains the record " + Names.shown(full) + " in itself",
          "Name the other row by a key column instead.");
      leaves++;
    } else if (definition == null) {
      tell(
          place,
          "TYPE_UNKNOWN",
          "has the type '" + Names.shown(name) + "', which is not defined before",
          "Define it at its first use.");
      leaves++;
    } else {
      expand(place, definition, full, true);
    }
  }

  private void object(Place place, ObjectNode object) {
    JsonNode kind = object.path("type");
    if (!kind.isTextual()) {
      // {"type": {...}} and {"type": [...]} only wrap, which Avro takes of a field and nowhere
      // else.
      if (!kind.isMissingNode()) {
        wrapped(place);
      }
      if (object.has("logicalType")) {
        illegalLogical(place, object.path("logicalType").asText());
      }
      open.push(
          new Place(
              kind,
              place.path,
              place.depth + 1,
              place.namespace,
              place.around,
              place.inUnion,
              place.told,
              place.defaultValue));
      return;
    }
    String name = kind.asText();
    if (NAMED.contains(name)) {
      define(place, object, name);
    } else if (name.equals("array") || name.equals("map")) {
      container(place, object, name.equals("array"));
    } else if (PRIMITIVES.contains(name)) {
      primitive(place, name, object);
    } else {
      if (object.has("logicalType")) {
        illegalLogical(place, object.path("logicalType").asText());
      }
      if (types.containsKey(fullName(name, place.namespace)) || types.containsKey(name)) {
        wrapped(place);
      }
      named(place, name);
    }
  }

  private void wrapped(Place place) {
    tell(
        place,
        "TYPE_UNKNOWN",
        "has its type inside of an object that is no type itself",
        "Leave out the outer {\"type\": ...}.");
  }

  private void container(Place place, ObjectNode object, boolean array) {
    if (object.has("logicalType")) {
      illegalLogical(place, object.path("logicalType").asText());
    }
    checkDefault(place, object);
    JsonNode inner = object.get(array ? "items" : "values");
    if (inner == null) {
      tell(place, "TYPE_UNKNOWN", "does not say what it holds", "Give items or values.");
      leaves++;
      return;
    }
    if (!array) {
      leaves++; // the keys are a column of their own
    }
    open.push(place.inside(inner, array ? "[]" : "{}"));
  }

  private void primitive(Place place, String name, @Nullable ObjectNode object) {
    leaves++;
    if (name.equals("null")) {
      tell(place, "TYPE_NULL", "has the bare type null", "Use [\"null\", T].");
      return;
    }
    JsonNode definition = object == null ? TextNode.valueOf(name) : object;
    if (object != null) {
      logical(place, object, name);
    }
    checkDefault(place, definition);
  }

  private void define(Place place, ObjectNode object, String kind) {
    String name = object.path("name").isTextual() ? object.get("name").asText() : null;
    String namespace =
        object.path("namespace").isTextual() ? object.get("namespace").asText() : place.namespace;
    String full = fullName(name == null ? "" : name, namespace);
    boolean ofPrimitive = PRIMITIVES.contains(full); // such a type could never be named again
    boolean ofParts =
        name != null
            && hasLegalParts(object, name)
            && LegalNames.isLegal(name.substring(name.lastIndexOf('.') + 1));
    if (ofPrimitive || !ofParts) {
      addNew(place, LegalNames.illegal(place.path, name == null ? null : full));
    }
    if (types.containsKey(full) && !place.told) {
      tell(
          place,
          "NAME_DUPLICATE",
          "defines the type " + Names.shown(full) + " again",
          "Give each named type a name of its own.");
    }
    types.putIfAbsent(full, object);
    if (!kind.equals("fixed") && object.has("logicalType")) {
      illegalLogical(place, object.path("logicalType").asText());
    }
    expand(place, object, full, false);
  }

  /** Judges the name and the namespace beside it; one from around was judged where it stands. */
  private static boolean hasLegalParts(ObjectNode object, String name) {
    String own = object.path("namespace").asText();
    for (String part : fullName(name, own).split("\\.", -1)) {
      if (!LegalNames.hasLegalForm(part)) {
        return false;
      }
    }
    return true;
  }

  private void expand(Place place, ObjectNode object, String full, boolean again) {
    boolean told = place.told || again;
    String kind = object.path("type").asText();
    checkDefault(place, object);
    if (kind.equals("enum")) {
      leaves++;
      symbols(place, object);
    } else if (kind.equals("fixed")) {
      leaves++;
      JsonNode size = object.path("size");
      if (!size.canConvertToInt() || !size.isIntegralNumber() || size.asInt() < 1) {
        tell(place, "TYPE_UNKNOWN", "is a fixed without a positive size", "Give its size.");
      }
      if (object.has("logicalType")) {
        logical(place, object, kind);
      }
    } else {
      int dot = full.lastIndexOf('.');
      String namespace = dot < 0 ? "" : full.substring(0, dot);
      Place inner =
          new Place(
              object,
              place.path,
              place.depth,
              namespace,
              new Around(full, place.around),
              false,
              told,
              null);
      fields(inner, object);
    }
  }

  private void fields(Place record, ObjectNode object) {
    JsonNode fields = object.path("fields");
    if (!fields.isArray() || fields.isEmpty()) {
      tell(record, "TYPE_EMPTY_RECORD", "is a record without fields", "Give it a field.");
      leaves++;
      return;
    }
    if (fields.size() > LegalSchema.MAX_LEAVES) {
      leaves = LegalSchema.MAX_LEAVES;
    }
    Set<String> names = new HashSet<>();
    Map<String, String> folded = new HashMap<>();
    List<Place> places = new ArrayList<>();
    for (JsonNode field : fields) {
      String name = field.path("name").isTextual() ? field.get("name").asText() : null;
      String shown = Names.shown(name == null ? "?" : name);
      String path = record.path.isEmpty() ? shown : record.path + "." + shown;
      Place place =
          new Place(
              field.path("type"),
              path,
              record.depth + 1,
              record.namespace,
              record.around,
              false,
              record.told,
              field.get("default"));
      if (name == null || !LegalNames.isLegal(name)) {
        addNew(place, LegalNames.illegal(path, name));
      } else if (!names.add(name)) {
        tell(place, "NAME_DUPLICATE", "is named twice", "Give each column a name of its own.");
      } else {
        String twin = folded.put(name.toLowerCase(Locale.ROOT), name);
        if (twin != null) {
          tell(
              place,
              "NAME_ILLEGAL",
              "differs from its sibling " + twin + " only by case",
              "Choose names that differ by more than case.");
        }
      }
      fieldProperties(place, field);
      places.add(place);
    }
    for (int i = places.size() - 1; i >= 0; i--) {
      open.push(places.get(i));
    }
  }

  private void fieldProperties(Place place, JsonNode field) {
    if (field.has("logicalType")) {
      tell(
          place,
          "TYPE_LOGICAL",
          "has a logical type beside its type, where Avro ignores it",
          "Write {\"type\": {\"type\": ..., \"logicalType\": ...}}.");
    }
    if (field instanceof ObjectNode object) {
      classProperties(place, object);
    }
  }

  private void symbols(Place place, ObjectNode object) {
    Set<String> symbols = new HashSet<>();
    for (JsonNode symbol : object.path("symbols")) {
      if (!LegalNames.hasLegalForm(symbol.asText())) {
        addNew(place, LegalNames.illegal(place.path, symbol.asText()));
      } else if (!symbols.add(symbol.asText())) {
        tell(place, "NAME_DUPLICATE", "lists an enum symbol twice", "List each symbol once.");
      }
    }
    if (symbols.isEmpty()) {
      tell(place, "TYPE_UNKNOWN", "is an enum without symbols", "List its symbols.");
    }
    JsonNode fallback = object.get("default");
    if (fallback != null && !symbols.contains(fallback.asText())) {
      illegalDefault(place, "of the enum is none of its symbols");
    }
  }

  private void logical(Place place, ObjectNode object, String base) {
    JsonNode logical = object.get("logicalType");
    if (logical == null) {
      return;
    }
    String name = logical.isTextual() ? logical.asText() : "?";
    String gap = LogicalBase.gap(name, base, object);
    if (gap != null) {
      tell(
          place,
          "TYPE_LOGICAL",
          "has the logical type '" + Names.shown(name) + "': " + gap,
          "Use a logical type of Avro on its own base, decimals of at most 38 digits.");
    } else if (name.endsWith("-nanos") && tableFormat < 3) {
      tell(
          place,
          "FORMAT_V3_REQUIRED",
          "has nanosecond timestamps, which need table format 3 and this is format " + tableFormat,
          "Use microseconds.");
    }
  }

  private void illegalLogical(Place place, String name) {
    tell(
        place,
        "TYPE_LOGICAL",
        "has the logical type '" + Names.shown(name) + "' on a base that cannot carry it",
        "Use a logical type of Avro on its own base.");
  }

  private void checkDefault(Place place, JsonNode definition) {
    if (place.defaultValue == null) {
      return;
    }
    if (!new DefaultFit(types).fits(place.defaultValue, definition, place.namespace)) {
      illegalDefault(place, "does not fit its type");
    }
  }

  private void illegalDefault(Place place, String why) {
    tell(place, "DEFAULT_ILLEGAL", "has a default that " + why, "Give a default of the type.");
  }

  private void classProperties(Place place, ObjectNode object) {
    for (String property : CLASS_PROPERTIES) {
      if (object.has(property)) {
        tell(
            place,
            "CLASS_LOADING_REFUSED",
            "carries the property " + property + ", which names a class to load",
            "Remove the property.");
      }
    }
  }

  static String fullName(String name, String namespace) {
    return name.contains(".") || namespace.isEmpty() ? name : namespace + "." + name;
  }

  private void tell(Place place, String code, String what, String mend) {
    if (!place.told) {
      add(code, place.path, (place.path.isEmpty() ? "The record " : place.path + " ") + what, mend);
    }
  }

  private void addNew(Place place, Finding finding) {
    if (!place.told) {
      findings.add(finding);
    }
  }

  private void add(String code, String path, String what, String mend) {
    findings.add(Finding.error(code, path, what + ".", mend));
  }
}
