package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Iceberg's own reader reads our files of random tables as they were written. */
class IcebergRandomFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void icebergReadsFlatRowsAsTheyWereWritten(EncodingProfile profile) throws IOException {
    for (long seed = 1; seed <= 40; seed++) {
      check(profile, seed, new RandomTable(seed), 3_000);
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void icebergReadsNestedRowsAsTheyWereWritten(EncodingProfile profile) throws IOException {
    for (long seed = 1; seed <= 40; seed++) {
      check(profile, seed, RandomTable.nested(seed, 1 + (int) (seed % 4)), 1_200);
    }
  }

  private void check(EncodingProfile profile, long seed, RandomTable table, int batchRows)
      throws IOException {
    Random random = new Random(seed * 31);
    ParquetWriterLimits limits =
        random.nextInt(3) == 0
            ? ParquetWriterLimits.DEFAULT
            : new ParquetWriterLimits(
                1 + random.nextInt(batchRows),
                1 + random.nextInt(100_000),
                1 + random.nextInt(1_000),
                1 + random.nextInt(10_000));
    List<VectorBatch> batches = new ArrayList<>();
    List<List<Object>> written = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      VectorBatch batch = table.batch(random.nextInt(batchRows));
      batches.add(batch);
      written.addAll(ParquetOracle.rows(batch));
    }
    Path file = folder.resolve(profile + "-" + seed + ".parquet");
    ParquetOracle.write(file, table.schema(), profile, limits, batches);

    List<List<Object>> read = IcebergOracle.rows(file, table.schema());

    String what = "seed %d, %s, %s".formatted(seed, limits, table.schema());
    assertThat(read.size()).as(what).isEqualTo(written.size());
    for (int row = 0; row < read.size(); row++) {
      assertThat(read.get(row)).as("%s, row %s", what, row).isEqualTo(written.get(row));
    }
    if (!written.isEmpty()) {
      findsRows(what, file, table.schema(), written, random);
    }
  }

  /** No statistics of a file hide a row from Iceberg, which skips row groups by them. */
  private static void findsRows(
      String what, Path file, Schema schema, List<List<Object>> written, Random random)
      throws IOException {
    for (int i = 0; i < schema.columns().size(); i++) {
      Types.NestedField column = schema.columns().get(i);
      int at = i;
      Object wanted = written.get(random.nextInt(written.size())).get(at);
      Expression filter =
          wanted == null ? null : IcebergOracle.equal(column.name(), column.type(), wanted);
      if (filter != null) {
        assertThat(IcebergOracle.rows(file, schema, filter))
            .as("%s, %s", what, filter)
            .filteredOn(row -> wanted.equals(row.get(at)))
            .hasSameSizeAs(written.stream().filter(row -> wanted.equals(row.get(at))).toList());
      }
    }
  }
}
