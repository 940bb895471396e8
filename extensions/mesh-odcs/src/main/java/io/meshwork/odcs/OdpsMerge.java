package io.meshwork.odcs;

import io.meshwork.odcs.internal.document.TreeMerge;
import io.meshwork.odcs.internal.document.YamlNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds to a document of ODPS what a mesh knows of the product. Stateless. */
final class OdpsMerge {
  private static final String VERSION = "apiVersion";
  private static final String DEPRECATED = "deprecated";
  private static final String STATUS = "status";
  private static final String CONTRACT_ID = "contractId";
  private static final Pattern VERSION_NUMBER = Pattern.compile("v?([0-9]{1,9})(\\..*)?");

  /** The statuses that the mesh decides. */
  private static final Set<String> ENDING = Set.of(DEPRECATED, "retired");

  /** What identifies an item of a list; two are the same if they have one of these in common. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "inputPorts", List.of(CONTRACT_ID, "name"),
          "outputPorts", List.of(CONTRACT_ID),
          "support", List.of("url"));

  /** What 1.1.0 has and 1.0.0 has not. */
  private static final Set<String> NEW = Set.of(DEPRECATED, "synonyms", "context", "vendor", "id");

  /** What has the same keys in both versions. */
  private static final Set<String> UNCHANGED = Set.of("value", "inputContracts");

  private OdpsMerge() {}

  static YamlNode of(YamlNode document, YamlNode generated) {
    YamlNode merged = document;
    for (Map.Entry<String, YamlNode.Entry> each : generated.entries().entrySet()) {
      String key = each.getKey();
      YamlNode value = each.getValue().value();
      YamlNode stated = merged.get(key);
      if (stated == null) {
        merged = merged.with(key, value);
      } else if (key.equals(VERSION)
          || key.equals(DEPRECATED)
          || (key.equals(STATUS) && ENDING.contains(value.text()))) {
        merged = merged.with(key, value);
      } else if (key.equals("description")) {
        merged = merged.with(key, filled(stated, value));
      } else if (value.isList()) {
        merged = added(merged, key, value.items());
      }
    }
    return generated.textOf(VERSION).equals("v1.0.0") ? earlier(merged) : merged;
  }

  private static YamlNode filled(YamlNode stated, YamlNode generated) {
    YamlNode filled = stated;
    for (Map.Entry<String, YamlNode.Entry> each : generated.entries().entrySet()) {
      if (stated.get(each.getKey()) == null) {
        filled = filled.with(each.getKey(), each.getValue().value());
      }
    }
    return filled;
  }

  private static YamlNode added(YamlNode document, String key, List<YamlNode> generated) {
    YamlNode merged = document;
    for (YamlNode item : generated) {
      int newest =
          generated.stream()
              .filter(each -> each.textOf(CONTRACT_ID).equals(item.textOf(CONTRACT_ID)))
              .mapToInt(each -> major(each).orElse(0))
              .max()
              .orElse(0);
      if (document.items(key).stream()
          .noneMatch(each -> isSame(each, item, key) && isSameMajor(each, item, newest))) {
        merged = TreeMerge.append(merged, key, item);
      }
    }
    return merged;
  }

  private static boolean isSame(YamlNode stated, YamlNode generated, String list) {
    return generated.sameAs(stated)
        || KEYS.getOrDefault(list, List.of()).stream()
            .filter(key -> !generated.textOf(key).isEmpty())
            .anyMatch(key -> generated.textOf(key).equals(stated.textOf(key)));
  }

  /**
   * False for ports of two major versions of one product, whose contracts have the same ID. A
   * version above the newest is one that the owner counts.
   */
  private static boolean isSameMajor(YamlNode stated, YamlNode generated, int newest) {
    OptionalInt one = major(stated);
    OptionalInt other = major(generated);
    return one.isEmpty()
        || other.isEmpty()
        || one.getAsInt() > newest
        || one.getAsInt() == other.getAsInt();
  }

  private static OptionalInt major(YamlNode port) {
    Matcher version = VERSION_NUMBER.matcher(port.textOf("version"));
    return version.matches()
        ? OptionalInt.of(Integer.parseInt(version.group(1)))
        : OptionalInt.empty();
  }

  /** Returns a document of 1.0.0: without what only 1.1.0 has. */
  private static YamlNode earlier(YamlNode root) {
    return without(root, Set.of(DEPRECATED, "synonyms", "context", "type"));
  }

  private static YamlNode without(YamlNode node, Set<String> keys) {
    if (node.isList()) {
      return YamlNode.list(
          node.items().stream().map(each -> without(each, NEW)).toList(), node.place());
    }
    if (!node.isMap()) {
      return node;
    }
    Map<String, YamlNode.Entry> retained = new LinkedHashMap<>();
    node.entries()
        .forEach(
            (key, entry) -> {
              if (!keys.contains(key)) {
                YamlNode value =
                    UNCHANGED.contains(key) ? entry.value() : without(entry.value(), NEW);
                retained.put(key, new YamlNode.Entry(entry.key(), value));
              }
            });
    return YamlNode.map(retained, node.place());
  }
}
