package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Validates documents with the official JSON Schema of ODCS 3.2, under which each document of 3.1
 * is valid; what 3.2 adds does not depend on the version that a document states. Documents of 3.0
 * are validated with that schema as well, {@link OdcsSchemas without} what 3.1 forbids and 3.0
 * allows.
 */
final class OdcsValidator {
  static final String NEWEST = "v3.2.0";
  static final String PREVIOUS = "v3.1.0";
  private static final List<String> VERSIONS =
      List.of("v3.0.0", "v3.0.1", "v3.0.2", PREVIOUS, NEWEST);
  private static final int MAX_SHOWN = 5;
  private static final int MAX_MESSAGE = 300;

  /** Keywords that fail because something inside them fails. */
  private static final Set<String> OUTER =
      Set.of("oneOf", "anyOf", "allOf", "if", "not", "$ref", "unevaluatedProperties");

  private static final Schema EXACT = compile(OdcsSchemas.exact(NEWEST));
  private static final Schema EARLIER = compile(OdcsSchemas.earlier());

  /** Compiled by the first export. */
  private static final class OfPrevious {
    private static final Schema EXACT = compile(OdcsSchemas.exact(PREVIOUS));
  }

  private OdcsValidator() {}

  static Schema compile(JsonNode schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09).getSchema(schema);
  }

  /**
   * Checks that a tree is valid ODCS of a version that is read.
   *
   * @throws InvalidRequestException CONTRACT_INVALID with the first fault, its line, and its path;
   *     all are its findings
   */
  static void check(YamlNode root, String source) {
    OdcsErrors errors = new OdcsErrors(source);
    if (!root.isMap()) {
      throw errors.invalid(
          root.place(), "", "the document is not a map", "Start with apiVersion and kind.");
    }
    checkVersion(root, errors);
    List<Error> faults;
    try {
      faults = faults(root);
    } catch (StackOverflowError e) {
      // The depth is limited, so this is a pattern of the schema on a string of many parts.
      throw errors.tooLarge(root.place(), "", "a reference is too long to be checked");
    }
    requireNone(
        faults,
        root,
        errors,
        "ODCS",
        "Correct it as the Open Data Contract Standard " + NEWEST + " says.");
  }

  /**
   * Checks that there are no faults.
   *
   * @param standard the name of the standard whose schema found them
   * @throws InvalidRequestException CONTRACT_INVALID with the first fault, its line, and its path;
   *     all are its findings
   */
  static void requireNone(
      List<Error> faults, YamlNode root, OdcsErrors errors, String standard, String fix) {
    if (faults.isEmpty()) {
      return;
    }
    Error first = faults.get(0);
    String more =
        faults.size() == 1
            ? ""
            : "; also "
                + faults.stream()
                    .skip(1)
                    .limit(MAX_SHOWN)
                    .map(fault -> path(fault) + " (" + message(fault) + ")")
                    .collect(Collectors.joining(", "));
    throw errors.invalid(
        faults.stream()
            .map(fault -> errors.fault(place(root, fault), path(fault), message(fault)))
            .toList(),
        place(root, first),
        path(first),
        "it is not valid " + standard + ": " + message(first) + more,
        fix);
  }

  /**
   * Returns true if the tree is valid under the JSON Schema of a version as published.
   *
   * @param version 3.1 or 3.2
   */
  static boolean isValid(YamlNode root, String version) {
    return fault(root, version).isEmpty();
  }

  /** Returns where a tree is not valid under a version, and why; empty if it is valid. */
  static Optional<String> fault(YamlNode root, String version) {
    return faultsOf(version.equals(PREVIOUS) ? OfPrevious.EXACT : EXACT, root).stream()
        .findFirst()
        .map(fault -> path(fault) + ": " + message(fault));
  }

  private static void checkVersion(YamlNode root, OdcsErrors errors) {
    if (!root.entries().containsKey("apiVersion")) {
      boolean isOldStandard = root.entries().containsKey("dataContractSpecification");
      throw errors.invalid(
          root.place(),
          "",
          isOldStandard
              ? "it follows the Data Contract Specification, which ODCS replaced"
              : "it has no apiVersion",
          isOldStandard
              ? "Convert it to ODCS with its own tool first."
              : "Add apiVersion: " + NEWEST + " and kind: DataContract.");
    }
    String version = root.textOf("apiVersion");
    if (!VERSIONS.contains(version)) {
      throw errors.invalid(
          place(root, "apiVersion"),
          "apiVersion",
          "the version " + OdcsErrors.quoted(version) + " is not known",
          "Use one of " + String.join(", ", VERSIONS) + ".");
    }
    if (root.entries().containsKey("kind") && !root.textOf("kind").equals("DataContract")) {
      throw errors.invalid(
          place(root, "kind"),
          "kind",
          "the kind is " + OdcsErrors.quoted(root.textOf("kind")),
          "Use a document of the kind DataContract.");
    }
  }

  private static SourcePosition place(YamlNode root, String key) {
    YamlNode value = root.get(key);
    return value == null ? root.place() : value.place();
  }

  private static List<Error> faults(YamlNode root) {
    return faultsOf(root.textOf("apiVersion").startsWith("v3.0.") ? EARLIER : EXACT, root);
  }

  /** Returns what a schema finds in a tree, the innermost first. */
  static List<Error> faultsOf(Schema schema, YamlNode root) {
    List<Error> all = schema.validate(root.jsonForSchema());
    // What is wrong inside comes before what fails because of it.
    List<Error> inner = all.stream().filter(fault -> !OUTER.contains(fault.getKeyword())).toList();
    return (inner.isEmpty() ? all : inner)
        .stream()
            .sorted(Comparator.comparingInt(fault -> -fault.getInstanceLocation().getNameCount()))
            .toList();
  }

  /** The place of what is wrong: of a key that may not be there, or of the value. */
  private static SourcePosition place(YamlNode root, Error fault) {
    YamlNode node = root;
    NodePath location = fault.getInstanceLocation();
    for (int i = 0; i < location.getNameCount(); i++) {
      YamlNode inner =
          location.getElement(i) instanceof Integer index
              ? index < node.items().size() ? node.items().get(index) : null
              : node.get(String.valueOf(location.getElement(i)));
      if (inner == null) {
        return node.place();
      }
      node = inner;
    }
    YamlNode.Entry entry =
        fault.getProperty() == null ? null : node.entries().get(fault.getProperty());
    return entry == null ? node.place() : entry.key().place();
  }

  private static String message(Error fault) {
    String message = fault.getMessage();
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
  }

  private static String path(Error fault) {
    StringBuilder path = new StringBuilder();
    NodePath location = fault.getInstanceLocation();
    for (int i = 0; i < location.getNameCount(); i++) {
      if (location.getElement(i) instanceof Integer index) {
        path.append('[').append(index).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(location.getElement(i));
      }
    }
    String more = fault.getProperty();
    boolean named =
        more != null
            && (OUTER.contains(fault.getKeyword())
                || fault.getKeyword().equals("additionalProperties"));
    return path + (named ? (path.isEmpty() ? "" : ".") + more : "");
  }
}
