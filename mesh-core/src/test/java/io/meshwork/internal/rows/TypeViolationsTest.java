package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class TypeViolationsTest {
  private static final String DECIMAL =
      "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}";

  @Test
  void valueOfAnotherClassIsATypeMismatchThatNamesBothTypes() {
    assertThat(refusal("\"long\"", "123456"))
        .satisfies(
            v -> {
              assertThat(v.code()).isEqualTo(FindingCode.TYPE_MISMATCH);
              assertThat(v.column()).isEqualTo("x");
              assertThat(v.reason()).contains("java.lang.String", "long", "Long");
              assertThat(v.reason()).doesNotContain("123456");
            });
    assertThat(refusal("\"int\"", 5L).code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal("\"float\"", 5d).code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal("\"double\"", 5).code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal("\"boolean\"", 1).code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal("\"string\"", 1).code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal("\"bytes\"", "AAAA").code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal(DECIMAL, 1.5).code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal(logical("int", "date"), 19_000).code()).isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal(logical("long", "time-micros"), 5L).code())
        .isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal(logical("long", "timestamp-micros"), LocalDateTime.MIN).code())
        .isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal(logical("long", "local-timestamp-micros"), Instant.EPOCH).code())
        .isEqualTo(FindingCode.TYPE_MISMATCH);
  }

  @Test
  void uuidTextMustBeCanonical() {
    String uuid = logical("string", "uuid");

    assertThat(refusal(uuid, "1-1-1-1-1").reason()).contains("36").doesNotContain("1-1-1");
    assertThat(refusal(uuid, "0f8fad5b-d9cb-469f-a165-70867728950g").code())
        .isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(refusal(uuid, "0f8fad5bd9cb-469f-a165-70867728950e0").code())
        .isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(acceptedClasses(uuid, "0F8FAD5B-D9CB-469F-A165-70867728950E").toString())
        .isEqualTo("0f8fad5b-d9cb-469f-a165-70867728950e");
  }

  @Test
  void decimalIsPaddedButNeverRounded() {
    assertThat(acceptedClasses(DECIMAL, new BigDecimal("7"))).isEqualTo(new BigDecimal("7.00"));
    assertThat(acceptedClasses(DECIMAL, new BigDecimal("1E+6")))
        .isEqualTo(new BigDecimal("1000000.00"));
    assertThat(acceptedClasses(DECIMAL, new BigDecimal("0E+999999999")))
        .isEqualTo(new BigDecimal("0.00"));

    Violation scale = refusal(DECIMAL, new BigDecimal("1.987"));
    assertThat(scale.code()).isEqualTo(FindingCode.DECIMAL_SCALE);
    assertThat(scale.reason()).contains("scale 3", "scale 2").doesNotContain("987");
  }

  @Test
  void decimalWithTooManyDigitsIsRejectedWithoutBeingExpanded() {
    Violation seven = refusal(DECIMAL, new BigDecimal("76543210"));
    assertThat(seven.code()).isEqualTo(FindingCode.DECIMAL_PRECISION);
    assertThat(seven.reason()).contains("7 integer digits", "decimal(9,2)").doesNotContain("7654");
    assertThat(refusal(DECIMAL, new BigDecimal("1E+2000000000")).code())
        .isEqualTo(FindingCode.DECIMAL_PRECISION);
    assertThat(refusal(DECIMAL, new BigDecimal(BigInteger.ONE.shiftLeft(1_000_000))).code())
        .isEqualTo(FindingCode.DECIMAL_PRECISION);
  }

  @Test
  void timeOrTimestampFinerThanItsUnitIsRejected() {
    Violation millis = refusal(logical("int", "time-millis"), LocalTime.ofNanoOfDay(1_000));
    assertThat(millis.code()).isEqualTo(FindingCode.TIME_PRECISION);
    assertThat(millis.reason()).contains("millisecond", "MILLIS");
    Violation micros = refusal(logical("long", "timestamp-micros"), Instant.ofEpochSecond(0, 1));
    assertThat(micros.code()).isEqualTo(FindingCode.TIME_PRECISION);
    assertThat(micros.reason()).contains("microsecond", "MICROS");
    assertThat(
            refusal(
                    logical("long", "local-timestamp-millis"),
                    LocalDateTime.of(2024, 1, 1, 0, 0, 0, 1))
                .code())
        .isEqualTo(FindingCode.TIME_PRECISION);
  }

  @Test
  void timestampOutOfRangeIsRejectedWithTheRange() {
    Violation year =
        refusal(logical("long", "timestamp-micros"), Instant.parse("+300000-01-01T00:00:00Z"));
    assertThat(year.code()).isEqualTo(FindingCode.TIMESTAMP_RANGE);
    assertThat(year.reason()).contains("-290308", "+294247").doesNotContain("300000");
    Violation nanos =
        refusal(logical("long", "timestamp-nanos"), Instant.parse("2263-01-01T00:00:00Z"));
    assertThat(nanos.reason()).contains("1677-", "2262-");
    assertThat(refusal(logical("int", "date"), LocalDate.MAX).code())
        .isEqualTo(FindingCode.TIMESTAMP_RANGE);
  }

  @Test
  void rawAvroValuesAreCheckedToo() {
    assertThat(avroRefusal(logical("int", "time-millis"), 86_400_000).code())
        .isEqualTo(FindingCode.TIMESTAMP_RANGE);
    assertThat(avroRefusal(logical("long", "timestamp-millis"), Long.MAX_VALUE).code())
        .isEqualTo(FindingCode.TIMESTAMP_RANGE);
    assertThat(avroRefusal(DECIMAL, ByteBuffer.wrap(new byte[] {0x7f, 0, 0, 0, 0})).code())
        .isEqualTo(FindingCode.DECIMAL_PRECISION);
    assertThat(avroRefusal(DECIMAL, ByteBuffer.allocate(0)).code())
        .isEqualTo(FindingCode.TYPE_MISMATCH);
    assertThat(avroRefusal("\"string\"", new Utf8(new byte[] {'a', (byte) 0xc3})).reason())
        .contains("byte 1 of 2");
  }

  @Test
  void loneSurrogateIsRejectedWithItsPosition() {
    for (String text : List.of("ab\uD83D", "ab\uD83Dc", "ab\uDE95", "ab\uDE95\uD83D")) {
      Violation violation = refusal("\"string\"", text);
      assertThat(violation.code()).isEqualTo(FindingCode.STRING_ENCODING);
      assertThat(violation.reason()).contains("char 2 of " + text.length());
    }
    assertThat(refusal("\"string\"", "a".repeat(10_000) + "\uD83D").reason())
        .contains("char 10000 of 10001");
  }

  @Test
  void fixedOfAnotherLengthIsRejectedWithBothLengths() {
    Violation violation =
        refusal("{\"type\":\"fixed\",\"name\":\"F\",\"size\":4}", new byte[] {1, 2, 3});

    assertThat(violation.code()).isEqualTo(FindingCode.FIXED_LENGTH);
    assertThat(violation.reason()).contains("3 bytes", "4 bytes");
  }

  @Test
  void valueAboveSixteenMebibytesIsRejectedWithTheLimit() {
    String most = "x".repeat(16 << 20);
    assertThat(((String) acceptedClasses("\"string\"", most)).length()).isEqualTo(16 << 20);
    for (Object value : List.of(most + "x", "é".repeat((8 << 20) + 1), new Utf8(most + "x"))) {
      Violation violation = refusal("\"string\"", value);
      assertThat(violation.code()).isEqualTo(FindingCode.VALUE_TOO_LARGE);
      assertThat(violation.reason()).contains("16777216 bytes", "16 MiB");
    }
    assertThat(refusal("\"bytes\"", new byte[(16 << 20) + 1]).code())
        .isEqualTo(FindingCode.VALUE_TOO_LARGE);
  }

  @Test
  void unknownMapKeyIsAViolationOfItsRow() {
    Map<Object, Object> row = new LinkedHashMap<>();
    row.put("x", 5L);
    row.put("xx", "secret");
    row.put(7, "secret");
    TypeViolations violations = new TypeViolations();
    VectorBatch batch = shred(FlatTypes.column("x", "\"long\""), row, violations);

    assertThat(batch.valueAt("x", 0)).isEqualTo(5L);
    assertThat(violations.at(0))
        .extracting(Violation::code)
        .containsOnly(FindingCode.UNKNOWN_COLUMN);
    assertThat(violations.at(0).get(0).column()).isEqualTo("xx");
    assertThat(violations.at(0).get(0).reason()).contains("nearest column is 'x'");
    assertThat(violations.at(0).get(1).reason()).contains("java.lang.Integer");
    assertThat(violations.at(0).toString()).doesNotContain("secret");
  }

  @Test
  void missingMapKeyBecomesTheDefaultOrNull() {
    Schema contract =
        FlatTypes.record(
            "{\"name\":\"a\",\"type\":\"int\",\"default\":7},"
                + "{\"name\":\"b\",\"type\":[\"null\",\"string\"],\"default\":null},"
                + "{\"name\":\"c\",\"type\":\"long\"},"
                + "{\"name\":\"d\",\"type\":"
                + DECIMAL
                + ",\"default\":\"\\u0001\\u0000\"}");
    TypeViolations violations = new TypeViolations();

    VectorBatch batch = shred(contract, new HashMap<>(), violations);

    assertThat(RowMaterializers.asMap(batch.schema()).row(batch, 0).values())
        .containsExactly(7, null, null, new BigDecimal("2.56"));
    assertThat(violations.isEmpty()).isTrue();
  }

  @Test
  void everyRejectedValueBecomesNullAndMarksItsRow() {
    Schema contract = FlatTypes.nullable("a | \"int\"\nb | \"string\"");
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(contract));
    TypeViolations violations = new TypeViolations();
    RecordShredder shredder = RecordShredders.forRecords(contract, batch.schema());

    shredder.shred(Map.of("a", 1, "b", "x"), batch, violations);
    shredder.shred(Map.of("a", "1", "b", 'x'), batch, violations);
    shredder.shred(Map.of("a", 3, "b", "\uD800"), batch, violations);

    assertThat(batch.vectors()).allMatch(vector -> vector.size() == 3);
    assertThat(violations.rows().complement(3)).containsExactly(0);
    assertThat(violations.count()).isEqualTo(3);
    assertThat(violations.at(1)).extracting(Violation::column).containsExactly("a", "b");
    assertThat(batch.isNull("a", 1)).isTrue();
    assertThat(batch.valueAt("a", 2)).isEqualTo(3);

    violations.clear();
    assertThat(violations.isEmpty()).isTrue();
    assertThat(violations.rows().isEmpty()).isTrue();
    assertThat(violations.at(1)).isEmpty();
  }

  private static String logical(String base, String name) {
    return "{\"type\":\"" + base + "\",\"logicalType\":\"" + name + "\"}";
  }

  private static Violation refusal(String type, Object value) {
    return single(FlatTypes.column("x", type), Map.of("x", value));
  }

  private static Violation avroRefusal(String type, Object value) {
    Schema contract = FlatTypes.column("x", type);
    GenericRecord record = new GenericData.Record(contract);
    record.put("x", value);
    return single(contract, record);
  }

  private static Violation single(Schema contract, Object record) {
    TypeViolations violations = new TypeViolations();
    VectorBatch batch = shred(contract, record, violations);
    assertThat(batch.isNull("x", 0)).isTrue();
    assertThat(violations.at(0)).hasSize(1);
    return violations.at(0).get(0);
  }

  private static Object acceptedClasses(String type, Object value) {
    TypeViolations violations = new TypeViolations();
    VectorBatch batch = shred(FlatTypes.column("x", type), Map.of("x", value), violations);
    assertThat(violations.at(0)).isEmpty();
    return batch.valueAt("x", 0);
  }

  private static VectorBatch shred(Schema contract, Object record, TypeViolations violations) {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(contract));
    RecordShredders.forRecords(contract, batch.schema()).shred(record, batch, violations);
    return batch;
  }
}
