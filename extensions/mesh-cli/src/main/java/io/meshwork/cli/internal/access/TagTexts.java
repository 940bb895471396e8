package io.meshwork.cli.internal.access;

import io.meshwork.access.TagSelection;
import java.util.Iterator;
import java.util.Map;

/** Tags in options: a key, and one value or several. */
final class TagTexts {
  private TagTexts() {}

  /**
   * Returns the selection of what has one of the values of each key.
   *
   * @param tags the values with commas between them, by key; not empty
   */
  static TagSelection where(Map<String, String> tags) {
    Iterator<Map.Entry<String, String>> all = tags.entrySet().iterator();
    Map.Entry<String, String> first = all.next();
    TagSelection where = TagSelection.where(first.getKey(), first.getValue().split(",", -1));
    while (all.hasNext()) {
      Map.Entry<String, String> next = all.next();
      where = where.and(next.getKey(), next.getValue().split(",", -1));
    }
    return where;
  }
}
