package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;
import org.duckdb.DuckDBStruct;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other tools read the files that {@code --keep} stores. */
class KeptFilesTest {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * Instants that Parquet supports and DuckDB does not; DuckDB uses the greatest one as infinity.
   */
  private static final Set<String> BEYOND_DUCKDB =
      Set.of(
          "timestamp-micros", "local-timestamp-micros", "timestamp-nanos", "local-timestamp-nanos");

  /**
   * Cases with the maximum nesting depth, which DuckDB cannot read in reasonable time: each level
   * doubles it.
   */
  private static final String DEEPEST = "depth-";

  @TempDir private static Path folder;

  private static Run run;

  @BeforeAll
  static void keepTheFileOfEveryCase() {
    run = Run.of("contract-types", ContractTypesTest.ours(), "--keep", folder.resolve("kept"));
  }

  @Test
  void everyCasePasses() throws IOException {
    assertThat(run.output())
        .containsExactly(ContractTypesTest.ourCases().size() + " passed, 0 failed");
    assertThat(run.errors()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void eachCaseWithRowsKeepsItsFile() throws IOException {
    List<String> expected =
        casesWithRows().stream().map(one -> one.id() + ".parquet").sorted().toList();

    try (var files = Files.list(folder.resolve("kept"))) {
      assertThat(files.map(file -> file.getFileName().toString()).sorted())
          .containsExactlyElementsOf(expected);
    }
  }

  @Test
  void parquetAvroReadsTheSameValues() throws IOException {
    for (TypeCase one : casesWithRows()) {
      assertThat(readByParquetAvro(one)).as(one.id()).isEqualTo(expected(one));
    }
  }

  @Test
  void duckDbReadsTheSameValues() throws IOException, SQLException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (TypeCase one : casesWithRows()) {
        if (!BEYOND_DUCKDB.contains(one.id()) && !one.id().startsWith(DEEPEST)) {
          assertThat(readByDuckDb(statement, one)).as(one.id()).isEqualTo(expected(one));
        }
      }
    }
  }

  private static List<TypeCase> casesWithRows() throws IOException {
    return ContractTypesTest.ourCases().stream()
        .filter(one -> one.rows() != null && !one.rows().isEmpty())
        .toList();
  }

  private static List<Map<String, Object>> expected(TypeCase one) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map<String, Object> row : one.expect() == null ? one.rows() : one.expect()) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (Schema.Field field : schema(one).getFields()) {
        values.put(
            field.name(),
            ColumnValue.complete(
                field.schema(), ColumnValue.of(field.schema(), row.get(field.name()))));
      }
      rows.add(values);
    }
    return rows;
  }

  private static Schema schema(TypeCase one) {
    return new Schema.Parser().parse(one.avro());
  }

  private List<Map<String, Object>> readByParquetAvro(TypeCase one) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (ParquetReader<GenericRecord> reader =
        AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file(one)))
            .withDataModel(new GenericData())
            .set(AvroSchemaConverter.ADD_LIST_ELEMENT_RECORDS, "false")
            .build()) {
      for (GenericRecord record = reader.read(); record != null; record = reader.read()) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Schema.Field field : schema(one).getFields()) {
          values.put(field.name(), plain(field.schema(), record.get(field.name())));
        }
        rows.add(values);
      }
    }
    return rows;
  }

  private List<Map<String, Object>> readByDuckDb(Statement statement, TypeCase one)
      throws SQLException {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (ResultSet result =
        statement.executeQuery("SELECT * FROM read_parquet('" + file(one) + "')")) {
      while (result.next()) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Schema.Field field : schema(one).getFields()) {
          Object value = result.getObject(field.name());
          if (value instanceof Timestamp) {
            // Timestamp uses the Julian calendar before 1582.
            value = result.getObject(field.name(), LocalDateTime.class);
          }
          values.put(field.name(), fromSql(field.schema(), value));
        }
        rows.add(values);
      }
    }
    return rows;
  }

  private static Path file(TypeCase one) {
    return folder.resolve("kept").resolve(one.id() + ".parquet");
  }

  private static Schema withoutNull(Schema type) {
    return type.isUnion()
        ? type.getTypes().get(type.getTypes().get(0).getType() == Schema.Type.NULL ? 1 : 0)
        : type;
  }

  /** Returns the Java value of a Parquet value. Times are microseconds in every file. */
  private static Object plain(Schema column, Object raw) {
    Schema type = withoutNull(column);
    if (raw == null) {
      return null;
    } else if (raw instanceof GenericRecord record) {
      return record(type, field -> plain(field.schema(), record.get(field.name())));
    } else if (raw instanceof List<?> list) {
      return list(list, element -> plain(type.getElementType(), element));
    } else if (raw instanceof Map<?, ?> map) {
      return map(map, value -> plain(type.getValueType(), value));
    }
    return simple(type, raw);
  }

  private static Map<String, Object> record(Schema type, Function<Schema.Field, Object> value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    type.getFields().forEach(field -> fields.put(field.name(), value.apply(field)));
    return fields;
  }

  private static List<Object> list(List<?> given, UnaryOperator<Object> value) {
    List<Object> elements = new ArrayList<>();
    given.forEach(element -> elements.add(value.apply(element)));
    return elements;
  }

  private static Map<String, Object> map(Map<?, ?> given, UnaryOperator<Object> value) {
    Map<String, Object> entries = new LinkedHashMap<>();
    given.forEach((key, entry) -> entries.put(key.toString(), value.apply(entry)));
    return entries;
  }

  private static Object simple(Schema type, Object raw) {
    String logical = type.getLogicalType() == null ? "" : type.getLogicalType().getName();
    return switch (logical) {
      case "decimal" ->
          raw instanceof BigDecimal decimal
              ? decimal
              : new BigDecimal(unscaled(raw), (int) type.getObjectProp("scale", 0));
      case "uuid" -> raw instanceof GenericFixed fixed ? uuid(fixed) : UUID.fromString(raw + "");
      case "date" -> LocalDate.ofEpochDay((int) raw);
      case "time-millis", "time-micros" -> LocalTime.ofNanoOfDay((long) raw * 1_000);
      case "timestamp-millis", "timestamp-micros" ->
          moment((long) raw, 1_000).toInstant(ZoneOffset.UTC);
      case "timestamp-nanos" -> moment((long) raw, 1).toInstant(ZoneOffset.UTC);
      case "local-timestamp-millis", "local-timestamp-micros" -> moment((long) raw, 1_000);
      case "local-timestamp-nanos" -> moment((long) raw, 1);
      default ->
          raw instanceof CharSequence
              ? raw.toString()
              : raw instanceof GenericFixed fixed ? ByteBuffer.wrap(fixed.bytes()) : raw;
    };
  }

  private static BigInteger unscaled(Object raw) {
    if (raw instanceof Number number) {
      return BigInteger.valueOf(number.longValue());
    }
    return new BigInteger(
        raw instanceof GenericFixed fixed ? fixed.bytes() : ((ByteBuffer) raw).array());
  }

  private static UUID uuid(GenericFixed fixed) {
    ByteBuffer bytes = ByteBuffer.wrap(fixed.bytes());
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  private static LocalDateTime moment(long ticks, long nanosPerTick) {
    long perSecond = NANOS_PER_SECOND / nanosPerTick;
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(ticks, perSecond),
        (int) (Math.floorMod(ticks, perSecond) * nanosPerTick),
        ZoneOffset.UTC);
  }

  private static Object fromSql(Schema column, Object value) {
    Schema type = withoutNull(column);
    try {
      if (value instanceof Blob blob) {
        return ByteBuffer.wrap(blob.getBytes(1, (int) blob.length()));
      } else if (value instanceof DuckDBStruct struct) {
        Map<String, Object> fields = struct.getMap();
        return record(type, field -> fromSql(field.schema(), fields.get(field.name())));
      } else if (value instanceof java.sql.Array array) {
        return list(
            Arrays.asList((Object[]) array.getArray()),
            element -> fromSql(type.getElementType(), element));
      }
    } catch (SQLException e) {
      throw new AssertionError("DuckDB cannot give a value of type " + type, e);
    }
    if (value instanceof Map<?, ?> map) {
      return map(map, entry -> fromSql(type.getValueType(), entry));
    } else if (value instanceof String text
        && type.getLogicalType() instanceof LogicalTypes.TimestampNanos) {
      return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant(); // JDBC has no class for it
    } else if (value instanceof OffsetDateTime moment) {
      return moment.toInstant();
    }
    return value instanceof Timestamp moment ? moment.toLocalDateTime() : value;
  }
}
