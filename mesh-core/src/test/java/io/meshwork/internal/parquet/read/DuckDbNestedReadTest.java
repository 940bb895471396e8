package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares nested files of DuckDB with DuckDB's own results, as JSON. */
class DuckDbNestedReadTest {
  private static final String ROWS =
      """
      select i::integer as i,
        case when i %% 7 = 0 then null else {'a': i, 'b': case when i %% 3 = 0 then null else 's' || i end,
          'in': case when i %% 5 = 0 then null else {'x': i %% 2 = 0, 'y': i * 3} end} end as s,
        case when i %% 6 = 0 then null else [case when k %% 4 = 0 then null else k end for k in range(i %% 9)] end as l,
        case when i %% 11 = 0 then null else [case when k = 3 then null else [j for j in range(k)] end for k in range(i %% 5)] end as ll,
        case when i %% 13 = 0 then null else [case when k = 2 then null else {'n': k, 't': ['w' || (j %% 3) for j in range(k + i %% 2)]} end for k in range(i %% 4)] end as ls,
        case when i %% 4 = 0 then null else map_from_entries([('k' || k, case when k = 1 then null else k * i end) for k in range(i %% 6)]) end as m,
        map_from_entries([(k, {'p': [i], 'q': map_from_entries([('z', k)])}) for k in range(i %% 3)]) as ms
      from range(%d) r(i) order by i
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "uncompressed, V1, 3000",
    "snappy, V2, 20000",
    "zstd, V1, 50000",
    "zstd, V2, 1",
    "snappy, V1, 0"
  })
  void nestedColumnsReadAsDuckDbHasThem(String codec, String version, int rows)
      throws SQLException {
    Path file = folder.resolve("x.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "copy (%s) to '%s' (format parquet, compression %s, parquet_version %s, row_group_size 20480)"
              .formatted(ROWS.formatted(rows), file, codec, version));
      List<List<Object>> chunkIndex = ReadRows.all(file);
      assertThat(chunkIndex).hasSize(rows);
      String json = "select to_json(r)::varchar from (%s) r".formatted(ROWS.formatted(rows));
      try (ResultSet sourceIndex = statement.executeQuery(json)) {
        List<String> names = List.of("i", "s", "l", "ll", "ls", "m", "ms");
        for (int row = 0; sourceIndex.next(); row++) {
          Map<String, Object> values = new java.util.LinkedHashMap<>();
          for (int column = 0; column < names.size(); column++) {
            values.put(names.get(column), chunkIndex.get(row).get(column));
          }
          if (!sourceIndex.getString(1).equals(json(values))) {
            assertThat(json(values)).as("row %d", row).isEqualTo(sourceIndex.getString(1));
          }
        }
      }
    }
  }

  private static String json(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> "\"" + entry.getKey() + "\":" + json(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    } else if (value instanceof List<?> list) {
      return list.stream()
          .map(DuckDbNestedReadTest::json)
          .collect(Collectors.joining(",", "[", "]"));
    }
    return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
  }
}
