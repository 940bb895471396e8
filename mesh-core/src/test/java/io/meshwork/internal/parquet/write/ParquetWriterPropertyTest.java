package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetWriterPropertyTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void parquetJavaReadsWhatWasWritten(EncodingProfile profile) throws Exception {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed * 31);
      RandomTable table = new RandomTable(seed);
      ParquetWriterLimits limits =
          random.nextInt(3) == 0
              ? ParquetWriterLimits.DEFAULT
              : new ParquetWriterLimits(
                  1 + random.nextInt(3000),
                  1 + random.nextInt(100_000),
                  1 + random.nextInt(1000),
                  1 + random.nextInt(10_000));
      List<VectorBatch> batches = new ArrayList<>();
      List<List<Object>> expected = new ArrayList<>();
      int count = random.nextInt(4);
      for (int i = 0; i < count; i++) {
        VectorBatch batch = table.batch(random.nextInt(3000));
        batches.add(batch);
        expected.addAll(ParquetOracle.rows(batch));
      }
      Path file = folder.resolve(profile + "-" + seed + ".parquet");
      String what = "seed " + seed + " " + limits + " " + table.schema();

      WrittenFile written = ParquetOracle.write(file, table.schema(), profile, limits, batches);

      assertThat(written.rows()).as(what).isEqualTo(expected.size());
      assertThat(written.bytes()).as(what).isEqualTo(file.toFile().length());
      List<List<Object>> read = ParquetOracle.rows(file, table.schema());
      assertThat(read.size()).as(what).isEqualTo(expected.size());
      for (int row = 0; row < read.size(); row++) {
        assertThat(read.get(row)).as("%s, row %s", what, row).isEqualTo(expected.get(row));
      }
      ParquetMetadata footer = ParquetOracle.footer(file);
      assertThat(footer.getBlocks().stream().map(block -> block.getStartingPos()).toList())
          .as(what)
          .isEqualTo(written.splitOffsets());
      StatisticsOracle.check(what, file, table.schema(), footer, expected, written);
    }
  }
}
