package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.OracleFile;
import io.meshwork.internal.parquet.read.ReadRows;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NestedWriterPropertyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void parquetJavaReadsNestedRowsAndAgreesOnStatisticsAndPages(EncodingProfile profile)
      throws Exception {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed * 31);
      RandomTable table = RandomTable.nested(seed, 1 + (int) (seed % 4));
      ParquetWriterLimits limits = limits(random);
      List<VectorBatch> batches = new ArrayList<>();
      List<List<Object>> expected = new ArrayList<>();
      int count = random.nextInt(4);
      for (int i = 0; i < count; i++) {
        VectorBatch batch = table.batch(random.nextInt(1500));
        batches.add(batch);
        expected.addAll(ParquetOracle.rows(batch));
      }
      Path file = folder.resolve(profile + "-" + seed + ".parquet");
      String what = "seed " + seed + " " + limits + " " + table.schema();

      WrittenFile written = ParquetOracle.write(file, table.schema(), profile, limits, batches);

      assertThat(written.rows()).as(what).isEqualTo(expected.size());
      List<List<Object>> read = ParquetOracle.rows(file, table.schema());
      assertThat(read.size()).as(what).isEqualTo(expected.size());
      for (int row = 0; row < read.size(); row++) {
        assertThat(read.get(row)).as("%s, row %s", what, row).isEqualTo(expected.get(row));
      }
      ParquetMetadata footer = ParquetOracle.footer(file);
      StatisticsOracle.check(what, file, table.schema(), footer, expected, written);
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void parquetAvroReadsNestedRecords(EncodingProfile profile) {
    int files = 0;
    for (long seed = 1000; files < 30; seed++) {
      Random random = new Random(seed * 31);
      RandomTable table = RandomTable.nested(seed, 1 + (int) (seed % 4));
      if (table.schema().toString().contains("_ns")) {
        // parquet-avro gives times in nanoseconds as plain numbers.
        continue;
      }
      files++;
      VectorBatch batch = table.batch(400);
      Path file = folder.resolve(profile + "-avro-" + seed + ".parquet");
      ParquetOracle.write(file, table.schema(), profile, limits(random), List.of(batch));

      List<GenericRecord> read = OracleFile.read(file);

      String what = "seed " + seed + " " + table.schema();
      assertThat(read.size()).as(what).isEqualTo(400);
      for (int row = 0; row < read.size(); row++) {
        for (String column : batch.columns()) {
          assertThat(plain(read.get(row).get(column)))
              .as("%s, row %s, column %s", what, row, column)
              .isEqualTo(batch.valueAt(column, row));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void readerReadsWrittenNestedRows(EncodingProfile profile) {
    for (long seed = 2000; seed < 2040; seed++) {
      Random random = new Random(seed * 31);
      RandomTable table = RandomTable.nested(seed, 1 + (int) (seed % 4));
      VectorBatch batch = table.batch(700);
      Path file = folder.resolve(profile + "-own-" + seed + ".parquet");
      ParquetOracle.write(file, table.schema(), profile, limits(random), List.of(batch));

      List<List<Object>> read = ReadRows.all(file);

      String what = "seed " + seed + " " + table.schema();
      assertThat(read.size()).as(what).isEqualTo(700);
      for (int row = 0; row < read.size(); row++) {
        List<Object> expected = new ArrayList<>();
        for (String column : batch.columns()) {
          expected.add(batch.valueAt(column, row));
        }
        assertThat(read.get(row)).as("%s, row %s", what, row).isEqualTo(expected);
      }
    }
  }

  private static ParquetWriterLimits limits(Random random) {
    return random.nextInt(3) == 0
        ? ParquetWriterLimits.DEFAULT
        : new ParquetWriterLimits(
            1 + random.nextInt(1000),
            1 + random.nextInt(200_000),
            1 + random.nextInt(500),
            1 + random.nextInt(5_000));
  }

  private static Object plain(Object value) {
    if (value instanceof GenericRecord struct) {
      Map<String, Object> fields = new LinkedHashMap<>();
      struct
          .getSchema()
          .getFields()
          .forEach(field -> fields.put(field.name(), plain(struct.get(field.pos()))));
      return fields;
    }
    if (value instanceof Collection<?> elements) {
      List<Object> plain = new ArrayList<>();
      elements.forEach(element -> plain.add(plain(element)));
      return plain;
    }
    if (value instanceof Map<?, ?> entries) {
      Map<Object, Object> plain = new LinkedHashMap<>();
      entries.forEach((key, entry) -> plain.put(key.toString(), plain(entry)));
      return plain;
    }
    return OracleFile.plain(value);
  }
}
