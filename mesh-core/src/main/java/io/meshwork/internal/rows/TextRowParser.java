package io.meshwork.internal.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.meshwork.internal.schema.JsonText;
import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.schema.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Parses rows of text files by the types that a contract declares. A value without the form of its
 * type keeps its text; nothing is guessed. Not thread-safe.
 */
public final class TextRowParser {
  private static final Pattern ZERO = Pattern.compile("-?0*\\.?0*([eE].*)?");

  /** The longest line, cell, or text, in characters. */
  public static final int MAX_LENGTH = 16 << 20;

  /** The most levels of objects and arrays in a value. */
  public static final int MAX_DEPTH = 64;

  /** Creates parsers with the limits of a row. An object with a member twice is an error. */
  public static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_LENGTH)
                  .maxNumberLength(1_000)
                  .maxNameLength(1_000)
                  .build())
          .build();

  private final NamesInFiles<TextColumn> columns;
  private final boolean ignoringUnknownColumns;

  /**
   * Creates a parser.
   *
   * @param declared the contract's Avro record
   * @param ignoringUnknownColumns true to skip members of objects that it does not declare
   */
  public TextRowParser(Schema declared, boolean ignoringUnknownColumns) {
    this(declared, ignoringUnknownColumns, TextFormat::of);
  }

  /**
   * Creates a parser of values in declared formats.
   *
   * @param declared the contract's Avro record
   * @param ignoringUnknownColumns true to skip members of objects that it does not declare
   * @param formats how the values of a field are written
   * @throws IllegalArgumentException if a form is none of its field's type
   */
  public TextRowParser(
      Schema declared, boolean ignoringUnknownColumns, Function<Schema.Field, TextFormat> formats) {
    this.columns = TextColumn.of(declared, "", formats);
    this.ignoringUnknownColumns = ignoringUnknownColumns;
  }

  /** True if a column of doubles accepts the number, and does not round it to zero. */
  public static boolean isDouble(String number) {
    return ScalarText.parse(ColumnKind.DOUBLE, number) instanceof Double value
        && (value != 0 || ZERO.matcher(number).matches());
  }

  /**
   * Parses the cells of a line.
   *
   * @param names the column of each cell; null for a cell to skip
   * @param cells the strings; null for null
   */
  public TextRow cells(List<@Nullable String> names, List<@Nullable String> cells) {
    TextRow row = new TextRow();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      TextColumn column = name == null ? null : columns.find(name);
      if (name != null && column != null) {
        String text = cells.get(i);
        row.put(name, text == null ? null : cell(column, text, row));
      }
    }
    return row;
  }

  private @Nullable Object cell(TextColumn column, String text, TextRow row) {
    if (!column.kind().nested()) {
      return scalar(column, text, row);
    }
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != null) {
        Object value = value(json, column, row);
        if (json.nextToken() == null) {
          return value;
        }
      }
    } catch (IOException e) {
      // The text is stored below.
    }
    row.refuse(column.path(), "a text that is not " + ScalarText.form(column.kind()));
    return text;
  }

  /** Parses a line that is one JSON object. */
  public TextRow json(String line) {
    TextRow row = new TextRow();
    try (JsonParser json = JSON.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return TextRow.malformed("the line is not a JSON object");
      }
      members(json, columns, row, row);
      return json.nextToken() == null
          ? row
          : TextRow.malformed(
              "the line has more than one JSON value, at column "
                  + json.currentTokenLocation().getColumnNr());
    } catch (StreamConstraintsException e) {
      return TextRow.malformed("the line exceeds a limit of depth or length" + at(e));
    } catch (RepeatedColumnException e) {
      return TextRow.malformed("the line has a column under both of its names" + at(e));
    } catch (JsonProcessingException e) {
      return TextRow.malformed("the line is not valid JSON" + at(e));
    } catch (IOException e) {
      return TextRow.malformed("the line is not valid JSON");
    }
  }

  /** A member with the name of a column, and one with its name in files. */
  private static final class RepeatedColumnException extends JsonParseException {
    private static final long serialVersionUID = 1L;

    RepeatedColumnException(JsonParser json) {
      super(json, "a column occurs twice");
    }
  }

  private static String at(JsonProcessingException e) {
    return e.getLocation() == null ? "" : ", at column " + e.getLocation().getColumnNr();
  }

  private void members(
      JsonParser json,
      NamesInFiles<TextColumn> known,
      TextRow row,
      Map<String, @Nullable Object> values)
      throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      TextColumn column = known.find(name);
      json.nextToken();
      if (column != null) {
        if (values.containsKey(column.name())) {
          throw new RepeatedColumnException(json);
        }
        values.put(column.name(), value(json, column, row));
      } else if (ignoringUnknownColumns) {
        json.skipChildren();
      } else {
        values.put(name, untyped(json));
      }
    }
  }

  /** Reads the value at the current token. */
  private @Nullable Object value(JsonParser json, TextColumn column, TextRow row)
      throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == JsonToken.VALUE_STRING && !column.kind().nested()) {
      return scalar(column, json.getText(), row);
    }
    FormattedText format = column.format();
    if (format != null && token == JsonToken.VALUE_NUMBER_INT) {
      Object formed = format.parseNumber(json.getText());
      if (formed != null) {
        return formed;
      }
    }
    boolean object = token == JsonToken.START_OBJECT;
    boolean array = token == JsonToken.START_ARRAY;
    return switch (column.kind()) {
      case RECORD -> object ? record(json, column, row) : refused(json, column, row);
      case MAP -> object ? map(json, column, row) : refused(json, column, row);
      case LIST -> array ? list(json, column, row) : refused(json, column, row);
      case BOOLEAN ->
          token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
              ? (Object) json.getBooleanValue()
              : refused(json, column, row);
      case INT, LONG ->
          token == JsonToken.VALUE_NUMBER_INT
              ? plain(column, json.getText(), row)
              : refused(json, column, row);
      case STRING -> JsonText.isDeclared(column.type()) ? text(json) : refused(json, column, row);
      case FLOAT, DOUBLE, DECIMAL ->
          token.isNumeric() ? plain(column, json.getText(), row) : refused(json, column, row);
      default -> refused(json, column, row);
    };
  }

  /**
   * Returns a parser of a stream with the limits of a row. Objects with a member twice are found
   * when they are parsed as rows.
   */
  public static JsonParser json(InputStream content) throws IOException {
    return JSON.createParser(content).disable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  }

  /** Returns the JSON text of the current value: numbers as written, and no spaces. */
  public static String text(JsonParser json) throws IOException {
    if (json.currentToken().isScalarValue()) {
      return json.getText();
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      int level = 0;
      do {
        JsonToken token = level == 0 ? json.currentToken() : json.nextToken();
        level += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        copy(json, token, out);
      } while (level > 0);
    }
    return text.toString();
  }

  private static void copy(JsonParser json, JsonToken token, JsonGenerator out) throws IOException {
    switch (token) {
      case START_OBJECT -> out.writeStartObject();
      case END_OBJECT -> out.writeEndObject();
      case START_ARRAY -> out.writeStartArray();
      case END_ARRAY -> out.writeEndArray();
      case FIELD_NAME -> out.writeFieldName(json.currentName());
      case VALUE_STRING -> out.writeString(json.getText());
      case VALUE_NULL -> out.writeNull();
      case VALUE_TRUE, VALUE_FALSE -> out.writeBoolean(json.getBooleanValue());
      default -> out.writeNumber(json.getText());
    }
  }

  private Map<String, @Nullable Object> record(JsonParser json, TextColumn column, TextRow row)
      throws IOException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    members(json, column.fields(), row, values);
    return values;
  }

  private Map<String, @Nullable Object> map(JsonParser json, TextColumn column, TextRow row)
      throws IOException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      values.put(key, value(json, column.element(), row));
    }
    return values;
  }

  private List<@Nullable Object> list(JsonParser json, TextColumn column, TextRow row)
      throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(json, column.element(), row));
    }
    return values;
  }

  private static @Nullable Object scalar(TextColumn column, String text, TextRow row) {
    FormattedText format = column.format();
    if (format == null) {
      return plain(column, text, row);
    }
    Object value = format.parse(text);
    if (value == FormattedText.NULL) {
      return null;
    }
    if (value != null) {
      return value;
    }
    return refused(column, text, format.description(), row);
  }

  private static Object plain(TextColumn column, String text, TextRow row) {
    Object value = ScalarText.parse(column.kind(), text);
    if (value != null) {
      return value;
    }
    return refused(column, text, ScalarText.form(column.kind()), row);
  }

  /** Stores a string without the form of its column. */
  private static String refused(TextColumn column, String text, String format, TextRow row) {
    boolean code = FormattedText.isNumber(column.kind()) && NumberText.hasLeadingZero(text.strip());
    row.refuse(
        column.path(),
        (code
                ? "digits with a leading zero, which a number does not keep, not "
                : "a text that is not ")
            + format);
    return text;
  }

  /** Keeps a value whose JSON type does not fit. Its class does not fit the column either. */
  private static Object refused(JsonParser json, TextColumn column, TextRow row)
      throws IOException {
    String type =
        switch (json.currentToken()) {
          case START_OBJECT -> "a JSON object";
          case START_ARRAY -> "a JSON array";
          case VALUE_TRUE, VALUE_FALSE -> "a JSON boolean";
          case VALUE_STRING -> "a JSON string";
          default -> "a JSON number";
        };
    row.refuse(column.path(), type + ", where the column needs " + ScalarText.form(column.kind()));
    return Objects.requireNonNull(untyped(json)); // the token is not null
  }

  private static Object number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return new OutOfRangeNumber(text); // its exponent is out of range
    }
  }

  /** Reads a value without a declared type. */
  private static @Nullable Object untyped(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case START_OBJECT:
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          json.nextToken();
          members.put(name, untyped(json));
        }
        return members;
      case START_ARRAY:
        List<@Nullable Object> elements = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          elements.add(untyped(json));
        }
        return elements;
      case VALUE_TRUE:
      case VALUE_FALSE:
        return json.getBooleanValue();
      case VALUE_NULL:
        return null;
      case VALUE_STRING:
        return json.getText();
      default:
        return number(json.getText());
    }
  }
}
