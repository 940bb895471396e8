package io.meshwork.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the CSV files of a product are written, where that is not the plain form: a property of the
 * record of its rows, with the name of {@link TextForm}. Immutable.
 *
 * @param separator the separator of cells; null for the usual one
 * @param charset the charset; null for UTF-8
 * @param header false if the first line is a row, whose cells are in the order of the columns
 */
public record TextFileForm(
    @Nullable Character separator, @Nullable Charset charset, boolean header) {
  /** The plain form. */
  public static final TextFileForm PLAIN = new TextFileForm(null, null, true);

  private static final String SEPARATOR = "separator";
  private static final String CHARSET = "charset";
  private static final String HEADER = "header";

  /** Returns the form that a record declares; the plain one if it declares none. */
  public static TextFileForm of(Schema rows) {
    if (!(rows.getObjectProp(TextForm.PROPERTY) instanceof Map<?, ?> form)) {
      return PLAIN;
    }
    return new TextFileForm(
        form.get(SEPARATOR) instanceof String text ? (Character) text.charAt(0) : null,
        form.get(CHARSET) instanceof String name && Charset.isSupported(name)
            ? Charset.forName(name)
            : null,
        !Boolean.FALSE.equals(form.get(HEADER)));
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
    if (separator != null) {
      members.put(SEPARATOR, separator.toString());
    }
    return members;
  }

  /** Declares the form, unless it is the plain one. */
  public void declare(Schema rows) {
    if (!equals(PLAIN)) {
      rows.addProp(TextForm.PROPERTY, members());
    }
  }

  /** True if the value of the property has the members of the form of files. */
  static boolean isForm(JsonNode value) {
    List<String> unknown = new ArrayList<>();
    value.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(List.of(SEPARATOR, CHARSET, HEADER));
    return value.isObject()
        && unknown.isEmpty()
        && (!value.has(SEPARATOR)
            || (value.get(SEPARATOR).isTextual() && value.get(SEPARATOR).asText().length() == 1))
        && (!value.has(CHARSET) || isCharset(value.get(CHARSET)))
        && (!value.has(HEADER) || value.get(HEADER).isBoolean());
  }

  private static boolean isCharset(JsonNode name) {
    try {
      return name.isTextual() && Charset.isSupported(name.asText());
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }
}
