package io.meshwork.conformance.runner;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The data of an ODCS document as SnakeYAML Engine loads it, independent of how Meshwork reads it.
 */
final class YamlData {
  private static final String TEAM = "team";
  private static final String VERSION = "apiVersion";
  private static final String OBJECTS = "schema";

  private final Map<?, ?> root;

  private YamlData(Map<?, ?> root) {
    this.root = root;
  }

  static YamlData read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setMaxAliasesForCollections(100)
            .setCodePointLimit(16 << 20)
            .build();
    @Nullable Object loaded = new Load(settings).loadFromString(text);
    return new YamlData((Map<?, ?>) Objects.requireNonNull(merged(loaded)));
  }

  /** The same with the maps that merge keys name put in. */
  private static @Nullable Object merged(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(each -> merged(each)).toList();
    }
    if (!(value instanceof Map<?, ?> map)) {
      return value == null ? "null of YAML" : value;
    }
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    List<Map<?, ?>> named = named(map.get("<<"));
    map.forEach(
        (key, each) -> {
          if (named.isEmpty() || !"<<".equals(key)) {
            all.put(String.valueOf(key), merged(each));
          }
        });
    for (Map<?, ?> each : named) {
      each.forEach((key, inner) -> all.putIfAbsent(String.valueOf(key), merged(inner)));
    }
    return all;
  }

  /** The maps that a merge key names; none for a key that was quoted and has another value. */
  private static List<Map<?, ?>> named(@Nullable Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    for (Object each : value instanceof List<?> list ? list : Collections.singletonList(value)) {
      if (!(each instanceof Map<?, ?> map)) {
        return List.of();
      }
      maps.add(map);
    }
    return maps;
  }

  /** The document with one of its objects alone. */
  YamlData withObject(int index) {
    Map<Object, @Nullable Object> one = new LinkedHashMap<>(root);
    List<?> objects = (List<?>) Objects.requireNonNull(root.get(OBJECTS));
    one.put(OBJECTS, List.of(objects.get(index)));
    return new YamlData(one);
  }

  /**
   * Returns where an export has other data; null if nowhere. Its version may be higher, and its
   * team an object with the members.
   */
  @Nullable String difference(YamlData export) {
    Map<Object, @Nullable Object> expected = new LinkedHashMap<>(root);
    Object version = export.root.get(VERSION);
    if (Set.of("v3.1.0", "v3.2.0").contains(String.valueOf(version))) {
      expected.put(VERSION, version);
    }
    if (root.get(TEAM) instanceof List<?> members && export.root.get(TEAM) instanceof Map<?, ?>) {
      expected.put(TEAM, Map.of("members", members));
    }
    return difference("", expected, export.root);
  }

  private static @Nullable String difference(
      String path, @Nullable Object expected, @Nullable Object written) {
    if (expected instanceof Map<?, ?> map && written instanceof Map<?, ?> otherMap) {
      TreeSet<String> keys = new TreeSet<>();
      map.keySet().forEach(key -> keys.add(String.valueOf(key)));
      otherMap.keySet().forEach(key -> keys.add(String.valueOf(key)));
      for (String key : keys) {
        String inner = path.isEmpty() ? key : path + "." + key;
        String difference = difference(inner, map.get(key), otherMap.get(key));
        if (difference != null) {
          return difference;
        }
      }
      return null;
    }
    if (expected instanceof List<?> list
        && written instanceof List<?> otherList
        && list.size() == otherList.size()) {
      for (int i = 0; i < list.size(); i++) {
        String difference = difference(path + "[" + i + "]", list.get(i), otherList.get(i));
        if (difference != null) {
          return difference;
        }
      }
      return null;
    }
    return isSame(expected, written) ? null : path + " is not exported as it was";
  }

  private static boolean isSame(@Nullable Object expected, @Nullable Object written) {
    if (expected instanceof Number && written instanceof Number) {
      String first = expected.toString();
      String second = written.toString();
      return first.equals(second)
          || (isFinite(first)
              && isFinite(second)
              && new BigDecimal(first).compareTo(new BigDecimal(second)) == 0);
    }
    if (expected instanceof Double number && number.isNaN()) {
      return ".nan".equalsIgnoreCase(String.valueOf(written));
    }
    return Objects.equals(expected, written);
  }

  private static boolean isFinite(String number) {
    return number.chars().anyMatch(Character::isDigit);
  }
}
