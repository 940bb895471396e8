package io.meshwork.odcs.internal.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.file.JsonArrayRows;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.odcs.internal.profile.TextValueParser.TextValue;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Profiles the rows of a file of JSON objects: one per line, or in one array. */
public final class JsonSource {
  private static final int MAX_DEPTH = 40;
  private static final int MAX_NAMES = 10_000;
  private static final int MAX_DIGITS = 38;

  /** The bytes of a character in UTF-32. */
  private static final int LONGEST_UNIT = 4;

  /** A decimal number with more digits may be no double. */
  private static final int DIGITS_OF_DOUBLES = 15;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(TextRowParser.MAX_LENGTH)
                  .maxNumberLength(1_000)
                  .maxNameLength(1_000)
                  .build())
          .build();

  private final JsonParser in;
  private final String source;
  private final SourceProfile observed;
  private int names;
  private boolean spread;

  private JsonSource(JsonParser in, String source) {
    this(in, source, new SourceProfile());
  }

  private JsonSource(JsonParser in, String source, SourceProfile observed) {
    this.in = in;
    this.source = source;
    this.observed = observed;
  }

  /**
   * Reads objects. If the text is not JSON, but most of its lines are objects, the other lines are
   * skipped.
   */
  public static SourceProfile read(CsvSource.Content content, String source) throws IOException {
    try (InputStream in = content.open();
        JsonParser parser = JSON.createParser(in)) {
      if (!isUtf8OrArray(content)) {
        throw SourceErrors.malformed(
            source, "its objects are UTF-16 or UTF-32, not UTF-8", "Save it as UTF-8.");
      }
      return new JsonSource(parser, source).all();
    } catch (MeshException e) {
      if (e.errorCode() != ErrorCode.FILE_MALFORMED) {
        throw e;
      }
      try (InputStream in = content.open()) {
        SourceProfile observed = lines(in, source);
        if (observed.count() <= observed.skippedRows()) {
          throw e;
        }
        return observed;
      }
    }
  }

  /** False for lines that a publish does not read. JSON in UTF-8 has no zero bytes. */
  private static boolean isUtf8OrArray(CsvSource.Content content) throws IOException {
    try (InputStream in = new BufferedInputStream(content.open())) {
      in.mark(LONGEST_UNIT);
      boolean isUtf8 = true;
      for (byte each : in.readNBytes(LONGEST_UNIT)) {
        isUtf8 &= each != 0;
      }
      in.reset();
      return isUtf8 || JsonArrayRows.isArray(in);
    }
  }

  private static SourceProfile lines(InputStream in, String source) throws IOException {
    BufferedReader bytes =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
    SourceProfile observed = new SourceProfile();
    long number = 0;
    for (String line = bytes.readLine(); line != null; line = bytes.readLine()) {
      number++;
      String text;
      try {
        text = decoded(line);
      } catch (CharacterCodingException e) {
        observed.skip("line " + number + " is not UTF-8");
        continue;
      }
      String plain = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
      if (plain.isBlank()) {
        continue;
      }
      if (!isObject(plain)) {
        observed.skip("line " + number + " is not a JSON object");
        continue;
      }
      try (JsonParser parser = JSON.createParser(plain)) {
        new JsonSource(parser, source, observed).rows();
      }
    }
    return observed;
  }

  /** Returns the text of a line whose bytes are in the characters of a string. */
  private static String decoded(String bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
        .toString();
  }

  private static boolean isObject(String line) throws IOException {
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private SourceProfile all() throws IOException {
    try {
      rows();
      return observed;
    } catch (StreamConstraintsException e) {
      throw SourceErrors.tooLarge(
          source,
          "a value at or before " + location() + " is too deep, too long, or has too many digits",
          "Use at most " + MAX_DEPTH + " levels, and strings of at most 16 Mi characters.");
    } catch (JsonProcessingException e) {
      throw SourceErrors.malformed(
          source,
          location() + " is not valid JSON, or an object has a duplicate name",
          "Write one JSON object per line.");
    }
  }

  private String location() {
    return "line "
        + in.currentLocation().getLineNr()
        + ", column "
        + in.currentLocation().getColumnNr();
  }

  private void rows() throws IOException {
    JsonToken first = in.nextToken();
    boolean inArray = first == JsonToken.START_ARRAY;
    JsonToken token = inArray ? in.nextToken() : first;
    int previous = 0;
    for (; token != null; token = in.nextToken()) {
      if (inArray && token == JsonToken.END_ARRAY) {
        requireEnd();
        break;
      }
      if (token != JsonToken.START_OBJECT) {
        throw SourceErrors.malformed(
            source,
            "row " + (observed.count() + 1) + ", in " + location() + ", is not an object",
            "Write one JSON object per line.");
      }
      int line = in.currentTokenLocation().getLineNr();
      observed.beginRow();
      fields(observed.rows(), false);
      observed.endRow();
      int last = in.currentTokenLocation().getLineNr();
      if (!inArray && !spread && (last > line || line == previous)) {
        spread = true;
        observed.remark(
            (last > line ? "an object has several lines" : "a line has several objects")
                + ": a publish reads an array of objects, or one object in each line");
      }
      previous = last;
    }
    if (observed.count() == 0) {
      throw SourceErrors.malformed(source, "it has no rows", "Use a file with rows.");
    }
  }

  private void requireEnd() throws IOException {
    if (in.nextToken() != null) {
      throw SourceErrors.malformed(
          source, "the text goes on after the array, in " + location(), "Write one array.");
    }
  }

  private void fields(RecordProfile record, boolean nested) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      int before = record.fields().size();
      ValueProfile field = nested ? record.nestedField(name) : record.field(name);
      names += Math.max(0, record.fields().size() - before);
      if (names > MAX_NAMES) {
        throw SourceErrors.tooLarge(
            source,
            "at " + location() + " its objects have more than " + MAX_NAMES + " names",
            "Put values whose names are data into a separate object, or into an array.");
      }
      in.nextToken();
      value(field);
    }
  }

  private void value(ValueProfile field) throws IOException {
    switch (in.currentToken()) {
      case VALUE_NULL -> field.addNull();
      case VALUE_TRUE, VALUE_FALSE -> field.add(ValueKind.BOOLEAN, in.getBooleanValue());
      case VALUE_NUMBER_INT -> whole(field);
      case VALUE_NUMBER_FLOAT -> floating(field);
      case VALUE_STRING -> TextValueParser.text(in.getText()).addTo(field);
      case START_OBJECT -> fields(field.addRecord(), true);
      case START_ARRAY -> {
        ValueProfile elements = field.addList();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          value(elements);
        }
      }
      default -> throw new IllegalStateException("no value starts with " + in.currentToken());
    }
  }

  private void whole(ValueProfile field) throws IOException {
    BigInteger number = in.getBigIntegerValue();
    if (number.bitLength() < Long.SIZE) {
      field.add(ValueKind.WHOLE, number.longValueExact());
    } else if (new BigDecimal(number).precision() <= MAX_DIGITS) {
      field.add(ValueKind.BIG_WHOLE, new BigDecimal(number));
    } else if (TextRowParser.isDouble(in.getText())) {
      field.add(ValueKind.LONG_WHOLE, number);
    } else {
      field.add(ValueKind.VAST, in.getText());
    }
  }

  /**
   * A number with a fraction is exact, unless it is as long as programs write a double. A number
   * that no column accepts is stored as a string.
   */
  private void floating(ValueProfile field) throws IOException {
    String text = in.getText();
    TextValue number = TextValueParser.number(text, text);
    if (number != null && number.kind() == ValueKind.DECIMAL && !isDouble(text)) {
      field.add(ValueKind.DECIMAL, number.value());
    } else if (TextRowParser.isDouble(text)) {
      field.add(ValueKind.FLOATING, Double.valueOf(text));
    } else {
      field.add(ValueKind.VAST, text);
    }
  }

  /** True for the digits of a double that has no shorter form. */
  private static boolean isDouble(String text) {
    BigDecimal number = new BigDecimal(text);
    return number.precision() > DIGITS_OF_DOUBLES
        && number.compareTo(new BigDecimal(Double.valueOf(text).toString())) == 0;
  }
}
