package io.meshwork.odcs;

import io.meshwork.odcs.internal.document.YamlNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the JSON Schema cannot say of a document: IDs that are repeated in their list, references to
 * columns that the document does not have, and variables that are misspelled.
 */
final class DocumentChecks {
  /** Strings in other languages, in which a dollar has another meaning. */
  private static final Set<String> OTHER_LANGUAGES =
      Set.of("pattern", "query", "implementation", "transformLogic");

  /** Strings that are parts of a contract or its product, wherever they are. */
  private static final Set<String> MAPPED_TEXTS =
      Set.of("name", "domain", "description", "purpose", "usage", "limitations");

  private final ImportFindings findings;
  private final Map<String, Set<String>> columns = new HashMap<>();

  private DocumentChecks(YamlNode root, ImportFindings findings) {
    this.findings = findings;
    for (YamlNode object : root.items("schema")) {
      Set<String> names = new HashSet<>();
      object.items("properties").forEach(property -> names.add(property.textOf("name")));
      columns.put(object.textOf("name"), names);
    }
  }

  static void report(YamlNode root, ImportFindings findings) {
    new DocumentChecks(root, findings).node(root, "");
  }

  private void node(YamlNode node, String path) {
    Set<String> ids = new HashSet<>();
    List<YamlNode> items = node.items();
    for (int i = 0; i < items.size(); i++) {
      String at = path + "[" + i + "]";
      String id = items.get(i).textOf("id");
      if (!id.isEmpty() && !ids.add(id)) {
        findings.ambiguous(at + ".id", "another item of the list has this ID");
      }
      node(items.get(i), at);
    }
    for (Map.Entry<String, YamlNode.Entry> each : node.entries().entrySet()) {
      String key = each.getKey();
      String at = path.isEmpty() ? key : path + "." + key;
      YamlNode value = each.getValue().value();
      if (key.equals("relationships")) {
        relationships(value, at);
      }
      if (!OTHER_LANGUAGES.contains(key)) {
        node(value, at);
      }
    }
    if (VariableReference.isMalformedIn(node.text())) {
      String note = "it has a '${' that does not begin a variable";
      if (MAPPED_TEXTS.contains(path.substring(path.lastIndexOf('.') + 1))) {
        findings.mapped(path, note);
      } else {
        findings.preserved(path, note);
      }
    }
  }

  private void relationships(YamlNode relationships, String path) {
    for (int i = 0; i < relationships.items().size(); i++) {
      for (String end : List.of("from", "to")) {
        YamlNode named = relationships.items().get(i).get(end);
        if (named != null) {
          for (YamlNode column : named.isList() ? named.items() : List.of(named)) {
            String at = path + "[" + i + "]";
            missing(column.text()).ifPresent(note -> findings.ambiguous(at, note));
          }
        }
      }
    }
  }

  /** A reference to another document, or to an object of one, is not followed. */
  private Optional<String> missing(String reference) {
    String[] parts = reference.split("\\.", -1);
    Set<String> columnNames = columns.get(parts[0]);
    return parts.length < 2 || columnNames == null || columnNames.contains(parts[1])
        ? Optional.empty()
        : Optional.of("the object " + parts[0] + " has no property " + parts[1]);
  }
}
