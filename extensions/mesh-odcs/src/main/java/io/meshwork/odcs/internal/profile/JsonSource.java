package io.meshwork.odcs.internal.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ingest.file.JsonArrayRows;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.internal.text.UnicodeText;
import io.meshwork.odcs.internal.profile.TextValueParser.TextValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Profiles the rows of a file of JSON objects: one per line, or in one array. */
public final class JsonSource {
  private static final int MAX_NAMES = 10_000;
  private static final int MAX_DIGITS = 38;

  /** The bytes of a character in UTF-32. */
  private static final int LONGEST_UNIT = 4;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final String TOO_LONG = "has more than " + TextRowParser.MAX_LENGTH + " bytes";
  private static final String NO_OBJECT = "is not a JSON object";
  private static final String LONE_SURROGATE = "has a lone surrogate, which is not a character";

  /** A decimal number with more digits may be no double. */
  private static final int DIGITS_OF_DOUBLES = 15;

  /** What may make a row bad, and not the file. */
  private static final Set<ErrorCode> FAULTS_OF_ROWS =
      EnumSet.of(ErrorCode.FILE_MALFORMED, ErrorCode.LIMIT_EXCEEDED);

  private static final JsonFactory JSON = TextRowParser.JSON;

  private final JsonParser in;
  private final long linesBefore;
  private final String source;
  private final SourceProfile observed;
  private boolean spread;

  private JsonSource(JsonParser in, long linesBefore, String source, SourceProfile observed) {
    this.in = in;
    this.linesBefore = linesBefore;
    this.source = source;
    this.observed = observed;
  }

  /**
   * Reads objects. If a publish finds some lines, or elements of an array, to be bad, these are
   * skipped, unless they are most of them.
   */
  public static SourceProfile read(CsvSource.Content content, String source) throws IOException {
    boolean inArray = isArray(content);
    try (InputStream in = content.open();
        JsonParser parser = inArray ? JSON.createParser(in) : JSON.createParser(text(in, source))) {
      if (!inArray && hasZeros(content)) {
        throw SourceErrors.malformed(
            source, "its objects are UTF-16 or UTF-32, not UTF-8", "Save it as UTF-8.");
      }
      return new JsonSource(parser, 0, source, new SourceProfile()).all();
    } catch (MeshException e) {
      if (!FAULTS_OF_ROWS.contains(e.errorCode())) {
        throw e;
      }
      try (InputStream in = new BufferedInputStream(content.open())) {
        SourceProfile observed = inArray ? elements(in, source) : lines(in, source);
        if (observed.count() <= observed.skippedRows()) {
          throw e;
        }
        return observed;
      } catch (JsonProcessingException damaged) {
        throw e;
      }
    }
  }

  private static boolean isArray(CsvSource.Content content) throws IOException {
    try (InputStream in = new BufferedInputStream(content.open())) {
      return JsonArrayRows.isArray(in);
    }
  }

  /** True for lines that a publish does not read. JSON in UTF-8 has no zero bytes. */
  private static boolean hasZeros(CsvSource.Content content) throws IOException {
    try (InputStream in = content.open()) {
      for (byte each : in.readNBytes(LONGEST_UNIT)) {
        if (each == 0) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Decodes UTF-8 as strictly as a publish, without a byte order mark. Carriage returns are tabs,
   * which JSON allows in the same places, because they end no line of a publish.
   *
   * @throws MeshException if a line is longer than a publish reads
   */
  private static Reader text(InputStream in, String source) throws IOException {
    PushbackInputStream start = new PushbackInputStream(in, BYTE_ORDER_MARK.length);
    byte[] first = start.readNBytes(BYTE_ORDER_MARK.length);
    if (!Arrays.equals(first, BYTE_ORDER_MARK)) {
      start.unread(first);
    }
    Reader text = new InputStreamReader(start, StandardCharsets.UTF_8.newDecoder());
    return new FilterReader(text) {
      private long line = 1;
      private int bytes;

      @Override
      public int read(char[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        for (int i = offset; i < offset + count; i++) {
          line += buffer[i] == '\n' ? 1 : 0;
          bytes = buffer[i] == '\n' ? 0 : bytes + bytesOf(buffer[i]);
          if (bytes > TextRowParser.MAX_LENGTH) {
            throw SourceErrors.tooLarge(
                source, "line " + line + " " + TOO_LONG, "Write shorter lines, or one array.");
          }
          buffer[i] = buffer[i] == '\r' ? '\t' : buffer[i];
        }
        return count;
      }
    };
  }

  /** The bytes of a character in UTF-8; of each half of a pair, two. */
  private static int bytesOf(char character) {
    if (character < 0x80) {
      return 1;
    }
    return character < 0x800 || Character.isSurrogate(character) ? 2 : 3;
  }

  private static SourceProfile lines(InputStream in, String source) throws IOException {
    SourceProfile observed = new SourceProfile();
    long number = 0;
    for (byte[] line = line(in); line != null; line = line(in)) {
      number++;
      if (line.length > TextRowParser.MAX_LENGTH) {
        observed.skip("line " + number + " " + TOO_LONG);
        continue;
      }
      String text;
      try {
        text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      } catch (CharacterCodingException e) {
        observed.skip("line " + number + " is not UTF-8");
        continue;
      }
      String plain = number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
      if (plain.isBlank()) {
        continue;
      }
      String fault = fault(plain);
      if (fault == null) {
        add(plain, number - 1, source, observed);
      } else {
        observed.skip("line " + number + " " + fault);
      }
    }
    return observed;
  }

  private static void add(String object, long linesBefore, String source, SourceProfile observed)
      throws IOException {
    try (JsonParser parser = JSON.createParser(object)) {
      new JsonSource(parser, linesBefore, source, observed).rows();
    }
  }

  /** Reads the elements of an array as a publish does: each is a row or is bad. */
  private static SourceProfile elements(InputStream in, String source) throws IOException {
    SourceProfile observed = new SourceProfile();
    try (JsonParser array = TextRowParser.json(in)) {
      array.nextToken();
      JsonToken token = array.nextToken();
      for (long number = 1; token != JsonToken.END_ARRAY; number++) {
        boolean isObject = token == JsonToken.START_OBJECT;
        int linesBefore = array.currentTokenLocation().getLineNr() - 1;
        String text = TextRowParser.text(array);
        String fault = isObject ? fault(text) : NO_OBJECT;
        if (fault == null) {
          add(text, linesBefore, source, observed);
        } else {
          observed.skip("element " + number + " " + fault);
        }
        token = array.nextToken();
      }
      new JsonSource(array, 0, source, observed).requireEnd();
    }
    return observed;
  }

  /** Reads a line as a publish does, without its end; null after the last one. */
  private static byte @Nullable [] line(InputStream in) throws IOException {
    int each = in.read();
    if (each < 0) {
      return null;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (; each >= 0 && each != '\n'; each = in.read()) {
      if (line.size() <= TextRowParser.MAX_LENGTH) {
        line.write(each);
      }
    }
    return line.toByteArray();
  }

  /** Returns why a publish finds a row to be bad, whatever its columns; otherwise null. */
  private static @Nullable String fault(String line) throws IOException {
    boolean complete = true;
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return NO_OBJECT;
      }
      int level = 1;
      while (level > 0) {
        JsonToken token = parser.nextToken();
        if (token == null) {
          return NO_OBJECT;
        }
        level += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        boolean text = token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING;
        complete &= !text || UnicodeText.loneSurrogateAt(parser.getText()) < 0;
      }
      if (parser.nextToken() != null) {
        return NO_OBJECT;
      }
      return complete ? null : LONE_SURROGATE;
    } catch (StreamConstraintsException e) {
      return "exceeds a limit of depth or length";
    } catch (JsonProcessingException e) {
      return NO_OBJECT;
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
          "Use at most "
              + TextRowParser.MAX_DEPTH
              + " levels, and strings of at most 16 Mi characters.");
    } catch (CharacterCodingException e) {
      throw SourceErrors.malformed(
          source, "it is not UTF-8 in or after " + location(), "Save it as UTF-8.");
    } catch (JsonProcessingException e) {
      throw SourceErrors.malformed(
          source,
          location() + " is not valid JSON, or an object has a duplicate name",
          "Write one JSON object per line.");
    }
  }

  private String location() {
    return "line "
        + (linesBefore + in.currentLocation().getLineNr())
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
      String name = complete(in.currentName());
      int before = record.fields().size();
      ValueProfile field = nested ? record.nestedField(name) : record.field(name);
      if (observed.addNames(record.fields().size() - before) > MAX_NAMES) {
        throw SourceErrors.tooLarge(
            source,
            "at " + location() + " its objects have more than " + MAX_NAMES + " names",
            "Put values whose names are data into a separate object, or into an array.");
      }
      in.nextToken();
      value(field);
    }
  }

  private String complete(String text) {
    if (UnicodeText.loneSurrogateAt(text) >= 0) {
      throw SourceErrors.malformed(
          source, location() + " " + LONE_SURROGATE, "Use complete characters.");
    }
    return text;
  }

  private void value(ValueProfile field) throws IOException {
    switch (in.currentToken()) {
      case VALUE_NULL -> field.addNull();
      case VALUE_TRUE, VALUE_FALSE -> field.add(ValueKind.BOOLEAN, in.getBooleanValue());
      case VALUE_NUMBER_INT -> whole(field);
      case VALUE_NUMBER_FLOAT -> floating(field);
      case VALUE_STRING -> TextValueParser.text(complete(in.getText())).addTo(field);
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
