package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rows.FlatTypes.Color;
import io.meshwork.internal.rows.FlatTypes.Everything;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {
  private static final Everything ROW =
      new Everything(
          true,
          42,
          1L << 40,
          1.5f,
          -2.25,
          "Zürich €uro 🚕",
          ByteBuffer.wrap(new byte[] {1, 2, 3}),
          ByteBuffer.wrap(new byte[] {9, 8, 7, 6}),
          Color.GREEN,
          new BigDecimal("-12.50"),
          new BigDecimal("123456789012345678"),
          new BigDecimal("-0.1234567890123456789"),
          new BigDecimal("-1234567890123456789012345678.0123456789"),
          LocalDate.of(2024, 2, 29),
          LocalTime.of(23, 59, 59, 999_000_000),
          LocalTime.of(0, 0, 0, 1_000),
          Instant.parse("1969-12-31T23:59:59.999Z"),
          Instant.parse("2024-01-01T00:00:00.000001Z"),
          Instant.parse("2024-01-01T00:00:00.000000001Z"),
          LocalDateTime.parse("1950-06-01T12:00:00.001"),
          LocalDateTime.parse("2024-01-01T00:00:00.123456"),
          LocalDateTime.parse("2024-01-01T00:00:00.123456789"),
          UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e"),
          UUID.fromString("ffffffff-ffff-4fff-bfff-ffffffffffff"));

  private static final Everything NULLS =
      new Everything(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null, null);

  @Test
  void javaRecordsRoundTrip() {
    assertThat(roundTrip(List.of(ROW, NULLS, ROW))).containsExactly(ROW, NULLS, ROW);
  }

  @Test
  void extremeValuesRoundTrip() {
    List<Everything> extremes = List.of(extreme(false), extreme(true));

    assertThat(roundTrip(extremes)).isEqualTo(extremes);
  }

  @Test
  void mapsRoundTrip() {
    VectorBatch batch = shred(List.of(FlatTypes.mapOf(ROW), FlatTypes.mapOf(NULLS)));
    RowMaterializer<Map<String, Object>> materializer = RowMaterializers.asMap(FlatTypes.TABLE);

    assertThat(materializer.row(batch, 0)).isEqualTo(FlatTypes.mapOf(ROW));
    assertThat(materializer.row(batch, 1)).isEqualTo(FlatTypes.mapOf(NULLS));
    assertThat(materializer.row(batch, 0).keySet()).containsExactlyElementsOf(names());
  }

  @Test
  void genericRecordsRoundTripWithRawValues() {
    VectorBatch source = shred(List.of(ROW, NULLS, extreme(true), extreme(false)));
    RowMaterializer<GenericRecord> materializer =
        RowMaterializers.asAvro(FlatTypes.TABLE, FlatTypes.CONTRACT);
    List<Object> raw = new ArrayList<>();
    for (int row = 0; row < source.rows(); row++) {
      raw.add(materializer.row(source, row));
    }

    VectorBatch batch = shred(raw);

    for (int row = 0; row < raw.size(); row++) {
      assertThat(materializer.row(batch, row)).isEqualTo(raw.get(row));
    }
    GenericRecord first = (GenericRecord) raw.get(0);
    assertThat(GenericData.get().validate(FlatTypes.CONTRACT, first)).isTrue();
    assertThat(first.get("text")).isEqualTo(ROW.text());
    assertThat(first.get("seen")).isEqualTo(-1L);
    assertThat(first.get("minute")).isEqualTo(86_399_999);
    assertThat(first.get("id")).isEqualTo(ROW.id().toString());
    assertThat(first.get("color")).isInstanceOf(GenericData.EnumSymbol.class);
    assertThat(first.get("price"))
        .isEqualTo(ByteBuffer.wrap(BigInteger.valueOf(-1250).toByteArray()));
    assertThat(first.get("huge")).isInstanceOf(GenericData.Fixed.class);
    assertThat(toRecords(batch).get(0)).isEqualTo(ROW);
  }

  @Test
  void specificRecordsWithConvertedValuesRoundTrip() {
    FlatTypes.Specific record = new FlatTypes.Specific();
    Map<String, Object> values = FlatTypes.mapOf(ROW);
    int position = 0;
    for (Object value : values.values()) {
      record.put(position++, value);
    }

    assertThat(toRecords(shred(List.of(record)))).containsExactly(ROW);
  }

  @Test
  void recordKindsMayBeMixed() {
    GenericRecord avro =
        RowMaterializers.asAvro(FlatTypes.TABLE, FlatTypes.CONTRACT).row(shred(List.of(ROW)), 0);

    assertThat(toRecords(shred(List.of(ROW, avro, FlatTypes.mapOf(ROW), avro, ROW))))
        .containsExactly(ROW, ROW, ROW, ROW, ROW);
  }

  @Test
  void avroTextIsCopiedByItsBytes() {
    GenericRecord record = new GenericData.Record(FlatTypes.CONTRACT);
    Utf8 longer = new Utf8("täxi-with-a-tail");
    longer.setByteLength(5);
    record.put("text", longer);
    record.put("color", new Utf8("RED"));

    VectorBatch batch = shred(List.of(record));

    assertThat(batch.valueAt("text", 0)).isEqualTo("täxi");
    assertThat(batch.valueAt("color", 0)).isEqualTo("RED");
  }

  @Test
  void dictionaryEncodedColumnsReadLikeFlatOnes() {
    VectorBatch entries = shred(List.of(ROW, extreme(true)));
    List<Vector> encoded = new ArrayList<>();
    for (Vector vector : entries.vectors()) {
      DictionaryVector dictionary = new DictionaryVector(vector);
      dictionary.append(1);
      dictionary.appendNull();
      dictionary.append(0);
      encoded.add(dictionary);
    }
    VectorBatch batch = new VectorBatch(FlatTypes.TABLE, encoded);
    RowMaterializer<Everything> records =
        RowMaterializers.asRecord(Everything.class, FlatTypes.TABLE, FlatTypes.CONTRACT);

    assertThat(all(records, batch)).containsExactly(extreme(true), NULLS, ROW);
    assertThat(RowMaterializers.asMap(FlatTypes.TABLE).row(batch, 2))
        .isEqualTo(FlatTypes.mapOf(ROW));
    assertThat(
            RowMaterializers.asAvro(FlatTypes.TABLE, FlatTypes.CONTRACT).row(batch, 2).get("seen"))
        .isEqualTo(-1L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2024, 77_777})
  void rowsOfAnyKindRoundTrip(long seed) {
    Random random = new Random(seed);
    List<Everything> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(any(random));
    }
    VectorBatch batch = shred(rows);
    RowMaterializer<GenericRecord> avro =
        RowMaterializers.asAvro(FlatTypes.TABLE, FlatTypes.CONTRACT);
    List<Object> others = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      others.add(random.nextBoolean() ? avro.row(batch, i) : FlatTypes.mapOf(rows.get(i)));
    }

    assertThat(toRecords(batch)).as("seed %d", seed).isEqualTo(rows);
    assertThat(toRecords(shred(others))).as("seed %d", seed).isEqualTo(rows);
  }

  private static List<String> names() {
    return new ArrayList<>(new LinkedHashMap<>(FlatTypes.mapOf(NULLS)).keySet());
  }

  private static List<Everything> roundTrip(List<Everything> rows) {
    return toRecords(shred(rows));
  }

  private static VectorBatch shred(List<?> records) {
    VectorBatch batch = VectorBatch.empty(FlatTypes.TABLE);
    TypeViolations violations = new TypeViolations();
    RecordShredder shredder = RecordShredders.forRecords(FlatTypes.CONTRACT, FlatTypes.TABLE);
    for (Object record : records) {
      shredder.shred(record, batch, violations);
    }
    for (int row = 0; row < records.size(); row++) {
      assertThat(violations.at(row)).isEmpty();
    }
    assertThat(batch.vectors()).allMatch(vector -> vector.size() == records.size());
    return batch;
  }

  private static List<Everything> toRecords(VectorBatch batch) {
    return all(
        RowMaterializers.asRecord(Everything.class, FlatTypes.TABLE, FlatTypes.CONTRACT), batch);
  }

  private static <T> List<T> all(RowMaterializer<T> materializer, VectorBatch batch) {
    List<T> records = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      records.add(materializer.row(batch, row));
    }
    return records;
  }

  private static Everything extreme(boolean most) {
    long end = most ? Long.MAX_VALUE : Long.MIN_VALUE;
    BigDecimal sign = most ? BigDecimal.ONE : BigDecimal.ONE.negate();
    Instant micros =
        Instant.ofEpochSecond(
            Math.floorDiv(end, 1_000_000L), Math.floorMod(end, 1_000_000L) * 1_000);
    Instant nanos =
        Instant.ofEpochSecond(
            Math.floorDiv(end, 1_000_000_000L), Math.floorMod(end, 1_000_000_000L));
    Instant millis =
        most
            ? micros.truncatedTo(ChronoUnit.MILLIS)
            : micros.plusMillis(1).truncatedTo(ChronoUnit.MILLIS);
    return new Everything(
        most,
        most ? Integer.MAX_VALUE : Integer.MIN_VALUE,
        end,
        most ? Float.NaN : Float.NEGATIVE_INFINITY,
        most ? Double.MAX_VALUE : -0.0,
        most ? "\uDBFF\uDFFF\u0000\uFFFF" : "",
        ByteBuffer.allocate(most ? 100_000 : 0),
        ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}),
        most ? Color.BLUE : Color.RED,
        new BigDecimal("9999999.99").multiply(sign),
        new BigDecimal("999999999999999999").multiply(sign),
        new BigDecimal("0.9999999999999999999").multiply(sign),
        new BigDecimal("9999999999999999999999999999.9999999999").multiply(sign),
        LocalDate.ofEpochDay(most ? Integer.MAX_VALUE : Integer.MIN_VALUE),
        most ? LocalTime.of(23, 59, 59, 999_000_000) : LocalTime.MIN,
        most ? LocalTime.of(23, 59, 59, 999_999_000) : LocalTime.MIN,
        millis,
        micros,
        nanos,
        LocalDateTime.ofInstant(millis, ZoneOffset.UTC),
        LocalDateTime.ofInstant(micros, ZoneOffset.UTC),
        LocalDateTime.ofInstant(nanos, ZoneOffset.UTC),
        new UUID(end, end),
        new UUID(0, most ? -1 : 0));
  }

  private static Everything any(Random random) {
    Instant millis = Instant.ofEpochMilli(random.nextLong() >> 12);
    Instant micros = millis.plusNanos(random.nextInt(1_000) * 1_000L);
    Instant nanos = Instant.ofEpochSecond(0, random.nextLong());
    return new Everything(
        maybe(random, random.nextBoolean()),
        maybe(random, random.nextInt()),
        maybe(random, random.nextLong()),
        maybe(random, random.nextFloat()),
        maybe(random, random.nextGaussian()),
        maybe(random, text(random)),
        maybe(random, bytes(random, random.nextInt(40))),
        maybe(random, bytes(random, 4)),
        maybe(random, Color.values()[random.nextInt(3)]),
        maybe(random, decimal(random, 9, 2)),
        maybe(random, decimal(random, 18, 0)),
        maybe(random, decimal(random, 19, 19)),
        maybe(random, decimal(random, 38, 10)),
        maybe(random, LocalDate.ofEpochDay(random.nextInt())),
        maybe(random, LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L)),
        maybe(random, LocalTime.ofNanoOfDay((random.nextLong() >>> 1) % 86_400_000_000L * 1_000)),
        maybe(random, millis),
        maybe(random, micros),
        maybe(random, nanos),
        maybe(random, LocalDateTime.ofInstant(millis, ZoneOffset.UTC)),
        maybe(random, LocalDateTime.ofInstant(micros, ZoneOffset.UTC)),
        maybe(random, LocalDateTime.ofInstant(nanos, ZoneOffset.UTC)),
        maybe(random, new UUID(random.nextLong(), random.nextLong())),
        maybe(random, new UUID(random.nextLong(), random.nextLong())));
  }

  private static <T> T maybe(Random random, T value) {
    return random.nextInt(8) == 0 ? null : value;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(30) == 0 ? 5_000 : random.nextInt(20);
    while (text.length() < length) {
      int point = random.nextInt(Character.MAX_CODE_POINT + 1) >> random.nextInt(20);
      if (point < 0xD800 || point > 0xDFFF) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }

  private static ByteBuffer bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static BigDecimal decimal(Random random, int precision, int scale) {
    BigInteger unscaled =
        new BigInteger(random.nextInt(120) + 1, random).mod(BigInteger.TEN.pow(precision));
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
  }
}
