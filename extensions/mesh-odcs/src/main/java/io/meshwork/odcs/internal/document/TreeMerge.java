package io.meshwork.odcs.internal.document;

import io.meshwork.odcs.internal.document.YamlNode.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Applies to a document what changed between two trees that were written for it. What did not
 * change stays as the document has it. Elements of lists are the same if they have the same name,
 * and contacts if they have the same channel, or the same address on one of several such channels.
 */
public final class TreeMerge {
  private static final List<String> NAMES = List.of("name", "property");
  private static final String CHANNEL = "channel";

  private TreeMerge() {}

  /**
   * Merges.
   *
   * @param before what would be written for the unchanged document
   * @param document the document
   * @param after what would be written now
   */
  public static YamlNode merge(YamlNode before, YamlNode document, YamlNode after) {
    if (before.sameAs(after)) {
      return document;
    }
    if (before.isMap() && document.isMap() && after.isMap()) {
      return maps(before, document, after);
    }
    if (before.isList() && document.isList() && after.isList()) {
      return lists(before, document, after);
    }
    return after.styledAs(document);
  }

  private static YamlNode maps(YamlNode before, YamlNode document, YamlNode after) {
    Map<String, Entry> merged = new LinkedHashMap<>();
    document
        .entries()
        .forEach(
            (key, entry) -> {
              YamlNode value = merged(before.get(key), entry.value(), after.get(key));
              if (value != null) {
                merged.put(key, new Entry(entry.key(), value));
              }
            });
    after
        .entries()
        .forEach(
            (key, entry) -> {
              YamlNode old = before.get(key);
              boolean changed = old == null || !old.sameAs(entry.value());
              if (changed && !document.entries().containsKey(key)) {
                merged.put(key, entry);
              }
            });
    return YamlNode.map(merged, document.place());
  }

  /** The value of a key that the document has; null if it goes. */
  private static @Nullable YamlNode merged(
      @Nullable YamlNode before, YamlNode document, @Nullable YamlNode after) {
    if (before == null) {
      return after == null ? document : after;
    }
    return after == null ? null : merge(before, document, after);
  }

  private static YamlNode lists(YamlNode before, YamlNode document, YamlNode after) {
    List<YamlNode> merged = new ArrayList<>();
    Set<String> there = new HashSet<>();
    boolean addressed = Stream.of(before, document, after).anyMatch(TreeMerge::repeatsChannel);
    for (int i = 0; i < document.items().size(); i++) {
      YamlNode item = document.items().get(i);
      String name = nameOf(item, i, addressed);
      there.add(name);
      YamlNode value = merged(find(before, name, addressed), item, find(after, name, addressed));
      if (value != null) {
        merged.add(value);
      }
    }
    for (int i = 0; i < after.items().size(); i++) {
      YamlNode item = after.items().get(i);
      String name = nameOf(item, i, addressed);
      YamlNode old = find(before, name, addressed);
      if (!there.contains(name) && (old == null || !old.sameAs(item))) {
        merged.add(item);
      }
    }
    return YamlNode.list(merged, document.place());
  }

  private static boolean repeatsChannel(YamlNode list) {
    List<String> channels =
        list.items().stream()
            .map(item -> item.textOf(CHANNEL))
            .filter(channel -> !channel.isEmpty())
            .toList();
    return channels.stream().distinct().count() < channels.size();
  }

  private static @Nullable YamlNode find(YamlNode list, String name, boolean addressed) {
    for (int i = 0; i < list.items().size(); i++) {
      if (nameOf(list.items().get(i), i, addressed).equals(name)) {
        return list.items().get(i);
      }
    }
    return null;
  }

  private static String nameOf(YamlNode item, int index, boolean addressed) {
    String channel = item.textOf(CHANNEL);
    if (!channel.isEmpty()) {
      String address = item.textOf("url").isEmpty() ? channel : item.textOf("url");
      return addressed ? channel + "\n" + address : channel;
    }
    return NAMES.stream()
        .map(item::textOf)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("#" + index);
  }

  /** Returns a copy without the values at these paths. */
  public static YamlNode without(YamlNode node, Set<String> paths, String at) {
    if (node.isMap()) {
      Map<String, Entry> retained = new LinkedHashMap<>();
      node.entries()
          .forEach(
              (key, entry) -> {
                String path = at.isEmpty() ? key : at + "." + key;
                if (!paths.contains(path)) {
                  YamlNode value = without(entry.value(), paths, path);
                  boolean emptied = isEmpty(value) && !isEmpty(entry.value());
                  if (!emptied) {
                    retained.put(key, new Entry(entry.key(), value));
                  }
                }
              });
      return YamlNode.map(retained, node.place());
    }
    if (node.isList()) {
      List<YamlNode> retained = new ArrayList<>();
      for (int i = 0; i < node.items().size(); i++) {
        String path = at + "[" + i + "]";
        if (!paths.contains(path)) {
          retained.add(without(node.items().get(i), paths, path));
        }
      }
      return YamlNode.list(retained, node.place());
    }
    return node;
  }

  private static boolean isEmpty(YamlNode node) {
    return (node.isMap() && node.entries().isEmpty()) || (node.isList() && node.items().isEmpty());
  }

  /** Returns a copy with a value added to the list of a key. */
  public static YamlNode append(YamlNode map, String key, YamlNode value) {
    List<YamlNode> items = new ArrayList<>(map.items(key));
    items.add(Objects.requireNonNull(value));
    return map.with(key, YamlNode.list(items, YamlNode.SourcePosition.NONE));
  }
}
