package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetPageIndexTest {
  private static final int ROWS = 20_000;
  private static final Schema SCHEMA =
      new Schema(
          NestedField.optional(1, "up", Types.LongType.get()),
          NestedField.optional(2, "down", Types.IntegerType.get()),
          NestedField.optional(3, "mixed", Types.LongType.get()),
          NestedField.optional(4, "name", Types.StringType.get()));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void parquetJavaSkipsPagesAndFindsEveryRow(EncodingProfile profile) throws Exception {
    Path file = folder.resolve("index.parquet");
    VectorBatch batch = batch();
    ParquetOracle.write(
        file,
        SCHEMA,
        profile,
        new ParquetWriterLimits(12_000, 1L << 30, 500, 1 << 20),
        List.of(batch));
    List<List<Object>> rows = ParquetOracle.rows(batch);
    Random random = new Random(11);

    for (int i = 0; i < 15; i++) {
      int number = random.nextInt(ROWS / 2);
      String name = name(random.nextInt(ROWS));
      check(file, rows, 0, (long) number, FilterApi.eq(FilterApi.longColumn("up"), (long) number));
      check(file, rows, 1, -number, FilterApi.eq(FilterApi.intColumn("down"), -number));
      check(
          file, rows, 2, number % 100L, FilterApi.eq(FilterApi.longColumn("mixed"), number % 100L));
      check(
          file,
          rows,
          3,
          java.nio.ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)),
          FilterApi.eq(FilterApi.binaryColumn("name"), Binary.fromString(name)));
    }
    assertThat(rowsLeft(file, FilterApi.eq(FilterApi.longColumn("up"), 700L)))
        .isBetween(1L, 1_500L);
    assertThat(rowsLeft(file, FilterApi.gt(FilterApi.intColumn("down"), -300)))
        .isBetween(1L, 1_500L);
  }

  private static VectorBatch batch() {
    Random random = new Random(7);
    VectorBatch batch = VectorBatch.empty(SCHEMA);
    for (int row = 0; row < ROWS; row++) {
      // One and a half pages of nulls, so that a page without bounds is between others.
      boolean nothing = row >= 5_200 && row < 6_100 || row % 13 == 0;
      if (nothing) {
        batch.vectors().forEach(Vector::appendNull);
        continue;
      }
      ((LongVector) batch.vector(0)).append(row / 2);
      ((IntVector) batch.vector(1)).append(-row / 2);
      ((LongVector) batch.vector(2)).append(random.nextInt(100));
      ((BytesVector) batch.vector(3)).append(name(row).getBytes(StandardCharsets.UTF_8));
    }
    return batch;
  }

  /** Sorted, with a prefix longer than a bound. */
  private static String name(int row) {
    return "n".repeat(row % 3 == 0 ? 70 : 5) + String.format(Locale.ROOT, "%06d", row);
  }

  private static void check(
      Path file, List<List<Object>> rows, int column, Object wanted, FilterPredicate filter)
      throws Exception {
    List<Object> expected = new ArrayList<>();
    for (List<Object> row : rows) {
      if (wanted.equals(row.get(column))) {
        expected.add(row.get(0));
      }
    }
    List<Object> found = new ArrayList<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(
                new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri().toString()))
            .withFilter(FilterCompat.get(filter))
            .build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        found.add(group.getLong(0, 0));
      }
    }
    assertThat(found).as("%s", filter).isEqualTo(expected);
  }

  private static long rowsLeft(Path file, FilterPredicate filter) throws Exception {
    ParquetReadOptions options =
        ParquetReadOptions.builder().withRecordFilter(FilterCompat.get(filter)).build();
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      return reader.getFilteredRecordCount();
    }
  }
}
