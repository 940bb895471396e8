package io.meshwork.internal.schema;

import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.product.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Some of a table's columns, named by paths: {@code customer.city} is a field of a struct, {@code
 * lines[].price} of a list's elements, {@code parts{}.price} of a map's values.
 */
public final class ColumnPaths {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]{}]+)((?:\\[]|\\{})*)(?:\\.|$)");
  private static final String ELEMENTS = "[]";
  private static final String VALUES = "{}";

  /** What is wanted below here; nothing below means all. */
  private final Map<String, ColumnPaths> below = new LinkedHashMap<>();

  private ColumnPaths() {}

  /**
   * Lets paths through that a caller named, be there such columns or not.
   *
   * @throws io.meshwork.error.InvalidRequestException if there is none, or they overlap
   */
  public static void check(List<String> paths) {
    if (paths.isEmpty() || overlap(paths)) {
      throw Arguments.refused(
          "columns",
          paths.isEmpty() ? "names no column" : "names a column twice, or one within another",
          "Name each wanted column once, or leave it out for all.");
    }
  }

  private static boolean overlap(List<String> paths) {
    for (int i = 0; i < paths.size(); i++) {
      for (int j = 0; j < paths.size(); j++) {
        List<String> outer = steps(paths.get(i));
        List<String> inner = steps(paths.get(j));
        if (i != j
            && !outer.isEmpty()
            && inner.size() >= outer.size()
            && inner.subList(0, outer.size()).equals(outer)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A finding for each path that leads nowhere. */
  public static List<Finding> unknown(Schema table, List<String> paths) {
    List<Finding> findings = new ArrayList<>();
    for (String path : paths) {
      String mend = mend(table.asStruct(), path);
      if (mend != null) {
        findings.add(
            Finding.error(
                "COLUMN_UNKNOWN", Names.shown(path), "It is no column of the product.", mend));
      }
    }
    return findings;
  }

  /**
   * The columns with these paths, each in the place of its first mention, with the table's ids. All
   * paths are known; one that lies within another adds nothing.
   */
  public static Schema project(Schema table, List<String> paths) {
    ColumnPaths wanted = new ColumnPaths();
    for (String path : paths) {
      wanted.add(steps(path));
    }
    return new Schema(wanted.fields(table.asStruct()));
  }

  private void add(List<String> steps) {
    ColumnPaths here = this;
    for (int i = 0; i < steps.size(); i++) {
      ColumnPaths next = here.below.get(steps.get(i));
      if (next == null) {
        next = new ColumnPaths();
        here.below.put(steps.get(i), next);
      } else if (next.below.isEmpty()) {
        return;
      }
      here = next;
    }
    here.below.clear();
  }

  private List<Types.NestedField> fields(Types.StructType struct) {
    List<Types.NestedField> fields = new ArrayList<>();
    below.forEach(
        (name, paths) -> {
          Types.NestedField field = struct.field(name);
          fields.add(Types.NestedField.from(field).ofType(paths.of(field.type())).build());
        });
    return fields;
  }

  private Type of(Type type) {
    if (below.isEmpty()) {
      return type;
    } else if (type instanceof Types.ListType list) {
      Type element = step(ELEMENTS).of(list.elementType());
      return list.isElementOptional()
          ? Types.ListType.ofOptional(list.elementId(), element)
          : Types.ListType.ofRequired(list.elementId(), element);
    } else if (type instanceof Types.MapType map) {
      Type value = step(VALUES).of(map.valueType());
      return map.isValueOptional()
          ? Types.MapType.ofOptional(map.keyId(), map.valueId(), map.keyType(), value)
          : Types.MapType.ofRequired(map.keyId(), map.valueId(), map.keyType(), value);
    }
    return Types.StructType.of(fields(type.asStructType()));
  }

  private ColumnPaths step(String name) {
    ColumnPaths next = below.get(name);
    if (next == null) {
      throw new IllegalStateException("a path was not checked: " + below.keySet());
    }
    return next;
  }

  /** What to write instead of a path that leads nowhere; null if it leads to a column. */
  static @Nullable String mend(Types.StructType table, String path) {
    List<String> steps = steps(path);
    if (steps.isEmpty()) {
      return "Write a path as customer.city, lines[].price or parts{}.price.";
    }
    Type type = table;
    StringBuilder known = new StringBuilder();
    for (String step : steps) {
      Type next = next(type, step);
      if (next == null) {
        return instead(type, step, known.toString());
      }
      known.append(known.isEmpty() || step.equals(ELEMENTS) || step.equals(VALUES) ? "" : ".");
      known.append(step);
      type = next;
    }
    return null;
  }

  static @Nullable Type next(Type type, String step) {
    if (type instanceof Types.StructType struct) {
      Types.NestedField field = struct.field(step);
      return field == null ? null : field.type();
    } else if (type instanceof Types.ListType list) {
      return step.equals(ELEMENTS) ? list.elementType() : null;
    } else if (type instanceof Types.MapType map) {
      return step.equals(VALUES) ? map.valueType() : null;
    }
    return null;
  }

  private static String instead(Type type, String step, String known) {
    if (type instanceof Types.StructType struct) {
      List<String> names = struct.fields().stream().map(Types.NestedField::name).toList();
      String where = known.isEmpty() ? "" : known + ".";
      return NearestName.to(step, names)
          .map(near -> "Did you mean '" + where + near + "'?")
          .orElse(
              known.isEmpty()
                  ? "The columns are " + names + "."
                  : "The fields of " + known + " are " + names + ".");
    } else if (type.isListType()) {
      return "'" + known + "' is a list: write '" + known + "[]' for its elements.";
    } else if (type.isMapType()) {
      return "'" + known + "' is a map: write '" + known + "{}' for its values.";
    }
    return "'" + known + "' has nothing inside of it.";
  }

  /** The steps of a path, without those at its end that only say all; none if it is no path. */
  private static List<String> steps(String path) {
    List<String> steps = allSteps(path);
    while (!steps.isEmpty() && isInner(steps.get(steps.size() - 1))) {
      steps.remove(steps.size() - 1);
    }
    return steps;
  }

  /** The steps of a path; none if it is no path. */
  static List<String> allSteps(String path) {
    List<String> steps = new ArrayList<>();
    Matcher step = STEP.matcher(path);
    int end = 0;
    while (end < path.length() && step.find(end) && step.start() == end) {
      steps.add(step.group(1));
      for (int i = 0; i < step.group(2).length(); i += 2) {
        steps.add(step.group(2).substring(i, i + 2));
      }
      end = step.end();
    }
    if (end < path.length() || path.endsWith(".")) {
      return new ArrayList<>();
    }
    return steps;
  }

  private static boolean isInner(String step) {
    return step.equals(ELEMENTS) || step.equals(VALUES);
  }
}
