package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.TypeViolations.Violation;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A text that has not the form of its column stays as it is, with a reason; nothing else fails. */
class TextRowParserTest {
  private static final Schema COLUMNS =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "R", "fields": [
                {"name": "text", "type": "string"},
                {"name": "flag", "type": "boolean"},
                {"name": "whole", "type": "int"},
                {"name": "large", "type": "long"},
                {"name": "single", "type": "float"},
                {"name": "number", "type": "double"},
                {"name": "price", "type":
                  {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                {"name": "content", "type": "bytes"},
                {"name": "day", "type": {"type": "int", "logicalType": "date"}},
                {"name": "clock", "type": {"type": "long", "logicalType": "time-micros"}},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                {"name": "local", "type":
                  {"type": "long", "logicalType": "local-timestamp-micros"}},
                {"name": "state", "type": {"type": "enum", "name": "E", "symbols": ["ON"]}},
                {"name": "place", "type": ["null", {"type": "record", "name": "P", "fields": [
                  {"name": "city", "type": "string"}, {"name": "level", "type": "int"}]}]},
                {"name": "tags", "type": {"type": "array", "items": "int"}},
                {"name": "counts", "type": {"type": "map", "values": "long"}}]}
              """);

  private final TextRowParser parser = new TextRowParser(COLUMNS, false);

  private TextRow cell(String column, @Nullable String text) {
    return parser.cells(List.of(column), Arrays.asList(text));
  }

  private static String reason(TextRow row, String path) {
    return row.explained(new Violation(path, FindingCode.TYPE_MISMATCH, "unknown")).reason();
  }

  @Test
  void aCellOfEachTypeIsParsed() {
    TextRow row =
        parser.cells(
            List.of(
                "text", "flag", "whole", "large", "single", "number", "price", "content", "day",
                "clock", "at", "local", "state", "place", "tags", "counts"),
            List.of(
                " a ",
                "TRUE",
                "-1",
                "9",
                "1.5",
                "2.5",
                "3.50",
                "AQI=",
                "2026-11-21",
                "08:30",
                "2026-11-21T08:30:00Z",
                "2026-11-21T08:30:00",
                "ON",
                "{\"city\": \"Ulm\", \"level\": 3}",
                "[1, 2]",
                "{\"a\": 5}"));

    assertThat(row.malformed()).isNull();
    assertThat(row)
        .containsEntry("text", " a ")
        .containsEntry("flag", true)
        .containsEntry("whole", -1)
        .containsEntry("large", 9L)
        .containsEntry("single", 1.5f)
        .containsEntry("number", 2.5)
        .containsEntry("price", new BigDecimal("3.5"))
        .containsEntry("day", LocalDate.of(2026, 11, 21))
        .containsEntry("clock", LocalTime.of(8, 30))
        .containsEntry("at", Instant.parse("2026-11-21T08:30:00Z"))
        .containsEntry("local", LocalDateTime.parse("2026-11-21T08:30:00"))
        .containsEntry("state", "ON")
        .containsEntry("place", Map.of("city", "Ulm", "level", 3))
        .containsEntry("tags", List.of(1, 2))
        .containsEntry("counts", Map.of("a", 5L));
    assertThat((byte[]) row.get("content")).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"place", "tags", "counts"})
  void aBlankNestedCellIsNotAValue(String column) {
    for (String blank : List.of("", " ", "\t \n")) {
      TextRow row = cell(column, blank);

      assertThat(row.get(column)).isEqualTo(blank);
      assertThat(reason(row, column)).startsWith("a text that is not a JSON ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flag", "whole", "large", "single", "number", "price", "day", "clock", "at", "local"
      })
  void aBlankCellOfAnotherTypeIsNotAValue(String column) {
    assertThat(cell(column, " ").get(column)).isEqualTo(" ");
    assertThat(reason(cell(column, ""), column)).startsWith("a text that is not ");
  }

  @Test
  void aNullCellAndAJsonNullAreNull() {
    assertThat(cell("place", null)).containsEntry("place", null);
    assertThat(cell("place", "null")).containsEntry("place", null);
    assertThat(cell("text", "")).containsEntry("text", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "place|{",
        "place|{\"city\": \"Ulm\"",
        "place|{\"city\": \"Ulm\", \"city\": \"Bonn\"}",
        "place|{} {}",
        "place|{} x",
        "tags|[1",
        "tags|[1,]",
        "tags|[1] 2",
        "counts|nothing",
        "counts|{\"a\": 1}]"
      })
  void aMalformedNestedCellKeepsItsText(String column, String text) {
    TextRow row = cell(column, text);

    assertThat(row.get(column)).isEqualTo(text);
    assertThat(reason(row, column)).startsWith("a text that is not a JSON ");
  }

  @Test
  void aNestedCellThatIsTooDeepKeepsItsText() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    assertThat(cell("tags", deep).get("tags")).isEqualTo(deep);
    assertThat(cell("counts", deep).get("counts")).isEqualTo(deep);
    assertThat(parser.json("{\"tags\": " + deep + "}").malformed())
        .startsWith("the line exceeds a limit");
  }

  @Test
  void aNestedValueOfAnotherTypeIsKeptWithItsReason() {
    TextRow row = parser.json("{\"place\": {\"city\": \"Ulm\", \"level\": true}, \"tags\": {}}");

    assertThat(row.malformed()).isNull();
    assertThat(row.get("place")).isEqualTo(Map.of("city", "Ulm", "level", true));
    assertThat(reason(row, "place.level")).startsWith("a JSON boolean, where the column needs");
    assertThat(reason(row, "tags")).startsWith("a JSON object, where the column needs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "1", "{", "{} {}", "{} x", "{\"a\"", "null"})
  void aLineThatIsNotOneObjectIsMalformed(String line) {
    assertThat(parser.json(line).malformed()).startsWith("the line ");
  }
}
