package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.naming.NameGrammar;
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
 * Walks over the raw JSON of a schema with an explicit stack instead of recursion. A named type is
 * expanded at each reference, so that leaves are counted as columns; findings within it are
 * reported once. Used once.
 */
final class SchemaWalk {
  private static final Set<String> PRIMITIVES =
      Set.of("null", "boolean", "int", "long", "float", "double", "bytes", "string");
  private static final Set<String> NAMED = Set.of("record", "error", "enum", "fixed");

  private final SchemaFindings findings;
  private final Map<String, ObjectNode> types = new HashMap<>();
  private final Deque<TypePosition> open = new ArrayDeque<>();
  private int leaves;

  SchemaWalk(int tableFormat) {
    this.findings = new SchemaFindings(tableFormat);
  }

  List<Finding> findings(JsonNode root) {
    String type = root.path("type").asText();
    if (!root.isObject() || !type.equals("record")) {
      return List.of(
          Finding.error(
              FindingCode.NOT_A_RECORD,
              "",
              "The top level of the schema is not a record.",
              "Wrap it in a named Avro record."));
    }
    open.push(new TypePosition(root, "", 0, "", null, false, false, null));
    while (!open.isEmpty()) {
      TypePosition position = open.pop();
      if (leaves > LegalSchema.MAX_LEAVES) {
        break;
      }
      if (position.depth() > LegalSchema.MAX_DEPTH) {
        findings.tooDeep(position);
        leaves++;
      } else {
        evaluate(position);
      }
    }
    if (leaves > LegalSchema.MAX_LEAVES) {
      findings.tooManyLeaves();
    }
    return findings.all();
  }

  private void evaluate(TypePosition position) {
    JsonNode type = position.type();
    if (type.isArray()) {
      union(position);
    } else if (type.isTextual()) {
      named(position, type.asText());
    } else if (type instanceof ObjectNode object) {
      findings.classProperties(position, object);
      object(position, object);
    } else {
      findings.add(position, FindingCode.TYPE_UNKNOWN, "has no type", "Set an Avro type.");
      leaves++;
    }
  }

  private void union(TypePosition position) {
    JsonNode branches = position.type();
    int nulls = 0;
    @Nullable JsonNode value = null;
    for (JsonNode branch : branches) {
      if (isNull(branch)) {
        nulls++;
      } else {
        value = branch;
      }
    }
    if (position.inUnion()
        || branches.size() != 2
        || nulls != 1
        || value == null
        || value.isArray()) {
      findings.add(
          position,
          FindingCode.TYPE_UNION,
          "is a union of something other than null and one type",
          "Use [\"null\", T] or [T, \"null\"].");
      leaves++;
      return;
    }
    @Nullable JsonNode defaultValue = position.defaultValue();
    if (defaultValue != null && isNull(branches.get(0))) {
      if (!defaultValue.isNull()) {
        findings.illegalDefault(position, "of a union that starts with null is not null");
      }
      defaultValue = null;
    }
    open.push(
        new TypePosition(
            value,
            position.path(),
            position.depth(),
            position.namespace(),
            position.enclosing(),
            true,
            position.reported(),
            defaultValue));
  }

  private static boolean isNull(JsonNode type) {
    return (type.isTextual() && type.asText().equals("null"))
        || (type.isObject()
            && type.path("type").isTextual()
            && type.path("type").asText().equals("null"));
  }

  /** Validates a primitive type, or a reference to a named type. */
  private void named(TypePosition position, String name) {
    if (PRIMITIVES.contains(name)) {
      primitive(position, name, null);
      return;
    }
    String full = fullName(name, position.namespace());
    if (!types.containsKey(full) && !name.contains(".") && types.containsKey(name)) {
      full = name;
    }
    ObjectNode definition = types.get(full);
    if (TypePosition.EnclosingType.holds(position.enclosing(), full)) {
      findings.add(
          position,
          FindingCode.TYPE_RECURSIVE,
          "contains the record " + NameGrammar.quoted(full) + " recursively",
          "Refer to the other row by a key column instead.");
      leaves++;
    } else if (definition == null) {
      findings.add(
          position,
          FindingCode.TYPE_UNKNOWN,
          "has the type '" + NameGrammar.quoted(name) + "', which is not defined yet",
          "Define it at its first use.");
      leaves++;
    } else {
      expand(position, definition, full, true);
    }
  }

  private void object(TypePosition position, ObjectNode object) {
    JsonNode kind = object.path("type");
    if (!kind.isTextual()) {
      // {"type": {...}} and {"type": [...]} are wrappers, which Avro accepts in fields only.
      if (!kind.isMissingNode()) {
        findings.wrapped(position);
      }
      if (object.has("logicalType")) {
        findings.illegalLogical(position, object.path("logicalType").asText());
      }
      open.push(
          new TypePosition(
              kind,
              position.path(),
              position.depth() + 1,
              position.namespace(),
              position.enclosing(),
              position.inUnion(),
              position.reported(),
              position.defaultValue()));
      return;
    }
    String name = kind.asText();
    if (NAMED.contains(name)) {
      define(position, object, name);
    } else if (name.equals("array") || name.equals("map")) {
      container(position, object, name.equals("array"));
    } else if (PRIMITIVES.contains(name)) {
      primitive(position, name, object);
    } else {
      if (object.has("logicalType")) {
        findings.illegalLogical(position, object.path("logicalType").asText());
      }
      if (types.containsKey(fullName(name, position.namespace())) || types.containsKey(name)) {
        findings.wrapped(position);
      }
      named(position, name);
    }
  }

  private void container(TypePosition position, ObjectNode object, boolean array) {
    if (object.has("logicalType")) {
      findings.illegalLogical(position, object.path("logicalType").asText());
    }
    checkDefault(position, object);
    JsonNode inner = object.get(array ? "items" : "values");
    if (inner == null) {
      findings.add(
          position,
          FindingCode.TYPE_UNKNOWN,
          "does not declare its content type",
          "Set items or values.");
      leaves++;
      return;
    }
    if (!array) {
      leaves++; // the keys are a column
    }
    open.push(position.inside(inner, array ? "[]" : "{}"));
  }

  private void primitive(TypePosition position, String name, @Nullable ObjectNode object) {
    leaves++;
    if (name.equals("null")) {
      findings.add(position, FindingCode.TYPE_NULL, "has the bare type null", "Use [\"null\", T].");
      return;
    }
    JsonNode definition = object == null ? TextNode.valueOf(name) : object;
    if (object != null) {
      findings.logical(position, object, name);
    }
    checkDefault(position, definition);
  }

  private void define(TypePosition position, ObjectNode object, String kind) {
    String name = object.path("name").isTextual() ? object.get("name").asText() : null;
    String namespace =
        object.path("namespace").isTextual()
            ? object.get("namespace").asText()
            : position.namespace();
    String full = fullName(name == null ? "" : name, namespace);
    boolean ofPrimitive =
        PRIMITIVES.contains(full); // a type without a legal name cannot be referenced
    boolean ofParts =
        name != null
            && hasLegalParts(object, name)
            && LegalNames.isLegal(name.substring(name.lastIndexOf('.') + 1));
    if (ofPrimitive || !ofParts) {
      findings.addNew(position, LegalNames.illegal(position.path(), name == null ? null : full));
    }
    if (types.containsKey(full) && !position.reported()) {
      findings.add(
          position,
          FindingCode.NAME_DUPLICATE,
          "defines the type " + NameGrammar.quoted(full) + " again",
          "Use a different name for each named type.");
    }
    types.putIfAbsent(full, object);
    if (!kind.equals("fixed") && object.has("logicalType")) {
      findings.illegalLogical(position, object.path("logicalType").asText());
    }
    expand(position, object, full, false);
  }

  /**
   * Validates the name and the namespace next to it; an enclosing namespace was validated already.
   */
  private static boolean hasLegalParts(ObjectNode object, String name) {
    String own = object.path("namespace").asText();
    for (String part : fullName(name, own).split("\\.", -1)) {
      if (!LegalNames.hasLegalForm(part)) {
        return false;
      }
    }
    return true;
  }

  private void expand(TypePosition position, ObjectNode object, String full, boolean again) {
    boolean reported = position.reported() || again;
    String kind = object.path("type").asText();
    checkDefault(position, object);
    if (kind.equals("enum")) {
      leaves++;
      symbols(position, object);
    } else if (kind.equals("fixed")) {
      leaves++;
      JsonNode size = object.path("size");
      if (!size.canConvertToInt() || !size.isIntegralNumber() || size.asInt() < 1) {
        findings.add(
            position,
            FindingCode.TYPE_UNKNOWN,
            "is a fixed without a positive size",
            "Set its size.");
      }
      if (object.has("logicalType")) {
        findings.logical(position, object, kind);
      }
    } else {
      int dot = full.lastIndexOf('.');
      String namespace = dot < 0 ? "" : full.substring(0, dot);
      TypePosition inner =
          new TypePosition(
              object,
              position.path(),
              position.depth(),
              namespace,
              new TypePosition.EnclosingType(full, position.enclosing()),
              false,
              reported,
              null);
      fields(inner, object);
    }
  }

  private void fields(TypePosition record, ObjectNode object) {
    JsonNode fields = object.path("fields");
    if (!fields.isArray() || fields.isEmpty()) {
      findings.add(
          record, FindingCode.TYPE_EMPTY_RECORD, "is a record without fields", "Add a field.");
      leaves++;
      return;
    }
    if (fields.size() > LegalSchema.MAX_LEAVES) {
      leaves = LegalSchema.MAX_LEAVES;
    }
    Set<String> names = new HashSet<>();
    Map<String, String> folded = new HashMap<>();
    List<TypePosition> places = new ArrayList<>();
    for (JsonNode field : fields) {
      String name = field.path("name").isTextual() ? field.get("name").asText() : null;
      String displayed = NameGrammar.quoted(name == null ? "?" : name);
      String path = record.path().isEmpty() ? displayed : record.path() + "." + displayed;
      TypePosition position =
          new TypePosition(
              field.path("type"),
              path,
              record.depth() + 1,
              record.namespace(),
              record.enclosing(),
              false,
              record.reported(),
              field.get("default"));
      if (name == null || !LegalNames.isLegal(name)) {
        findings.addNew(position, LegalNames.illegal(path, name));
      } else if (!names.add(name)) {
        findings.add(
            position,
            FindingCode.NAME_DUPLICATE,
            "is declared twice",
            "Use a different name for each column.");
      } else {
        String twin = folded.put(name.toLowerCase(Locale.ROOT), name);
        if (twin != null) {
          findings.add(
              position,
              FindingCode.NAME_ILLEGAL,
              "differs from " + twin + " only by case",
              "Use names that differ by more than case.");
        }
      }
      findings.fieldProperties(position, field);
      places.add(position);
    }
    for (int i = places.size() - 1; i >= 0; i--) {
      open.push(places.get(i));
    }
  }

  private void symbols(TypePosition position, ObjectNode object) {
    Set<String> symbols = new HashSet<>();
    for (JsonNode symbol : object.path("symbols")) {
      if (!LegalNames.hasLegalForm(symbol.asText())) {
        findings.addNew(position, LegalNames.illegal(position.path(), symbol.asText()));
      } else if (!symbols.add(symbol.asText())) {
        findings.add(
            position,
            FindingCode.NAME_DUPLICATE,
            "lists an enum symbol twice",
            "List each symbol once.");
      }
    }
    if (symbols.isEmpty()) {
      findings.add(
          position, FindingCode.TYPE_UNKNOWN, "is an enum without symbols", "List its symbols.");
    }
    JsonNode fallback = object.get("default");
    if (fallback != null && !symbols.contains(fallback.asText())) {
      findings.illegalDefault(position, "of the enum is not one of its symbols");
    }
  }

  private void checkDefault(TypePosition position, JsonNode definition) {
    if (position.defaultValue() == null) {
      return;
    }
    if (!new DefaultValueCheck(types)
        .fits(position.defaultValue(), definition, position.namespace())) {
      findings.illegalDefault(position, "does not fit its type");
    }
  }

  static String fullName(String name, String namespace) {
    return name.contains(".") || namespace.isEmpty() ? name : namespace + "." + name;
  }
}
