package io.meshwork.odcs;

import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes changed service levels into the levels of a document. Of several with one name, the one
 * that was read changes; the others stay. Stateless.
 */
final class ServiceLevelMerge {
  private static final List<String> VALUE = List.of("value", "unit", "valueExt");
  private static final String ELEMENT = "element";

  private ServiceLevelMerge() {}

  /**
   * Merges.
   *
   * @param before the levels that would be written for the unchanged document; null if none
   * @param document the levels of the document; null if it has none
   * @param after the levels that would be written now; null if none
   * @param paths the paths of the levels that were read, by their usual names
   * @return the levels; null if there are none
   */
  static @Nullable YamlNode merge(
      @Nullable YamlNode before,
      @Nullable YamlNode document,
      @Nullable YamlNode after,
      Map<String, String> paths) {
    Map<String, YamlNode> old = byName(before);
    Map<String, YamlNode> added = byName(after);
    Map<String, String> names = new HashMap<>();
    paths.forEach((name, path) -> names.put(path, name));
    List<YamlNode> merged = new ArrayList<>();
    List<YamlNode> items = document == null ? List.of() : document.items();
    for (int i = 0; i < items.size(); i++) {
      String name = names.get("slaProperties[" + i + "]");
      YamlNode now = name == null ? null : added.remove(name);
      YamlNode then = name == null ? null : old.get(name);
      if (now != null) {
        merged.add(changed(then, items.get(i), now));
      } else if (then == null) {
        merged.add(items.get(i));
      }
    }
    added.forEach(
        (name, level) -> {
          if (!same(old.get(name), level)) {
            merged.add(level);
          }
        });
    if (merged.isEmpty() && !items.isEmpty()) {
      return null;
    }
    return merged.isEmpty()
        ? document
        : YamlNode.list(merged, document == null ? SourcePosition.NONE : document.place());
  }

  /** The value and its unit change together: the document can have another unit. */
  private static YamlNode changed(@Nullable YamlNode before, YamlNode item, YamlNode after) {
    YamlNode changed = item;
    if (VALUE.stream().anyMatch(key -> !same(of(before, key), after.get(key)))) {
      for (String key : VALUE) {
        changed = changed.with(key, after.get(key));
      }
    }
    return same(of(before, ELEMENT), after.get(ELEMENT))
        ? changed
        : changed.with(ELEMENT, after.get(ELEMENT));
  }

  private static @Nullable YamlNode of(@Nullable YamlNode map, String key) {
    return map == null ? null : map.get(key);
  }

  private static boolean same(@Nullable YamlNode one, @Nullable YamlNode other) {
    return one == null ? other == null : other != null && one.sameAs(other);
  }

  private static Map<String, YamlNode> byName(@Nullable YamlNode levels) {
    Map<String, YamlNode> named = new LinkedHashMap<>();
    if (levels != null) {
      levels.items().forEach(level -> named.put(level.textOf("property"), level));
    }
    return named;
  }
}
