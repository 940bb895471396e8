package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetWriterDuckDbTest {
  private static final Schema ALL_TYPES =
      new Schema(
          NestedField.optional(1, "flag", Types.BooleanType.get()),
          NestedField.required(2, "small", Types.IntegerType.get()),
          NestedField.optional(3, "large", Types.LongType.get()),
          NestedField.optional(4, "single", Types.FloatType.get()),
          NestedField.optional(5, "ratio", Types.DoubleType.get()),
          NestedField.optional(6, "day", Types.DateType.get()),
          NestedField.optional(7, "clock", Types.TimeType.get()),
          NestedField.optional(8, "instant", Types.TimestampType.withZone()),
          NestedField.optional(9, "local", Types.TimestampType.withoutZone()),
          NestedField.optional(10, "local_nanos", Types.TimestampNanoType.withoutZone()),
          NestedField.optional(11, "text", Types.StringType.get()),
          NestedField.optional(12, "bytes", Types.BinaryType.get()),
          NestedField.optional(13, "fixed", Types.FixedType.ofLength(5)),
          NestedField.optional(14, "id", Types.UUIDType.get()),
          NestedField.optional(15, "price9", Types.DecimalType.of(9, 2)),
          NestedField.optional(16, "price18", Types.DecimalType.of(18, 4)),
          NestedField.required(17, "price38", Types.DecimalType.of(38, 10)));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbReadsTheTypesOfTheSchema(EncodingProfile profile) throws Exception {
    Path file = folder.resolve("types.parquet");
    VectorBatch batch = new RandomTable(5, ALL_TYPES).batch(2000);
    ParquetOracle.write(file, ALL_TYPES, profile, ParquetWriterLimits.DEFAULT, List.of(batch));

    Map<String, String> types = new HashMap<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM '" + file + "'")) {
      while (rows.next()) {
        types.put(rows.getString(1), rows.getString(2));
      }
    }

    assertThat(types)
        .containsEntry("flag", "BOOLEAN")
        .containsEntry("small", "INTEGER")
        .containsEntry("large", "BIGINT")
        .containsEntry("single", "FLOAT")
        .containsEntry("ratio", "DOUBLE")
        .containsEntry("day", "DATE")
        .containsEntry("clock", "TIME")
        .containsEntry("instant", "TIMESTAMP WITH TIME ZONE")
        .containsEntry("local", "TIMESTAMP")
        .containsEntry("local_nanos", "TIMESTAMP_NS")
        .containsEntry("text", "VARCHAR")
        .containsEntry("bytes", "BLOB")
        .containsEntry("fixed", "BLOB")
        .containsEntry("id", "UUID")
        .containsEntry("price9", "DECIMAL(9,2)")
        .containsEntry("price18", "DECIMAL(18,4)")
        .containsEntry("price38", "DECIMAL(38,10)");
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbAgreesOnCountsSumsAndBounds(EncodingProfile profile) throws Exception {
    Schema schema =
        new Schema(
            NestedField.optional(1, "flag", Types.BooleanType.get()),
            NestedField.required(2, "small", Types.IntegerType.get()),
            NestedField.optional(3, "large", Types.LongType.get()),
            NestedField.optional(4, "text", Types.StringType.get()),
            NestedField.optional(5, "bytes", Types.BinaryType.get()),
            NestedField.optional(6, "price9", Types.DecimalType.of(9, 2)),
            NestedField.optional(7, "price18", Types.DecimalType.of(18, 4)),
            NestedField.required(8, "price25", Types.DecimalType.of(25, 10)));
    for (long seed = 1; seed <= 6; seed++) {
      RandomTable table = new RandomTable(seed, schema);
      List<VectorBatch> batches = List.of(table.batch(16_000), table.batch(9_000), table.batch(1));
      Path file = folder.resolve(profile + "-" + seed + ".parquet");
      ParquetWriterLimits limits = new ParquetWriterLimits(7_000, 1 << 20, 1_500, 20_000);
      ParquetOracle.write(file, schema, profile, limits, batches);
      List<List<Object>> rows = new ArrayList<>();
      batches.forEach(batch -> rows.addAll(ParquetOracle.rows(batch)));

      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
        for (int column = 0; column < schema.columns().size(); column++) {
          String name = schema.columns().get(column).name();
          String what = "seed " + seed + ", column " + name;
          int position = column;
          List<Object> values =
              rows.stream().map(row -> row.get(position)).filter(Objects::nonNull).toList();
          String from = " FROM '" + file + "'";
          assertThat(one(duck, "SELECT count(*)" + from)).as(what).isEqualTo("25001");
          assertThat(one(duck, "SELECT count(" + name + ")" + from))
              .as(what)
              .isEqualTo(Integer.toString(values.size()));
          if (!values.isEmpty()) {
            checkSum(duck, what, name, from, values);
            checkEquals(duck, what, name, from, values);
          }
        }
      }
    }
  }

  private static void checkSum(
      Connection duck, String what, String name, String from, List<Object> values)
      throws SQLException {
    if (values.get(0) instanceof ByteBuffer) {
      String length = name.equals("text") ? "strlen" : "octet_length";
      long bytes = values.stream().mapToLong(value -> ((ByteBuffer) value).remaining()).sum();
      assertThat(one(duck, "SELECT sum(" + length + "(" + name + "))" + from))
          .as(what)
          .isEqualTo(Long.toString(bytes));
    } else if (!(values.get(0) instanceof Boolean)) {
      BigDecimal sum =
          values.stream()
              .map(value -> new BigDecimal(value.toString()))
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      String type = values.get(0) instanceof BigDecimal ? "" : "::HUGEINT";
      assertThat(new BigDecimal(one(duck, "SELECT sum(" + name + type + ")::VARCHAR" + from)))
          .as(what)
          .isEqualByComparingTo(sum);
      BigDecimal least =
          values.stream()
              .map(value -> new BigDecimal(value.toString()))
              .min(BigDecimal::compareTo)
              .orElseThrow();
      assertThat(new BigDecimal(one(duck, "SELECT min(" + name + ")::VARCHAR" + from)))
          .as(what)
          .isEqualByComparingTo(least);
    }
  }

  /** Selects one value, by which DuckDB may skip row groups. */
  private static void checkEquals(
      Connection duck, String what, String name, String from, List<Object> values)
      throws SQLException {
    for (Object wanted : List.of(values.get(0), values.get(values.size() / 2))) {
      long expected = values.stream().filter(wanted::equals).count();
      String literal = "'" + wanted + "'";
      if (wanted instanceof ByteBuffer bytes) {
        literal = "from_hex('" + hex(bytes) + "')";
        literal = name.equals("text") ? "decode(" + literal + ")" : literal;
      }
      assertThat(one(duck, "SELECT count(*)" + from + " WHERE " + name + " = " + literal))
          .as(what)
          .isEqualTo(Long.toString(expected));
    }
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  private static String one(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
