package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.product.Names;
import java.util.ArrayList;
import java.util.List;

/** What a walk over a schema found wrong, each thing once, in the order in which it was met. */
final class SchemaFindings {
  /** The code of findings about depth and number of columns. */
  static final String TOO_LARGE = "DEPTH";

  private static final List<String> CLASS_PROPERTIES =
      List.of("java-class", "java-key-class", "java-element-class");

  private final int tableFormat;
  private final List<Finding> findings = new ArrayList<>();

  SchemaFindings(int tableFormat) {
    this.tableFormat = tableFormat;
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

  void tooDeep(SchemaPlace place) {
    findings.add(tooDeep(place.path()));
  }

  void tooManyLeaves() {
    add(
        TOO_LARGE,
        "",
        "The schema has more than " + LegalSchema.MAX_LEAVES + " leaf columns",
        "Split it into several products.");
  }

  List<Finding> all() {
    return List.copyOf(findings);
  }

  void wrapped(SchemaPlace place) {
    tell(
        place,
        "TYPE_UNKNOWN",
        "has its type inside of an object that is no type itself",
        "Leave out the outer {\"type\": ...}.");
  }

  void fieldProperties(SchemaPlace place, JsonNode field) {
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

  void logical(SchemaPlace place, ObjectNode object, String base) {
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

  void illegalLogical(SchemaPlace place, String name) {
    tell(
        place,
        "TYPE_LOGICAL",
        "has the logical type '" + Names.shown(name) + "' on a base that cannot carry it",
        "Use a logical type of Avro on its own base.");
  }

  void illegalDefault(SchemaPlace place, String why) {
    tell(place, "DEFAULT_ILLEGAL", "has a default that " + why, "Give a default of the type.");
  }

  void classProperties(SchemaPlace place, ObjectNode object) {
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

  /** Says what is wrong with a place, unless it was told at another one of the same type. */
  void tell(SchemaPlace place, String code, String what, String mend) {
    if (!place.told()) {
      add(
          code,
          place.path(),
          (place.path().isEmpty() ? "The record " : place.path() + " ") + what,
          mend);
    }
  }

  /** Adds it unless it was told at another place that names the same type. */
  void addNew(SchemaPlace place, Finding finding) {
    if (!place.told()) {
      findings.add(finding);
    }
  }

  private void add(String code, String path, String what, String mend) {
    findings.add(Finding.error(code, path, what + ".", mend));
  }
}
