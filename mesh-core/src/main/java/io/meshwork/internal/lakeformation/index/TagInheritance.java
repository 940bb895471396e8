package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import java.util.HashMap;
import java.util.Map;

/** Tags in lower case and their inheritance. */
final class TagInheritance {
  private TagInheritance() {}

  static Map<String, String> lowerCased(Map<String, String> tags) {
    if (tags.isEmpty()) {
      return Map.of();
    }
    Map<String, String> lowerCased = new HashMap<>();
    tags.forEach(
        (key, value) ->
            lowerCased.put(CaseInsensitiveNames.of(key), CaseInsensitiveNames.of(value)));
    return lowerCased;
  }

  /** Inherited tags, overridden by key. */
  static Map<String, String> overridden(Map<String, String> inherited, Map<String, String> own) {
    if (own.isEmpty()) {
      return inherited;
    }
    Map<String, String> all = new HashMap<>(inherited);
    all.putAll(lowerCased(own));
    return all;
  }
}
