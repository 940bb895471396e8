package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ReadFilter;
import io.meshwork.internal.parquet.write.ParquetOracle;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.parquet.write.SmallGroups;
import io.meshwork.internal.predicate.RandomFilters;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.predicate.SampleValues;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Files;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters on random files, in pages of seven rows, against the same filters on all rows. */
class FilteredScanPropertyTest {
  private static final int SEEDS = 150;
  private static final MeshAction READ = MeshAction.of(Verb.READ, "rows");

  @TempDir Path folder;
  private long parts;
  private long excluded;
  private long unmatched;

  @Test
  void aScanWithAFilterReturnsTheMatchingRowsOfAScanOfAll() {
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomFilters random = new RandomFilters(seed);
      Random more = new Random(~seed);
      Schema schema = random.schema();
      List<Object[]> rows = new ArrayList<>();
      for (int part = 0; part < 12; part++) {
        rows.addAll(random.part(1 + more.nextInt(25)));
      }
      VectorBatch all = SampleValues.batch(schema, rows);
      Path path = folder.resolve(seed + ".parquet");
      DataFile file = write(path, schema, EncodingProfile.values()[(int) seed % 2], more, all);
      for (int i = 0; i < 15; i++) {
        String filter = random.filter().filter();
        RowPredicate predicate = RowPredicate.parse(filter, schema);
        Schema projection = projection(schema, more);
        String about = "seed %d, %s of %s where %s".formatted(seed, projection, schema, filter);

        List<List<Object>> read = scan(file, projection, schema, predicate);

        VectorBatch expected = all.gather(predicate.matches(all).numbers()).select(projection);
        assertThat(read).as(about).isEqualTo(ParquetOracle.rows(expected));
        countParts(path, predicate, all);
      }
    }

    assertThat(excluded).as("excluded of %s parts", parts).isGreaterThan(unmatched / 2);
  }

  private static DataFile write(
      Path path, Schema schema, EncodingProfile profile, Random random, VectorBatch all) {
    WrittenFile written =
        SmallGroups.write(path, schema, profile, 1 + random.nextInt(200), List.of(all));
    return new DataFileEntry(
            path.toString(),
            written.bytes(),
            written.rows(),
            written.metrics(),
            written.splitOffsets(),
            null)
        .toDataFile(PartitionSpec.unpartitioned());
  }

  private static Schema projection(Schema schema, Random random) {
    List<NestedField> columns = new ArrayList<>(schema.columns());
    Collections.shuffle(columns, random);
    return new Schema(columns.subList(0, 1 + random.nextInt(columns.size())));
  }

  private static List<List<Object>> scan(
      DataFile file, Schema projection, Schema schema, RowPredicate predicate) {
    List<List<Object>> rows = new ArrayList<>();
    try (SnapshotScan scan =
        SnapshotScan.of(
            new CountedFiles(),
            List.of(file),
            projection,
            schema,
            predicate,
            Long.MAX_VALUE,
            READ)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        assertThat(batch.rows()).isPositive();
        rows.addAll(ParquetOracle.rows(batch.flat()));
      }
    }
    return rows;
  }

  /** Counts the parts of pages that a filter was asked about, and those without a matching row. */
  private void countParts(Path path, RowPredicate predicate, VectorBatch all) {
    try (ParquetReader reader = ParquetReader.open(Files.localInput(path.toFile()))) {
      ReadFilter filter = ScanFilter.ALL.and(predicate).over(reader);
      int[] first = {0};
      int[] groupEnd = {0};
      ReadFilter counted =
          new ReadFilter() {
            @Override
            public java.util.Set<Integer> fieldIds() {
              return filter.fieldIds();
            }

            @Override
            public boolean mightContain(int group, FooterRowGroup statistics) {
              first[0] = groupEnd[0];
              groupEnd[0] += (int) statistics.rows();
              return true;
            }

            @Override
            public boolean mightContain(FooterRowGroup part) {
              int end = first[0] + (int) part.rows();
              boolean kept = filter.mightContain(part);
              int next = predicate.matches(all).next(first[0]);
              parts++;
              excluded += kept ? 0 : 1;
              unmatched += next < 0 || next >= end ? 1 : 0;
              first[0] = end;
              return kept;
            }

            @Override
            public int[] select(VectorBatch rows) {
              return filter.select(rows);
            }
          };
      try (var batches =
          reader.read(reader.schema(), ParquetReader.ColumnMatch.BY_FIELD_ID, counted)) {
        VectorBatch batch = batches.next();
        while (batch != null) {
          batch = batches.next();
        }
      }
    }
  }
}
