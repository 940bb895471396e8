package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.naming.NameGrammar;
import java.util.ArrayList;
import java.util.List;

/** Collects the findings of a walk over a schema, without duplicates, in order of detection. */
final class SchemaFindings {
  private static final List<String> CLASS_PROPERTIES =
      List.of("java-class", "java-key-class", "java-element-class");

  private final int tableFormat;
  private final List<Finding> findings = new ArrayList<>();

  SchemaFindings(int tableFormat) {
    this.tableFormat = tableFormat;
  }

  static Finding tooDeep(String path) {
    return Finding.error(
        FindingCode.SCHEMA_TOO_LARGE,
        path,
        "The schema nests deeper than "
            + LegalSchema.MAX_DEPTH
            + (path.isEmpty() ? "" : " at " + path)
            + ".",
        "Flatten the schema.");
  }

  void tooDeep(TypePosition position) {
    findings.add(tooDeep(position.path()));
  }

  void tooManyLeaves() {
    add(
        FindingCode.SCHEMA_TOO_LARGE,
        "",
        "The schema has more than " + LegalSchema.MAX_LEAVES + " leaf columns",
        "Split it into several products.");
  }

  List<Finding> all() {
    return List.copyOf(findings);
  }

  void wrapped(TypePosition position) {
    add(
        position,
        FindingCode.TYPE_UNKNOWN,
        "has its type in an object that is not a type",
        "Remove the outer {\"type\": ...}.");
  }

  void fieldProperties(TypePosition position, JsonNode field) {
    if (field.has("logicalType")) {
      add(
          position,
          FindingCode.TYPE_LOGICAL,
          "has a logical type beside its type, where Avro ignores it",
          "Write {\"type\": {\"type\": ..., \"logicalType\": ...}}.");
    }
    if (field instanceof ObjectNode object) {
      classProperties(position, object);
    }
  }

  void logical(TypePosition position, ObjectNode object, String base) {
    JsonNode logical = object.get("logicalType");
    if (logical == null) {
      return;
    }
    String name = logical.isTextual() ? logical.asText() : "?";
    String gap = LogicalBase.gap(name, base, object);
    if (gap != null) {
      add(
          position,
          FindingCode.TYPE_LOGICAL,
          "has the logical type '" + NameGrammar.quoted(name) + "': " + gap,
          "Use an Avro logical type on its underlying type, and decimals of at most 38 digits.");
    } else if (name.endsWith("-nanos") && tableFormat < 3) {
      add(
          position,
          FindingCode.FORMAT_V3_REQUIRED,
          "has nanosecond timestamps, which require table format version 3; this table has version "
              + tableFormat,
          "Use microseconds, or define the product with tableFormat(3).");
    }
  }

  void illegalLogical(TypePosition position, String name) {
    add(
        position,
        FindingCode.TYPE_LOGICAL,
        "has the logical type '"
            + NameGrammar.quoted(name)
            + "' on a type that does not support it",
        "Use an Avro logical type on its underlying type.");
  }

  void illegalDefault(TypePosition position, String why) {
    add(
        position,
        FindingCode.DEFAULT_ILLEGAL,
        "has a default that " + why,
        "Use a default of the type.");
  }

  void classProperties(TypePosition position, ObjectNode object) {
    for (String property : CLASS_PROPERTIES) {
      if (object.has(property)) {
        add(
            position,
            FindingCode.CLASS_LOADING_REFUSED,
            "has the property " + property + ", which names a class to load",
            "Remove the property.");
      }
    }
  }

  /** Adds a finding, unless it was reported at another path of the same named type. */
  void add(TypePosition position, FindingCode code, String what, String fix) {
    if (!position.reported()) {
      add(
          code,
          position.path(),
          (position.path().isEmpty() ? "The record " : position.path() + " ") + what,
          fix);
    }
  }

  /** Adds a finding, unless it was reported at another path with the same named type. */
  void addNew(TypePosition position, Finding finding) {
    if (!position.reported()) {
      findings.add(finding);
    }
  }

  private void add(FindingCode code, String path, String what, String fix) {
    findings.add(Finding.error(code, path, what + ".", fix));
  }
}
