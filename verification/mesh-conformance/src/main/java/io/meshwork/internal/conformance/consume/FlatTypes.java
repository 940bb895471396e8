package io.meshwork.internal.conformance.consume;

import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** A contract with every flat type, nullable, and rows with the extremes of each. */
final class FlatTypes {
  private static final String COLUMNS =
      """
      flag boolean
      whole int
      big long
      near float
      exact double
      text string
      raw bytes
      four {'type':'fixed','name':'Four','size':4}
      color {'type':'enum','name':'Color','symbols':['RED','GREEN','BLUE']}
      price {'type':'bytes','logicalType':'decimal','precision':9,'scale':2}
      weight {'type':'bytes','logicalType':'decimal','precision':18,'scale':4}
      mass {'type':'bytes','logicalType':'decimal','precision':38,'scale':10}
      day {'type':'int','logicalType':'date'}
      time_millis {'type':'int','logicalType':'time-millis'}
      time_micros {'type':'long','logicalType':'time-micros'}
      instant_millis {'type':'long','logicalType':'timestamp-millis'}
      instant_micros {'type':'long','logicalType':'timestamp-micros'}
      local_millis {'type':'long','logicalType':'local-timestamp-millis'}
      local_micros {'type':'long','logicalType':'local-timestamp-micros'}
      uuid_text {'type':'string','logicalType':'uuid'}
      uuid_fixed {'type':'fixed','name':'Id','size':16,'logicalType':'uuid'}\
      """;

  private static final String NANOS =
      """

      instant_nanos {'type':'long','logicalType':'timestamp-nanos'}
      local_nanos {'type':'long','logicalType':'local-timestamp-nanos'}\
      """;

  private FlatTypes() {}

  /** The columns that every table format supports. */
  static Contract contract() {
    return Contract.of(schema(COLUMNS));
  }

  /** With nanoseconds, which need table format 3. */
  static Contract contractWithNanos() {
    return Contract.of(schema(COLUMNS + NANOS));
  }

  /** Lowest, highest, odd, zero and null values of every type. */
  static List<Map<String, Object>> extremes() {
    return List.of(
        row(
            true,
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            Float.NaN,
            Double.NaN,
            "",
            bytes(0),
            bytes(4),
            "RED",
            new BigDecimal("-9999999.99"),
            new BigDecimal("-99999999999999.9999"),
            new BigDecimal("-9999999999999999999999999999.9999999999"),
            LocalDate.of(1, 1, 1),
            LocalTime.MIDNIGHT,
            LocalTime.MIDNIGHT,
            Instant.parse("0001-01-01T00:00:00.001Z"),
            Instant.parse("-9999-01-01T00:00:00.000001Z"),
            LocalDateTime.parse("1969-12-31T23:59:59.999"),
            LocalDateTime.parse("1582-10-04T00:00:00.000001"),
            new UUID(0, 0),
            new UUID(0, 0)),
        row(
            false,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            -0.0f,
            -0.0d,
            "a long text, ".repeat(10_000),
            bytes(100_000),
            bytes(4),
            "BLUE",
            new BigDecimal("9999999.99"),
            new BigDecimal("99999999999999.9999"),
            new BigDecimal("9999999999999999999999999999.9999999999"),
            LocalDate.of(9999, 12, 31),
            LocalTime.parse("23:59:59.999"),
            LocalTime.parse("23:59:59.999999"),
            Instant.parse("9999-12-31T23:59:59.999Z"),
            Instant.parse("+20000-12-31T23:59:59.999999Z"),
            LocalDateTime.parse("9999-12-31T23:59:59.999"),
            LocalDateTime.parse("9999-12-31T23:59:59.999999"),
            new UUID(-1, -1),
            new UUID(-1, -1)),
        row(
            true,
            0,
            0L,
            Float.NEGATIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            "zero \u0000, accents \u00e9e\u0301, \ud83d\ude80, quotes '\"",
            bytes(1),
            bytes(4),
            "GREEN",
            new BigDecimal("0.00"),
            new BigDecimal("0.0001"),
            new BigDecimal("-0.0000000001"),
            LocalDate.EPOCH,
            LocalTime.NOON,
            LocalTime.NOON,
            Instant.EPOCH,
            Instant.EPOCH,
            LocalDateTime.parse("1970-01-01T00:00:00"),
            LocalDateTime.parse("2024-03-10T02:30:00"),
            UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
            UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8")),
        row(
            true,
            1,
            1L,
            Float.POSITIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            " ",
            bytes(2),
            bytes(4),
            "RED",
            new BigDecimal("0.01"),
            new BigDecimal("-0.0001"),
            new BigDecimal("0.0000000001"),
            LocalDate.of(1969, 12, 31),
            LocalTime.parse("00:00:00.001"),
            LocalTime.parse("00:00:00.000001"),
            Instant.parse("1969-12-31T23:59:59.999Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            LocalDateTime.parse("1900-02-28T12:00:00"),
            LocalDateTime.parse("1969-12-31T23:59:59.999999"),
            new UUID(Long.MIN_VALUE, Long.MAX_VALUE),
            new UUID(Long.MIN_VALUE, Long.MAX_VALUE)),
        row(
            true,
            2,
            2L,
            Float.MIN_VALUE,
            Double.MIN_VALUE,
            "x",
            bytes(3),
            bytes(4),
            "RED",
            new BigDecimal("1.00"),
            new BigDecimal("1.0000"),
            new BigDecimal("1.0000000000"),
            LocalDate.of(2000, 2, 29),
            LocalTime.NOON,
            LocalTime.NOON,
            Instant.EPOCH,
            Instant.EPOCH,
            LocalDateTime.parse("2000-02-29T00:00:00"),
            LocalDateTime.parse("2000-02-29T00:00:00"),
            new UUID(1, 2),
            new UUID(1, 2)),
        row(new @Nullable Object[21]));
  }

  /** Random values, of which a fifth are null. */
  static List<Map<String, Object>> random(Random random, int rows) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      @Nullable Object[] values = values(random);
      for (int column = 0; column < values.length; column++) {
        if (random.nextInt(5) == 0) {
          values[column] = null;
        }
      }
      all.add(row(values));
    }
    return all;
  }

  private static @Nullable Object[] values(Random random) {
    long micros = random.nextLong() >> (10 + random.nextInt(40));
    byte[] raw = new byte[random.nextInt(40)];
    random.nextBytes(raw);
    UUID uuid = new UUID(random.nextLong(), random.nextLong());
    return new @Nullable Object[] {
      random.nextBoolean(),
      random.nextInt() >> random.nextInt(32),
      random.nextLong() >> random.nextInt(64),
      Float.intBitsToFloat(random.nextInt()),
      Double.longBitsToDouble(random.nextLong()),
      "text " + random.nextInt(1_000) + "\u00fc".repeat(random.nextInt(5)),
      ByteBuffer.wrap(raw),
      ByteBuffer.wrap(Arrays.copyOf(raw, 4)),
      List.of("RED", "GREEN", "BLUE").get(random.nextInt(3)),
      decimal(random, 29, 2),
      decimal(random, 58, 4),
      decimal(random, 125, 10),
      LocalDate.ofEpochDay(random.nextInt(200_000) - 100_000),
      LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L),
      LocalTime.ofNanoOfDay(random.nextInt(86_400_000) * 1_000_000L + 1_000),
      Instant.ofEpochMilli(micros / 1_000),
      Instant.ofEpochSecond(
          Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000),
      LocalDateTime.of(1900, 1, 1, 0, 0).plusSeconds(random.nextInt()).plusNanos(5_000_000),
      LocalDateTime.of(1900, 1, 1, 0, 0).plusSeconds(random.nextInt()).plusNanos(7_000),
      uuid,
      uuid
    };
  }

  private static BigDecimal decimal(Random random, int bits, int scale) {
    BigInteger unscaled = new BigInteger(1 + random.nextInt(bits), random);
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
  }

  private static Map<String, Object> row(@Nullable Object... values) {
    Map<String, Object> row = MeshFixture.row();
    List<String> columns = COLUMNS.lines().toList();
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      MeshFixture.put(row, column.substring(0, column.indexOf(' ')), values[i]);
    }
    return row;
  }

  private static ByteBuffer bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 37 - 128);
    }
    return ByteBuffer.wrap(bytes);
  }

  private static Schema schema(String columns) {
    List<String> fields = new ArrayList<>();
    for (String column : columns.lines().toList()) {
      int space = column.indexOf(' ');
      String type = column.substring(space + 1);
      fields.add(
          "{'name':'%s','type':['null',%s],'default':null}"
              .formatted(
                  column.substring(0, space), type.startsWith("{") ? type : "'" + type + "'"));
    }
    return new Schema.Parser()
        .parse(
            "{'type':'record','name':'Flat','fields':[%s]}"
                .formatted(String.join(",", fields))
                .replace('\'', '"'));
  }
}
