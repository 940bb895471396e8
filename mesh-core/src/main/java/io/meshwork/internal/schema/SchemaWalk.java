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
  private static final Set<String> PRIMITIVES =
      Set.of("null", "boolean", "int", "long", "float", "double", "bytes", "string");
  private static final Set<String> NAMED = Set.of("record", "error", "enum", "fixed");

  private final SchemaFindings findings;
  private final Map<String, ObjectNode> types = new HashMap<>();
  private final Deque<SchemaPlace> open = new ArrayDeque<>();
  private int leaves;

  SchemaWalk(int tableFormat) {
    this.findings = new SchemaFindings(tableFormat);
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
    open.push(new SchemaPlace(root, "", 0, "", null, false, false, null));
    while (!open.isEmpty()) {
      SchemaPlace place = open.pop();
      if (leaves > LegalSchema.MAX_LEAVES) {
        break;
      }
      if (place.depth() > LegalSchema.MAX_DEPTH) {
        findings.tooDeep(place);
        leaves++;
      } else {
        judge(place);
      }
    }
    if (leaves > LegalSchema.MAX_LEAVES) {
      findings.tooManyLeaves();
    }
    return findings.all();
  }

  private void judge(SchemaPlace place) {
    JsonNode type = place.type();
    if (type.isArray()) {
      union(place);
    } else if (type.isTextual()) {
      named(place, type.asText());
    } else if (type instanceof ObjectNode object) {
      findings.classProperties(place, object);
      object(place, object);
    } else {
      findings.tell(place, "TYPE_UNKNOWN", "has no type", "Give it an Avro type.");
      leaves++;
    }
  }

  private void union(SchemaPlace place) {
    JsonNode branches = place.type();
    int nulls = 0;
    @Nullable JsonNode value = null;
    for (JsonNode branch : branches) {
      if (isNull(branch)) {
        nulls++;
      } else {
        value = branch;
      }
    }
    if (place.inUnion() || branches.size() != 2 || nulls != 1 || value == null || value.isArray()) {
      findings.tell(
          place,
          "TYPE_UNION",
          "is a union that is not of null and one type",
          "Use [\"null\", T] or [T, \"null\"].");
      leaves++;
      return;
    }
    @Nullable JsonNode defaultValue = place.defaultValue();
    if (defaultValue != null && isNull(branches.get(0))) {
      if (!defaultValue.isNull()) {
        findings.illegalDefault(place, "of a union that starts with null is not null");
      }
      defaultValue = null;
    }
    open.push(
        new SchemaPlace(
            value,
            place.path(),
            place.depth(),
            place.namespace(),
            place.around(),
            true,
            place.told(),
            defaultValue));
  }

  private static boolean isNull(JsonNode type) {
    return (type.isTextual() && type.asText().equals("null"))
        || (type.isObject()
            && type.path("type").isTextual()
            && type.path("type").asText().equals("null"));
  }

  /** A primitive by its name, or a reference to a named type. */
  private void named(SchemaPlace place, String name) {
    if (PRIMITIVES.contains(name)) {
      primitive(place, name, null);
      return;
    }
    String full = fullName(name, place.namespace());
    if (!types.containsKey(full) && !name.contains(".") && types.containsKey(name)) {
      full = name;
    }
    ObjectNode definition = types.get(full);
    if (SchemaPlace.Around.holds(place.around(), full)) {
      findings.tell(
          place,
          "TYPE_RECURSIVE",
          "contains the record " + Names.shown(full) + " in itself",
          "Name the other row by a key column instead.");
      leaves++;
    } else if (definition == null) {
      findings.tell(
          place,
          "TYPE_UNKNOWN",
          "has the type '" + Names.shown(name) + "', which is not defined before",
          "Define it at its first use.");
      leaves++;
    } else {
      expand(place, definition, full, true);
    }
  }

  private void object(SchemaPlace place, ObjectNode object) {
    JsonNode kind = object.path("type");
    if (!kind.isTextual()) {
      // {"type": {...}} and {"type": [...]} only wrap, which Avro takes of a field and nowhere
      // else.
      if (!kind.isMissingNode()) {
        findings.wrapped(place);
      }
      if (object.has("logicalType")) {
        findings.illegalLogical(place, object.path("logicalType").asText());
      }
      open.push(
          new SchemaPlace(
              kind,
              place.path(),
              place.depth() + 1,
              place.namespace(),
              place.around(),
              place.inUnion(),
              place.told(),
              place.defaultValue()));
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
        findings.illegalLogical(place, object.path("logicalType").asText());
      }
      if (types.containsKey(fullName(name, place.namespace())) || types.containsKey(name)) {
        findings.wrapped(place);
      }
      named(place, name);
    }
  }

  private void container(SchemaPlace place, ObjectNode object, boolean array) {
    if (object.has("logicalType")) {
      findings.illegalLogical(place, object.path("logicalType").asText());
    }
    checkDefault(place, object);
    JsonNode inner = object.get(array ? "items" : "values");
    if (inner == null) {
      findings.tell(place, "TYPE_UNKNOWN", "does not say what it holds", "Give items or values.");
      leaves++;
      return;
    }
    if (!array) {
      leaves++; // the keys are a column of their own
    }
    open.push(place.inside(inner, array ? "[]" : "{}"));
  }

  private void primitive(SchemaPlace place, String name, @Nullable ObjectNode object) {
    leaves++;
    if (name.equals("null")) {
      findings.tell(place, "TYPE_NULL", "has the bare type null", "Use [\"null\", T].");
      return;
    }
    JsonNode definition = object == null ? TextNode.valueOf(name) : object;
    if (object != null) {
      findings.logical(place, object, name);
    }
    checkDefault(place, definition);
  }

  private void define(SchemaPlace place, ObjectNode object, String kind) {
    String name = object.path("name").isTextual() ? object.get("name").asText() : null;
    String namespace =
        object.path("namespace").isTextual() ? object.get("namespace").asText() : place.namespace();
    String full = fullName(name == null ? "" : name, namespace);
    boolean ofPrimitive = PRIMITIVES.contains(full); // such a type could never be named again
    boolean ofParts =
        name != null
            && hasLegalParts(object, name)
            && LegalNames.isLegal(name.substring(name.lastIndexOf('.') + 1));
    if (ofPrimitive || !ofParts) {
      findings.addNew(place, LegalNames.illegal(place.path(), name == null ? null : full));
    }
    if (types.containsKey(full) && !place.told()) {
      findings.tell(
          place,
          "NAME_DUPLICATE",
          "defines the type " + Names.shown(full) + " again",
          "Give each named type a name of its own.");
    }
    types.putIfAbsent(full, object);
    if (!kind.equals("fixed") && object.has("logicalType")) {
      findings.illegalLogical(place, object.path("logicalType").asText());
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

  private void expand(SchemaPlace place, ObjectNode object, String full, boolean again) {
    boolean told = place.told() || again;
    String kind = object.path("type").asText();
    checkDefault(place, object);
    if (kind.equals("enum")) {
      leaves++;
      symbols(place, object);
    } else if (kind.equals("fixed")) {
      leaves++;
      JsonNode size = object.path("size");
      if (!size.canConvertToInt() || !size.isIntegralNumber() || size.asInt() < 1) {
        findings.tell(
            place, "TYPE_UNKNOWN", "is a fixed without a positive size", "Give its size.");
      }
      if (object.has("logicalType")) {
        findings.logical(place, object, kind);
      }
    } else {
      int dot = full.lastIndexOf('.');
      String namespace = dot < 0 ? "" : full.substring(0, dot);
      SchemaPlace inner =
          new SchemaPlace(
              object,
              place.path(),
              place.depth(),
              namespace,
              new SchemaPlace.Around(full, place.around()),
              false,
              told,
              null);
      fields(inner, object);
    }
  }

  private void fields(SchemaPlace record, ObjectNode object) {
    JsonNode fields = object.path("fields");
    if (!fields.isArray() || fields.isEmpty()) {
      findings.tell(record, "TYPE_EMPTY_RECORD", "is a record without fields", "Give it a field.");
      leaves++;
      return;
    }
    if (fields.size() > LegalSchema.MAX_LEAVES) {
      leaves = LegalSchema.MAX_LEAVES;
    }
    Set<String> names = new HashSet<>();
    Map<String, String> folded = new HashMap<>();
    List<SchemaPlace> places = new ArrayList<>();
    for (JsonNode field : fields) {
      String name = field.path("name").isTextual() ? field.get("name").asText() : null;
      String shown = Names.shown(name == null ? "?" : name);
      String path = record.path().isEmpty() ? shown : record.path() + "." + shown;
      SchemaPlace place =
          new SchemaPlace(
              field.path("type"),
              path,
              record.depth() + 1,
              record.namespace(),
              record.around(),
              false,
              record.told(),
              field.get("default"));
      if (name == null || !LegalNames.isLegal(name)) {
        findings.addNew(place, LegalNames.illegal(path, name));
      } else if (!names.add(name)) {
        findings.tell(
            place, "NAME_DUPLICATE", "is named twice", "Give each column a name of its own.");
      } else {
        String twin = folded.put(name.toLowerCase(Locale.ROOT), name);
        if (twin != null) {
          findings.tell(
              place,
              "NAME_ILLEGAL",
              "differs from its sibling " + twin + " only by case",
              "Choose names that differ by more than case.");
        }
      }
      findings.fieldProperties(place, field);
      places.add(place);
    }
    for (int i = places.size() - 1; i >= 0; i--) {
      open.push(places.get(i));
    }
  }

  private void symbols(SchemaPlace place, ObjectNode object) {
    Set<String> symbols = new HashSet<>();
    for (JsonNode symbol : object.path("symbols")) {
      if (!LegalNames.hasLegalForm(symbol.asText())) {
        findings.addNew(place, LegalNames.illegal(place.path(), symbol.asText()));
      } else if (!symbols.add(symbol.asText())) {
        findings.tell(
            place, "NAME_DUPLICATE", "lists an enum symbol twice", "List each symbol once.");
      }
    }
    if (symbols.isEmpty()) {
      findings.tell(place, "TYPE_UNKNOWN", "is an enum without symbols", "List its symbols.");
    }
    JsonNode fallback = object.get("default");
    if (fallback != null && !symbols.contains(fallback.asText())) {
      findings.illegalDefault(place, "of the enum is none of its symbols");
    }
  }

  private void checkDefault(SchemaPlace place, JsonNode definition) {
    if (place.defaultValue() == null) {
      return;
    }
    if (!new DefaultFit(types).fits(place.defaultValue(), definition, place.namespace())) {
      findings.illegalDefault(place, "does not fit its type");
    }
  }

  static String fullName(String name, String namespace) {
    return name.contains(".") || namespace.isEmpty() ? name : namespace + "." + name;
  }
}
