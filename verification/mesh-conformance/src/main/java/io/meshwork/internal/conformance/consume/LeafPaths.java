package io.meshwork.internal.conformance.consume;

import io.meshwork.internal.conformance.fixture.RowMaps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The paths to all leaf fields of a record, and the projection of a row to one path. */
final class LeafPaths {
  private LeafPaths() {}

  static List<String> of(Schema record) {
    List<String> paths = new ArrayList<>();
    record(record, "", paths);
    return paths;
  }

  private static void record(Schema record, String prefix, List<String> paths) {
    for (Schema.Field field : record.getFields()) {
      value(field.schema(), prefix + field.name(), paths);
    }
  }

  private static void value(Schema type, String path, List<String> paths) {
    switch (type.getType()) {
      case UNION -> value(type.getTypes().get(1), path, paths);
      case RECORD -> record(type, path + ".", paths);
      case ARRAY -> value(type.getElementType(), path + "[]", paths);
      case MAP -> value(type.getValueType(), path + "{}", paths);
      default -> paths.add(path);
    }
  }

  static Map<String, Object> part(Map<?, ?> record, String path) {
    int end = 0;
    while (end < path.length() && ".[{".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    String name = path.substring(0, end);
    Map<String, Object> part = new LinkedHashMap<>();
    RowMaps.put(part, name, inner(record.get(name), path.substring(end)));
    return part;
  }

  private static @Nullable Object inner(@Nullable Object value, String path) {
    if (value == null || path.isEmpty()) {
      return value;
    } else if (path.startsWith("[]")) {
      List<@Nullable Object> elements = new ArrayList<>();
      ((List<?>) value).forEach(element -> elements.add(inner(element, path.substring(2))));
      return elements;
    } else if (path.startsWith("{}")) {
      Map<String, Object> entries = new LinkedHashMap<>();
      ((Map<?, ?>) value)
          .forEach(
              (key, entry) ->
                  RowMaps.put(entries, String.valueOf(key), inner(entry, path.substring(2))));
      return entries;
    }
    return part((Map<?, ?>) value, path.substring(1));
  }
}
