package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the values of a column are written in files of text, where that is not the plain form of its
 * type: a property of an Avro field. Immutable.
 *
 * @param format a pattern of a date or time, an example of a number such as {@code 1.234,56}, or
 *     the strings for true and false such as {@code Yes/No}; null for the plain form
 * @param nulls strings that mean null in this column, also in quotes
 * @param trimmed true to ignore spaces around values
 */
public record TextFormat(@Nullable String format, Set<String> nulls, boolean trimmed) {
  /** The property's name, also for the whole file, on the record; its value is an object. */
  public static final String PROPERTY = "meshwork.textForm";

  /** The plain form. */
  public static final TextFormat PLAIN = new TextFormat(null, Set.of(), false);

  private static final String FORMAT = "format";
  private static final String NULLS = "nulls";
  private static final String TRIM = "trim";

  public TextFormat {
    nulls = Set.copyOf(nulls);
  }

  /** Returns the form that a field declares; the plain one if it declares none. */
  public static TextFormat of(Schema.Field field) {
    if (!(field.getObjectProp(PROPERTY) instanceof Map<?, ?> format)) {
      return PLAIN;
    }
    Set<String> nulls = new LinkedHashSet<>();
    if (format.get(NULLS) instanceof Collection<?> texts) {
      texts.forEach(text -> nulls.add(String.valueOf(text)));
    }
    return new TextFormat(
        format.get(FORMAT) instanceof String text ? text : null,
        nulls,
        Boolean.TRUE.equals(format.get(TRIM)));
  }

  /** Returns the members of the property; empty for the plain form. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    if (format != null) {
      members.put(FORMAT, format);
    }
    if (!nulls.isEmpty()) {
      members.put(NULLS, nulls.stream().sorted().toList());
    }
    if (trimmed) {
      members.put(TRIM, true);
    }
    return members;
  }

  /** Declares the form, unless it is the plain one. */
  public void declare(Schema.Field field) {
    if (!isPlain()) {
      field.addProp(PROPERTY, members());
    }
  }

  public boolean isPlain() {
    return equals(PLAIN);
  }

  /** True if the value of the property has the members of a column's form. */
  static boolean isForm(JsonNode value) {
    List<String> unknown = new ArrayList<>();
    value.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(List.of(FORMAT, NULLS, TRIM));
    return value.isObject()
        && unknown.isEmpty()
        && areTexts(value.path(NULLS))
        && (!value.has(FORMAT) || value.get(FORMAT).isTextual())
        && (!value.has(TRIM) || value.get(TRIM).isBoolean());
  }

  /** True if a member is missing, or an array of strings. */
  static boolean areTexts(JsonNode member) {
    boolean texts = member.isMissingNode() || member.isArray();
    for (JsonNode text : member) {
      texts &= text.isTextual();
    }
    return texts;
  }
}
