package io.meshwork.internal.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.SmallGroups;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares random filters on random rows with DuckDB. The SQL compensates for the one difference,
 * NaN (see {@link RandomFilters}): DuckDB orders it above all numbers.
 */
class RowPredicateDuckDbTest {
  private static final int SEEDS = 120;

  @TempDir Path folder;

  @Test
  void rowsMatchAsInDuckDb() throws Exception {
    int filters = 0;
    int mixed = 0;
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      for (long seed = 0; seed < SEEDS; seed++) {
        RandomFilters random = new RandomFilters(seed);
        List<Object[]> rows = new ArrayList<>(random.part(100));
        rows.addAll(random.part(30));
        rows.addAll(random.part(70));
        VectorBatch flat = SampleValues.batch(random.schema(), rows);
        Path file = folder.resolve(seed + ".parquet");
        SmallGroups.write(
            file,
            random.schema(),
            EncodingProfile.values()[(int) seed % EncodingProfile.values().length],
            90,
            List.of(flat));
        execute(
            duck,
            "CREATE OR REPLACE TABLE t AS SELECT * FROM read_parquet('"
                + file
                + "', file_row_number = true)");
        VectorBatch encoded = encoded(flat);
        for (int i = 0; i < 20; i++) {
          RandomFilters.Pair pair = random.filter();
          RowPredicate predicate = RowPredicate.parse(pair.filter(), random.schema());
          String seen = "seed " + seed + " " + random.schema() + " " + pair;
          List<Integer> expected = rowsOf(duck, pair.sql());

          assertThat(rows(predicate.matches(flat))).as(seen).isEqualTo(expected);
          assertThat(rows(predicate.matches(encoded))).as(seen).isEqualTo(expected);
          assertThat(rowsRead(file, predicate, flat)).as(seen).isEqualTo(expected);
          RowPredicate again = RowPredicate.parse(predicate.text(), random.schema());
          assertThat(again).as(seen).isEqualTo(predicate);
          assertThat(again.text()).as(seen).isEqualTo(predicate.text());
          filters++;
          mixed += !expected.isEmpty() && expected.size() < rows.size() ? 1 : 0;
        }
      }
    }

    assertThat(mixed).as("filters that some rows pass and some do not").isGreaterThan(filters / 4);
  }

  private static List<Integer> rowsOf(Connection duck, String where) throws SQLException {
    List<Integer> rows = new ArrayList<>();
    try (Statement statement = duck.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT file_row_number FROM t WHERE " + where + " ORDER BY file_row_number")) {
      while (result.next()) {
        rows.add(result.getInt(1));
      }
    }
    return rows;
  }

  private static void execute(Connection duck, String sql) throws SQLException {
    try (Statement statement = duck.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<Integer> rowsRead(Path file, RowPredicate predicate, VectorBatch like) {
    List<Integer> rows = new ArrayList<>();
    try (ParquetReader reader = ParquetReader.open(Files.localInput(file.toFile()));
        BatchReader batches = reader.read(like.schema(), ColumnMatch.BY_FIELD_ID)) {
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        for (int row : rows(predicate.matches(batch))) {
          rows.add((int) batches.firstRow() + row);
        }
      }
    }
    return rows;
  }

  private static List<Integer> rows(RowMask mask) {
    List<Integer> rows = new ArrayList<>();
    for (int row = mask.next(0); row >= 0; row = mask.next(row + 1)) {
      rows.add(row);
    }
    return rows;
  }

  /** Returns the same rows with a dictionary for every column except structs, in row order. */
  private static VectorBatch encoded(VectorBatch flat) {
    List<Vector> vectors = new ArrayList<>();
    for (Vector vector : flat.vectors()) {
      if (vector instanceof StructVector) {
        vectors.add(vector);
        continue;
      }
      Vector entries = vector.newEmpty();
      DictionaryVector encoded = new DictionaryVector(entries);
      for (int row = 0; row < vector.size(); row++) {
        if (vector.isNull(row)) {
          encoded.appendNull();
        } else {
          entries.appendFrom(vector, row);
          encoded.append(entries.size() - 1);
        }
      }
      vectors.add(encoded);
    }
    return new VectorBatch(flat.schema(), vectors);
  }
}
