package io.meshwork.internal.schema;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Selects columns of a table by path: {@code customer.city} is a field of a struct, {@code
 * lines[].price} of a list's elements, {@code parts{}.price} of a map's values.
 */
public final class ColumnPaths {
  private static final Pattern STEP = Pattern.compile("([^.\\[\\]{}]+)((?:\\[]|\\{})*)(?:\\.|$)");
  private static final String ELEMENTS = "[]";
  private static final String VALUES = "{}";

  /** Only this many unknown paths are compared with all columns. */
  private static final int MAX_COMPARED = 100;

  private static final int MAX_SHOWN = 20;

  /** The selected parts by step; empty if everything is selected. */
  private final Map<String, ColumnPaths> below = new LinkedHashMap<>();

  private ColumnPaths() {}

  /**
   * Checks the syntax of a caller's paths, whether or not the columns exist.
   *
   * @throws io.meshwork.error.InvalidRequestException if a path is empty, or if paths overlap
   */
  public static void check(List<String> paths) {
    if (paths.isEmpty() || overlap(paths)) {
      throw ArgumentChecks.refused(
          "columns",
          paths.isEmpty() ? "contains no column" : "contains a column twice, or one within another",
          "Name each column once, or omit the list to select all columns.");
    }
  }

  private static boolean overlap(List<String> paths) {
    Set<List<String>> all = new HashSet<>();
    for (String path : paths) {
      List<String> steps = steps(path);
      if (!steps.isEmpty() && !all.add(steps)) {
        return true;
      }
    }
    for (List<String> steps : all) {
      for (int length = 1; length < steps.size(); length++) {
        if (all.contains(steps.subList(0, length))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns a finding for each path that does not exist. */
  public static List<Finding> unknown(Schema table, List<String> paths) {
    List<Finding> findings = new ArrayList<>();
    for (String path : paths) {
      String fix =
          findings.size() < MAX_COMPARED
              ? fix(table.asStruct(), path)
              : exists(table.asStruct(), path) ? null : "Name columns of the product.";
      if (fix != null) {
        findings.add(
            Finding.error(
                FindingCode.UNKNOWN_COLUMN,
                NameGrammar.quoted(path),
                "It is not a column of the product.",
                fix));
      }
    }
    return findings;
  }

  /**
   * Returns the columns with these paths, in order of first mention, with the table's IDs. All
   * paths exist; a path within another one is redundant.
   */
  public static Schema project(Schema table, List<String> paths) {
    ColumnPaths wanted = new ColumnPaths();
    for (String path : paths) {
      wanted.add(steps(path));
    }
    return new Schema(wanted.fields(table.asStruct()));
  }

  private void add(List<String> steps) {
    ColumnPaths current = this;
    for (int i = 0; i < steps.size(); i++) {
      ColumnPaths next = current.below.get(steps.get(i));
      if (next == null) {
        next = new ColumnPaths();
        current.below.put(steps.get(i), next);
      } else if (next.below.isEmpty()) {
        return;
      }
      current = next;
    }
    current.below.clear();
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

  /** Returns a suggestion for a path that does not exist; null if it exists. */
  static @Nullable String fix(Types.StructType table, String path) {
    List<String> steps = steps(path);
    if (steps.isEmpty()) {
      return "Write a path such as customer.city, lines[].price, or parts{}.price.";
    }
    Type type = table;
    StringBuilder knownPath = new StringBuilder();
    for (String step : steps) {
      Type next = next(type, step);
      if (next == null) {
        return instead(type, step, knownPath.toString());
      }
      knownPath.append(
          knownPath.isEmpty() || step.equals(ELEMENTS) || step.equals(VALUES) ? "" : ".");
      knownPath.append(step);
      type = next;
    }
    return null;
  }

  private static boolean exists(Types.StructType table, String path) {
    List<String> steps = steps(path);
    Type type = table;
    for (String step : steps) {
      type = type == null ? null : next(type, step);
    }
    return !steps.isEmpty() && type != null;
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

  private static String instead(Type type, String step, String knownPath) {
    if (type instanceof Types.StructType struct) {
      List<String> names = struct.fields().stream().map(Types.NestedField::name).toList();
      String where = knownPath.isEmpty() ? "" : knownPath + ".";
      return NearestName.to(step, names)
          .map(near -> "Did you mean '" + where + near + "'?")
          .orElse(
              knownPath.isEmpty()
                  ? "The columns are " + displayed(names) + "."
                  : "The fields of " + knownPath + " are " + displayed(names) + ".");
    } else if (type.isListType()) {
      return "'" + knownPath + "' is a list: write '" + knownPath + "[]' for its elements.";
    } else if (type.isMapType()) {
      return "'" + knownPath + "' is a map: write '" + knownPath + "{}' for its values.";
    }
    return "'" + knownPath + "' has no fields.";
  }

  private static String displayed(List<String> names) {
    return names.size() <= MAX_SHOWN
        ? names.toString()
        : names.subList(0, MAX_SHOWN) + " and " + (names.size() - MAX_SHOWN) + " more";
  }

  /**
   * Returns the steps of a path without trailing steps that select everything; empty if it is
   * malformed.
   */
  private static List<String> steps(String path) {
    List<String> steps = allSteps(path);
    while (!steps.isEmpty() && isInner(steps.get(steps.size() - 1))) {
      steps.remove(steps.size() - 1);
    }
    return steps;
  }

  /** Returns the steps of a path; empty if it is malformed. */
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
