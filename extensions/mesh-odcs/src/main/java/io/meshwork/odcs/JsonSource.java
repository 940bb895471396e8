package io.meshwork.odcs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;

/** The rows of a file of JSON objects: one after the other, or in one array. */
final class JsonSource {
  private static final int DEEPEST = 40;
  private static final int MOST_COLUMNS = 10_000;
  private static final int MOST_DIGITS = 38;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(CsvRows.LONGEST_CELL)
                  .maxNumberLength(1_000)
                  .maxNameLength(1_000)
                  .build())
          .build();

  private final JsonParser in;
  private final String source;
  private final SourceProfile observed = new SourceProfile();
  private int places;

  private JsonSource(JsonParser in, String source) {
    this.in = in;
    this.source = source;
  }

  static SourceProfile read(InputStream stream, String source) {
    try (JsonParser parser = JSON.createParser(stream)) {
      JsonSource json = new JsonSource(parser, source);
      try {
        json.rows();
      } catch (StreamConstraintsException e) {
        throw BadSource.tooLarge(
            source,
            "something before or in "
                + json.place()
                + " is too deep, too long or has too many digits",
            "Nest at most " + DEEPEST + " deep; texts have at most 16 Mi characters.");
      } catch (JsonProcessingException e) {
        throw BadSource.malformed(
            source,
            json.place() + " is no JSON, or an object has a name twice",
            "Write one JSON object a line.");
      }
      return json.observed;
    } catch (IOException e) {
      throw BadSource.unreadable(source, "reading stopped (" + e.getClass().getSimpleName() + ")");
    }
  }

  private String place() {
    return "line "
        + in.currentLocation().getLineNr()
        + ", column "
        + in.currentLocation().getColumnNr();
  }

  private void rows() throws IOException {
    JsonToken first = in.nextToken();
    boolean inArray = first == JsonToken.START_ARRAY;
    JsonToken token = inArray ? in.nextToken() : first;
    for (; token != null; token = in.nextToken()) {
      if (inArray && token == JsonToken.END_ARRAY) {
        inArray = false;
        continue;
      }
      if (token != JsonToken.START_OBJECT) {
        throw BadSource.malformed(
            source,
            "row " + (observed.count() + 1) + ", in " + place() + ", is no object",
            "Write one JSON object a line.");
      }
      observed.beginRow();
      fields(observed.rows(), false);
      observed.endRow();
    }
    if (observed.count() == 0) {
      throw BadSource.malformed(source, "it has no row", "Give a file with some rows.");
    }
  }

  private void fields(RecordProfile record, boolean inside) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      int before = record.fields().size();
      ValueProfile field = inside ? record.fieldInside(name) : record.field(name);
      places += Math.max(0, record.fields().size() - before);
      if (places > MOST_COLUMNS) {
        throw BadSource.tooLarge(
            source,
            "by " + place() + " its objects have more than " + MOST_COLUMNS + " names",
            "Put values under names that are data into an object of its own, or into an array.");
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
      case VALUE_NUMBER_FLOAT -> field.add(ValueKind.FLOATING, in.getDoubleValue());
      case VALUE_STRING -> TextValues.addText(field, in.getText());
      case START_OBJECT -> fields(field.addRecord(), true);
      case START_ARRAY -> {
        ValueProfile elements = field.addList();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          value(elements);
        }
      }
      default -> throw new IllegalStateException("no value begins with " + in.currentToken());
    }
  }

  private void whole(ValueProfile field) throws IOException {
    BigInteger number = in.getBigIntegerValue();
    if (number.bitLength() < Long.SIZE) {
      field.add(ValueKind.WHOLE, number.longValueExact());
    } else if (new BigDecimal(number).precision() <= MOST_DIGITS) {
      field.add(ValueKind.BIG_WHOLE, new BigDecimal(number));
    } else {
      field.add(ValueKind.FLOATING, number.doubleValue());
    }
  }
}
