package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
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
 * How the CSV files of a product are written, where that is not the plain form: a property of the
 * record of its rows, with the name of {@link TextFormat}. Immutable.
 *
 * @param separator the separator of cells; null for the usual one
 * @param charset the charset; null for UTF-8
 * @param quote the character that encloses cells; null for the usual one
 * @param nulls strings that mean null in all columns, unless they are quoted
 * @param header false if the first line is a row, whose cells are in the order of the columns
 */
public record TextFileFormat(
    @Nullable Character separator,
    @Nullable Charset charset,
    @Nullable Character quote,
    Set<String> nulls,
    boolean header) {
  /** The plain form. */
  public static final TextFileFormat PLAIN = new TextFileFormat(null, null, null, Set.of(), true);

  private static final String SEPARATOR = "separator";
  private static final String CHARSET = "charset";
  private static final String QUOTE = "quote";
  private static final String NULLS = "nulls";
  private static final String HEADER = "header";

  public TextFileFormat {
    nulls = Set.copyOf(nulls);
  }

  /** Returns the form that a record declares; the plain one if it declares none. */
  public static TextFileFormat of(Schema rows) {
    if (!(rows.getObjectProp(TextFormat.PROPERTY) instanceof Map<?, ?> format)) {
      return PLAIN;
    }
    Set<String> nulls = new LinkedHashSet<>();
    if (format.get(NULLS) instanceof Collection<?> texts) {
      texts.forEach(text -> nulls.add(String.valueOf(text)));
    }
    return new TextFileFormat(
        format.get(SEPARATOR) instanceof String text ? (Character) text.charAt(0) : null,
        format.get(CHARSET) instanceof String name && Charset.isSupported(name)
            ? Charset.forName(name)
            : null,
        format.get(QUOTE) instanceof String text ? (Character) text.charAt(0) : null,
        nulls,
        !Boolean.FALSE.equals(format.get(HEADER)));
  }

  /** Returns the members of the property, sorted; empty for the plain form. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    if (charset != null) {
      members.put(CHARSET, charset.name());
    }
    if (!header) {
      members.put(HEADER, false);
    }
    if (!nulls.isEmpty()) {
      members.put(NULLS, nulls.stream().sorted().toList());
    }
    if (quote != null) {
      members.put(QUOTE, quote.toString());
    }
    if (separator != null) {
      members.put(SEPARATOR, separator.toString());
    }
    return members;
  }

  /** Declares the form, unless it is the plain one. */
  public void declare(Schema rows) {
    if (!equals(PLAIN)) {
      rows.addProp(TextFormat.PROPERTY, members());
    }
  }

  /** True if the value of the property has the members of the form of files. */
  static boolean isForm(JsonNode value) {
    List<String> unknown = new ArrayList<>();
    value.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(List.of(SEPARATOR, CHARSET, QUOTE, NULLS, HEADER));
    return value.isObject()
        && unknown.isEmpty()
        && isCharacter(value.path(SEPARATOR))
        && isCharacter(value.path(QUOTE))
        && TextFormat.areTexts(value.path(NULLS))
        && (!value.has(CHARSET) || isCharset(value.get(CHARSET)))
        && (!value.has(HEADER) || value.get(HEADER).isBoolean());
  }

  private static boolean isCharacter(JsonNode text) {
    return text.isMissingNode() || (text.isTextual() && text.asText().length() == 1);
  }

  private static boolean isCharset(JsonNode name) {
    try {
      return name.isTextual() && Charset.isSupported(name.asText());
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }
}
