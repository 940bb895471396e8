package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NestedWriterDuckDbTest {
  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "number", Types.LongType.get()),
          NestedField.optional(
              2,
              "place",
              Types.StructType.of(
                  NestedField.required(3, "height", Types.IntegerType.get()),
                  NestedField.optional(4, "name", Types.StringType.get()))),
          NestedField.optional(
              5,
              "lines",
              Types.ListType.ofOptional(
                  6,
                  Types.StructType.of(
                      NestedField.required(7, "quantity", Types.IntegerType.get()),
                      NestedField.optional(
                          8, "codes", Types.ListType.ofOptional(9, Types.IntegerType.get()))))),
          NestedField.optional(
              10,
              "tags",
              Types.MapType.ofOptional(11, 12, Types.StringType.get(), Types.LongType.get())));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbAgreesOnCountsLengthsAndSumsOfWhatIsUnnested(EncodingProfile profile)
      throws Exception {
    for (long seed = 1; seed <= 8; seed++) {
      RandomTable table = new RandomTable(seed, SCHEMA);
      List<VectorBatch> batches = List.of(table.batch(5_000), table.batch(1), table.batch(3_000));
      Path file = folder.resolve(profile + "-" + seed + ".parquet");
      ParquetOracle.write(
          file, SCHEMA, profile, new ParquetWriterLimits(3_000, 1 << 20, 700, 10_000), batches);
      String from = " FROM '" + file + "'";
      String what = "seed " + seed;

      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
        assertThat(one(duck, "SELECT count(*)" + from)).as(what).isEqualTo(8_001);
        assertThat(one(duck, "SELECT count(place)" + from))
            .as(what)
            .isEqualTo(values(batches, "place").count());
        assertThat(one(duck, "SELECT coalesce(sum(place.height::HUGEINT), 0)::BIGINT" + from))
            .as(what)
            .isEqualTo(
                structs(batches, "place").mapToLong(place -> (int) place.get("height")).sum());
        assertThat(one(duck, "SELECT count(place.name)" + from))
            .as(what)
            .isEqualTo(
                structs(batches, "place").filter(place -> place.get("name") != null).count());
        assertThat(one(duck, "SELECT count(lines)" + from))
            .as(what)
            .isEqualTo(values(batches, "lines").count());
        assertThat(one(duck, "SELECT coalesce(sum(len(lines)), 0)::BIGINT" + from))
            .as(what)
            .isEqualTo(values(batches, "lines").mapToLong(lines -> ((List<?>) lines).size()).sum());
        assertThat(
                one(
                    duck,
                    "SELECT coalesce(sum(line.quantity::HUGEINT), 0)::BIGINT FROM (SELECT"
                        + " unnest(lines) AS line"
                        + from
                        + ")"))
            .as(what)
            .isEqualTo(lines(batches).mapToLong(line -> (int) line.get("quantity")).sum());
        assertThat(
                one(
                    duck,
                    "SELECT coalesce(sum(code::HUGEINT), 0)::BIGINT FROM (SELECT"
                        + " unnest(line.codes) AS code FROM (SELECT unnest(lines) AS line"
                        + from
                        + "))"))
            .as(what)
            .isEqualTo(
                lines(batches)
                    .map(line -> line.get("codes"))
                    .filter(Objects::nonNull)
                    .flatMap(indices -> ((List<?>) indices).stream())
                    .filter(Objects::nonNull)
                    .mapToLong(code -> (int) code)
                    .sum());
        assertThat(one(duck, "SELECT coalesce(sum(cardinality(tags)), 0)::BIGINT" + from))
            .as(what)
            .isEqualTo(values(batches, "tags").mapToLong(tags -> ((Map<?, ?>) tags).size()).sum());
        assertThat(
                one(
                    duck,
                    "SELECT count(tag) FROM (SELECT unnest(map_values(tags)) AS tag" + from + ")"))
            .as(what)
            .isEqualTo(
                values(batches, "tags")
                    .flatMap(tags -> ((Map<?, ?>) tags).values().stream())
                    .filter(Objects::nonNull)
                    .count());
        long number = (long) batches.get(0).valueAt("number", 77);
        assertThat(one(duck, "SELECT count(*)" + from + " WHERE number = " + number))
            .as(what)
            .isEqualTo(values(batches, "number").filter(value -> (long) value == number).count());
      }
    }
  }

  private static Stream<Object> values(List<VectorBatch> batches, String column) {
    return batches.stream()
        .flatMap(
            batch ->
                Stream.iterate(0, row -> row < batch.rows(), row -> row + 1)
                    .map(row -> batch.valueAt(column, row)))
        .filter(Objects::nonNull);
  }

  @SuppressWarnings("unchecked") // a struct is a map from the names of its fields
  private static Stream<Map<String, Object>> structs(List<VectorBatch> batches, String column) {
    return values(batches, column).map(value -> (Map<String, Object>) value);
  }

  @SuppressWarnings("unchecked") // a struct is a map from the names of its fields
  private static Stream<Map<String, Object>> lines(List<VectorBatch> batches) {
    return values(batches, "lines")
        .flatMap(lines -> ((List<?>) lines).stream())
        .filter(Objects::nonNull)
        .map(line -> (Map<String, Object>) line);
  }

  private static long one(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
