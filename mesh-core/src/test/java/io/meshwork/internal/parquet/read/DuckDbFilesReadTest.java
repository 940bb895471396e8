package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares files of DuckDB, which has encodings that parquet-java does not write, with DuckDB's
 * results.
 */
class DuckDbFilesReadTest {
  private static final String ROWS =
      """
      select i::integer as i, (i * 7919 - 5000000000)::bigint as l, (i %% 100)::tinyint as t,
        (i %% 60000)::usmallint as us, (i * 28000)::uinteger as ui, (i * 1000003)::ubigint as ul,
        (i / 7.0)::float as f, (i / 3.0)::double as d, i %% 3 = 0 as b, i > 16500 as b2,
        'order-' || i as s, ['new', 'paid', 'sent'][i %% 3 + 1] as w,
        case when i %% 5 = 0 then null else 'x' || (i %% 11) end as n,
        case when i < 16500 then null else i end as late,
        encode('b' || i) as y, (i / 100.0)::decimal(9, 2) as d9, (i * 12345.678)::decimal(18, 3) as d18,
        (i * 98765432.1)::decimal(38, 5) as d38, date '2024-01-01' + (i %% 400)::integer as dt,
        time '00:00:00' + to_microseconds(i) as tm,
        timestamp '2024-01-01 00:00:00' + to_microseconds(i * 1001) as ts,
        (timestamp '2024-01-01 00:00:00' + to_seconds(i))::timestamp_ms as tms,
        (timestamp '2024-01-01 00:00:00' + to_seconds(i))::timestamp_ns as tns,
        (timestamp '2024-01-01 00:00:00' + to_seconds(i))::timestamptz as tz,
        md5(i::varchar)::uuid as u, null::integer as e
      from range(%d) r(i) order by i
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "uncompressed, V1, 17000",
    "snappy, V1, 17000",
    "gzip, V2, 17000",
    "zstd, V1, 17000",
    "zstd, V2, 130000",
    "lz4_raw, V2, 17000",
    "snappy, V2, 1",
    "zstd, V2, 0"
  })
  void allTypesAreReadAsInDuckDb(String codec, String version, int rows) throws SQLException {
    Path file = folder.resolve("x.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("set TimeZone = 'UTC'");
      statement.execute(
          "copy (%s) to '%s' (format parquet, compression %s, parquet_version %s)"
              .formatted(ROWS.formatted(rows), file, codec, version));
      List<List<Object>> chunkIndex = ReadRows.all(file);
      assertThat(chunkIndex).hasSize(rows);
      try (ResultSet sourceIndex = statement.executeQuery(ROWS.formatted(rows))) {
        for (int row = 0; sourceIndex.next(); row++) {
          List<Object> expected = row(sourceIndex);
          if (!expected.equals(chunkIndex.get(row))) {
            assertThat(chunkIndex.get(row)).as("row %d", row).isEqualTo(expected);
          }
        }
      }
    }
  }

  private static List<Object> row(ResultSet sourceIndex) throws SQLException {
    List<Object> row = new ArrayList<>();
    for (int column = 1; column <= sourceIndex.getMetaData().getColumnCount(); column++) {
      row.add(plain(sourceIndex, column));
    }
    return row;
  }

  private static Object plain(ResultSet sourceIndex, int column) throws SQLException {
    String name = sourceIndex.getMetaData().getColumnName(column);
    Object value = sourceIndex.getObject(column);
    if (value == null) {
      return null;
    }
    return switch (name) {
      case "t", "us" -> ((Number) value).intValue();
      case "ui" -> ((Number) value).longValue();
      case "ul" -> new BigDecimal(value.toString());
      case "y" -> ByteBuffer.wrap(sourceIndex.getBytes(column));
      case "ts", "tms", "tns" -> sourceIndex.getObject(column, LocalDateTime.class);
      case "tz" -> sourceIndex.getObject(column, OffsetDateTime.class).toInstant();
      case "u" -> UUID.fromString(value.toString());
      default -> value;
    };
  }

  @Test
  void theSchemaNamesTheClosestIcebergTypes() throws SQLException {
    Path file = folder.resolve("types.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("copy (%s) to '%s' (format parquet)".formatted(ROWS.formatted(1), file));
    }
    try (ParquetReader reader = ReadRows.open(file)) {
      Schema schema = reader.schema();
      assertThat(schema.findField("t").type()).isEqualTo(Types.IntegerType.get());
      assertThat(schema.findField("ui").type()).isEqualTo(Types.LongType.get());
      assertThat(schema.findField("ul").type()).isEqualTo(Types.DecimalType.of(20, 0));
      assertThat(schema.findField("d38").type()).isEqualTo(Types.DecimalType.of(38, 5));
      assertThat(schema.findField("tns").type()).isEqualTo(Types.TimestampNanoType.withoutZone());
      assertThat(schema.findField("tz").type()).isEqualTo(Types.TimestampType.withZone());
      assertThat(schema.findField("u").type()).isEqualTo(Types.UUIDType.get());
    }
  }
}
