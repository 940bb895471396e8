package io.meshwork.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which schemas contracts reject, with code and path. */
class LegalSchemaTest {
  private static String record(String... fields) {
    return "{\"type\":\"record\",\"name\":\"r\",\"namespace\":\"n\",\"fields\":["
        + String.join(",", fields)
        + "]}";
  }

  private static String field(String name, String type) {
    return "{\"name\":\"" + name + "\",\"type\":" + type + "}";
  }

  private static List<String> found(String json) {
    return LegalSchema.findings(json, 2).stream().map(f -> f.code() + " " + f.where()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"null\",\"int\",\"string\"] | TYPE_UNION",
        "[\"int\"] | TYPE_UNION",
        "[\"int\",\"string\"] | TYPE_UNION",
        "[\"null\"] | TYPE_UNION",
        "[\"null\",[\"null\",\"int\"]] | TYPE_UNION",
        "[] | TYPE_UNION",
        "\"null\" | TYPE_NULL",
        "{\"type\":\"null\"} | TYPE_NULL",
        "\"n.r\" | TYPE_RECURSIVE",
        "\"r\" | TYPE_RECURSIVE",
        "{\"type\":\"record\",\"name\":\"e\",\"fields\":[]} | TYPE_EMPTY_RECORD",
        "{\"type\":\"fixed\",\"name\":\"f\",\"size\":12,\"logicalType\":\"duration\"} | TYPE_LOGICAL",
        "{\"type\":\"bytes\",\"logicalType\":\"big-decimal\"} | TYPE_LOGICAL",
        "{\"type\":\"long\",\"logicalType\":\"date\"} | TYPE_LOGICAL",
        "{\"type\":\"int\",\"logicalType\":\"timestamp-micros\"} | TYPE_LOGICAL",
        "{\"type\":\"string\",\"logicalType\":\"money\"} | TYPE_LOGICAL",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":39,\"scale\":2} | TYPE_LOGICAL",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":5,\"scale\":6} | TYPE_LOGICAL",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":5,\"scale\":-1} | TYPE_LOGICAL",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\"} | TYPE_LOGICAL",
        "{\"type\":\"fixed\",\"name\":\"f\",\"size\":2,\"logicalType\":\"decimal\",\"precision\":9} | TYPE_LOGICAL",
        "{\"type\":\"fixed\",\"name\":\"f\",\"size\":8,\"logicalType\":\"uuid\"} | TYPE_LOGICAL",
        "{\"type\":\"array\",\"items\":\"int\",\"logicalType\":\"date\"} | TYPE_LOGICAL",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"} | FORMAT_V3_REQUIRED",
        "{\"type\":\"long\",\"logicalType\":\"local-timestamp-nanos\"} | FORMAT_V3_REQUIRED",
        "{\"type\":\"string\",\"java-class\":\"java.io.File\"} | CLASS_LOADING_REFUSED",
        "{\"type\":\"map\",\"values\":\"int\",\"java-key-class\":\"x.Y\"} | CLASS_LOADING_REFUSED",
        "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[]} | TYPE_UNKNOWN",
        "{\"type\":\"fixed\",\"name\":\"f\",\"size\":0} | TYPE_UNKNOWN",
        "{\"type\":{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}} | TYPE_UNKNOWN",
        "{\"type\":{\"type\":{\"type\":\"long\"}}} | TYPE_UNKNOWN",
        "{\"type\":[\"null\",\"long\"]} | TYPE_UNKNOWN",
        "{\"type\":\"other\"} | TYPE_UNKNOWN",
        "\"other\" | TYPE_UNKNOWN"
      })
  void unsupportedTypeIsRejectedWithCodeAndPath(String type, String code) {
    String json = record(field("ok", "\"int\""), field("c", type.trim()));
    assertThat(found(json)).contains(code + " c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"int\"",
        "[\"null\",\"string\"]",
        "[\"string\",\"null\"]",
        "{\"type\":\"array\",\"items\":[\"null\",\"int\"]}",
        "{\"type\":\"map\",\"values\":{\"type\":\"record\",\"name\":\"i\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}}",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":38,\"scale\":38}",
        "{\"type\":\"fixed\",\"name\":\"f\",\"size\":16,\"logicalType\":\"uuid\"}",
        "{\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}",
        "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\",\"B\"],\"default\":\"A\"}"
      })
  void legalTypeIsAccepted(String type) {
    String json = record(field("c", type));
    assertThat(found(json)).isEmpty();
    assertThat(LegalSchema.parse(json).getField("c")).isNotNull();
  }

  @Test
  void namedTypeInAWrapperIsRejectedWithAFinding() {
    String json =
        record(
            field("a", "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"]}"),
            field("b", "{\"type\":\"e\"}"));
    assertThat(found(json)).containsExactly("TYPE_UNKNOWN b");
  }

  @Test
  void duplicateKeyIsRejectedWithBothPositions() {
    String json =
        """
        {"type": "record", "name": "r", "fields": [
          {"name": "c", "type": "int",
           "type": "long"}]}
        """;
    assertThat(LegalSchema.findings(json, 2))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.NAME_DUPLICATE);
              assertThat(finding.what())
                  .contains("'type' twice", "at line 2, column 17 and at line 3, column 4");
            });
  }

  @Test
  void allFindingsAreReportedTogether() {
    String json =
        record(
            field("a", "[\"int\",\"string\"]"),
            field("A", "\"int\""),
            field("b", "\"int\""),
            field("b", "\"int\""),
            field("_mesh_row", "\"int\""),
            field("1st", "\"int\""),
            field(
                "lines",
                "{\"type\":\"array\",\"items\":{\"type\":\"record\",\"name\":\"line\",\"fields\":["
                    + field("q", "\"null\"")
                    + "]}}"));
    assertThat(found(json))
        .containsExactlyInAnyOrder(
            "TYPE_UNION a",
            "NAME_ILLEGAL A",
            "NAME_DUPLICATE b",
            "NAME_ILLEGAL _mesh_row",
            "NAME_ILLEGAL 1st",
            "TYPE_NULL lines[].q");
    assertThatThrownBy(() -> LegalSchema.check(json, 2))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.SCHEMA_UNSUPPORTED);
              assertThat(e.findings()).hasSize(6);
            })
        .hasMessageContaining("TYPE_UNION")
        .hasMessageContaining("1 more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"int\"", "{\"type\":\"array\",\"items\":\"int\"}", "[]", "1", "{", ""})
  void topLevelThatIsNotARecordIsRejected(String json) {
    assertThat(LegalSchema.findings(json, 2))
        .extracting(Finding::code)
        .containsExactly(FindingCode.NOT_A_RECORD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"int\" | \"1\" | false",
        "\"int\" | 2147483648 | false",
        "\"int\" | 7 | true",
        "\"long\" | 1.5 | false",
        "\"double\" | 1 | true",
        "\"double\" | 1e308 | true",
        "\"double\" | 1e400 | false",
        "\"float\" | 1e39 | false",
        "{\"type\":\"int\",\"logicalType\":\"time-millis\"} | 86399999 | true",
        "{\"type\":\"int\",\"logicalType\":\"time-millis\"} | 86400000 | false",
        "{\"type\":\"int\",\"logicalType\":\"time-millis\"} | -1 | false",
        "{\"type\":\"long\",\"logicalType\":\"time-micros\"} | 86399999999 | true",
        "{\"type\":\"long\",\"logicalType\":\"time-micros\"} | 86400000000 | false",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"} | 9223372036854775 | true",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"} | 9223372036854776 | false",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"} | -9223372036854775808 | true",
        "\"boolean\" | 0 | false",
        "[\"null\",\"int\"] | null | true",
        "[\"null\",\"int\"] | 1 | false",
        "[\"int\",\"null\"] | 1 | true",
        "[\"int\",\"null\"] | null | false",
        "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"]} | \"B\" | false",
        "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"]} | \"A\" | true",
        "{\"type\":\"fixed\",\"name\":\"f\",\"size\":2} | \"a\" | false",
        "{\"type\":\"string\",\"logicalType\":\"uuid\"} | \"x\" | false",
        "{\"type\":\"array\",\"items\":\"int\"} | [1,\"2\"] | false",
        "{\"type\":\"array\",\"items\":\"int\"} | [] | true",
        "{\"type\":\"record\",\"name\":\"i\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]} | {} | false"
      })
  void defaultMustFitItsType(String type, String value, boolean legal) {
    String json =
        record("{\"name\":\"c\",\"type\":" + type.trim() + ",\"default\":" + value.trim() + "}");
    if (legal) {
      assertThat(found(json)).isEmpty();
    } else {
      assertThat(found(json)).containsExactly("DEFAULT_ILLEGAL c");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Row | a-b | false",
        "Row | a..b | false",
        "Row | a.b | true",
        "a-b.Row | | false",
        "int | | false",
        "int | a.b | true"
      })
  void namedTypeNeedsALegalFullName(String name, String namespace, boolean legal) {
    String json =
        "{\"type\":\"record\",\"name\":\"%s\"%s,\"fields\":[%s]}"
            .formatted(
                name,
                namespace == null ? "" : ",\"namespace\":\"" + namespace + "\"",
                field("c", "\"int\""));

    if (legal) {
      assertThat(found(json)).isEmpty();
      assertThat(LegalSchema.parse(json).getName()).isEqualTo(name);
    } else {
      assertThat(found(json)).containsExactly("NAME_ILLEGAL ");
    }
  }

  @Test
  void enumDefaultMustBeASymbolAndAMisplacedLogicalTypeIsReported() {
    assertThat(
            found(
                record(
                    field(
                        "e",
                        "{\"type\":\"enum\",\"name\":\"e\",\"symbols\":[\"A\"],\"default\":\"Z\"}"),
                    "{\"name\":\"t\",\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}")))
        .containsExactlyInAnyOrder("DEFAULT_ILLEGAL e", "TYPE_LOGICAL t");
  }

  @Test
  void nanosecondsAreLegalInFormatThree() {
    String json = record(field("t", "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}"));
    assertThat(LegalSchema.findings(json, 3)).isEmpty();
  }

  @Test
  void recordUsedTwiceIsNotRecursive() {
    String inner =
        "{\"type\":\"record\",\"name\":\"i\",\"fields\":[" + field("x", "\"int\"") + "]}";
    assertThat(found(record(field("a", inner), field("b", "\"i\"")))).isEmpty();
  }

  @Test
  void infiniteNestingIsRejectedWithoutAStackOverflow() {
    for (int depth : new int[] {40, 300, 100_000}) {
      String json =
          record(
              field(
                  "c",
                  "{\"type\":\"array\",\"items\":".repeat(depth) + "\"int\"" + "}".repeat(depth)));
      assertThat(found(json))
          .as("depth %s", depth)
          .hasSize(1)
          .allMatch(f -> f.startsWith("SCHEMA_TOO_LARGE"));
    }
    Schema deep = Schema.create(Schema.Type.INT);
    for (int i = 0; i < 100_000; i++) {
      deep = Schema.createArray(deep);
    }
    Schema record =
        Schema.createRecord("r", null, "n", false, List.of(new Schema.Field("c", deep)));
    assertThatThrownBy(() -> LegalSchema.check(record, 2))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining("SCHEMA_TOO_LARGE");
  }

  @Test
  void mapCountsAsTwoLeavesAndAListAsOne() {
    String map = "{\"type\":\"map\",\"values\":\"int\"}";
    String list = "{\"type\":\"array\",\"items\":\"int\"}";

    assertThat(found(record(columns(5_000, map)))).isEmpty();
    assertThat(found(record(columns(5_001, map)))).containsExactly("SCHEMA_TOO_LARGE ");
    assertThat(found(record(columns(10_000, list)))).isEmpty();
    assertThat(found(record(columns(10_001, list)))).containsExactly("SCHEMA_TOO_LARGE ");
  }

  private static String[] columns(int count, String type) {
    String[] columns = new String[count];
    for (int i = 0; i < count; i++) {
      columns[i] = field("c" + i, type);
    }
    return columns;
  }

  @Test
  void moreThanTenThousandLeavesAreRejectedEvenInAShortSchema() {
    StringBuilder json = new StringBuilder(field("x", "\"int\""));
    String type = "\"int\"";
    for (int i = 0; i < 20; i++) {
      String first = i == 0 ? "\"int\"" : type;
      String second = i == 0 ? "\"int\"" : "\"t" + (i - 1) + "\"";
      type =
          "{\"type\":\"record\",\"name\":\"t"
              + i
              + "\",\"fields\":["
              + field("a", first)
              + ","
              + field("b", second)
              + "]}";
    }
    assertThat(found(record(json.toString(), field("c", type))))
        .containsExactly("SCHEMA_TOO_LARGE ");

    assertThat(found(record(columns(10_001, "\"int\"")))).containsExactly("SCHEMA_TOO_LARGE ");
  }

  @Test
  void tenThousandColumnsAreLegal() {
    assertThat(found(record(columns(10_000, "\"int\"")))).isEmpty();
  }

  @Test
  void schemaObjectThatContainsItselfIsRejected() {
    Schema node = Schema.createRecord("node", null, "n", false);
    Schema next = Schema.createUnion(Schema.create(Schema.Type.NULL), node);
    node.setFields(List.of(new Schema.Field("next", next)));
    assertThatThrownBy(() -> LegalSchema.check(node, 2))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("TYPE_RECURSIVE")
        .hasMessageContaining("next");
  }
}
