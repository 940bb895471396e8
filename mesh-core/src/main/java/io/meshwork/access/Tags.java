package io.meshwork.access;

import java.util.HashMap;
import java.util.Map;

/** Tags in lower case, and how they are inherited. */
final class Tags {
  private Tags() {}

  static Map<String, String> folded(Map<String, String> tags) {
    if (tags.isEmpty()) {
      return Map.of();
    }
    Map<String, String> folded = new HashMap<>();
    tags.forEach((key, value) -> folded.put(Fold.of(key), Fold.of(value)));
    return folded;
  }

  /** What is inherited, key by key overridden by one's own. */
  static Map<String, String> overridden(Map<String, String> inherited, Map<String, String> own) {
    if (own.isEmpty()) {
      return inherited;
    }
    Map<String, String> all = new HashMap<>(inherited);
    all.putAll(folded(own));
    return all;
  }
}
