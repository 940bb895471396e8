package io.meshwork.internal.predicate;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.parquet.write.SmallGroups;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Files;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.Projections;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that pruned files, row groups, and partitions contain no matching row. */
class PruningPropertyTest {
  private static final int SEEDS = 250;
  private static final int GROUP = 20;

  @TempDir Path folder;

  @Test
  void prunedFilesAndRowGroupsHaveNoMatchingRow() {
    int[] excluded = new int[3];
    int certain = 0;
    int[] possible = new int[2];
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomFilters random = new RandomFilters(seed);
      Schema schema = random.schema();
      List<Object[]> rows = new ArrayList<>();
      for (int part = 0; part < 4; part++) {
        rows.addAll(random.part(GROUP));
      }
      Path path = folder.resolve(seed + ".parquet");
      EncodingProfile profile = EncodingProfile.values()[(int) seed % 2];
      SmallGroups.write(path, schema, profile, GROUP, List.of(SampleValues.batch(schema, rows)));
      List<FooterRowGroup> groups;
      Schema fileSchema;
      try (ParquetReader reader = ParquetReader.open(Files.localInput(path.toFile()))) {
        groups = reader.rowGroups();
        fileSchema = reader.schema();
      }
      assertThat(groups).hasSize(4);
      List<DataFile> files = new ArrayList<>();
      List<VectorBatch> batches = new ArrayList<>();
      for (int part = 0; part < 4; part++) {
        batches.add(SampleValues.batch(schema, rows.subList(part * GROUP, (part + 1) * GROUP)));
        WrittenFile written =
            SmallGroups.write(
                folder.resolve(seed + "-" + part), schema, profile, 7, List.of(batches.get(part)));
        files.add(dataFile(written, new Random(seed * 4 + part)));
      }
      for (int i = 0; i < 25; i++) {
        RandomFilters.Pair pair = random.filter();
        RowPredicate predicate = RowPredicate.parse(pair.filter(), schema);
        InclusiveMetricsEvaluator iceberg =
            new InclusiveMetricsEvaluator(schema, predicate.toIceberg());
        for (int part = 0; part < 4; part++) {
          int matching = predicate.matches(batches.get(part)).count();
          String seen = "seed " + seed + " part " + part + " " + schema + " " + pair.filter();
          boolean[] kept = {
            predicate.mayMatch(groups.get(part), fileSchema, ColumnMatch.BY_FIELD_ID),
            predicate.mayMatch(files.get(part)),
            iceberg.eval(files.get(part))
          };
          for (int way = 0; way < kept.length; way++) {
            assertThat(matching == 0 || kept[way]).as(seen + " way " + way).isTrue();
            excluded[way] += kept[way] ? 0 : 1;
          }
          boolean all = predicate.certainlyMatchesAll(files.get(part));
          assertThat(!all || matching == GROUP).as(seen + " certainly all").isTrue();
          certain += all ? 1 : 0;
          possible[0] += matching == 0 ? 1 : 0;
          possible[1] += matching == GROUP ? 1 : 0;
        }
      }
    }

    assertThat(excluded[0]).as("groups left out").isGreaterThan(possible[0] / 2);
    assertThat(excluded[1]).as("files left out").isGreaterThan(possible[0] / 3);
    assertThat(excluded[2]).as("files left out by Iceberg").isGreaterThan(possible[0] / 3);
    assertThat(certain).as("files that match whole").isGreaterThan(possible[1] / 3);
  }

  @Test
  void prunedPartitionsHaveNoMatchingRow() {
    int excluded = 0;
    for (long seed = 0; seed < 400; seed++) {
      RandomFilters random = new RandomFilters(seed);
      Schema schema = random.schema();
      PartitionSpec spec = spec(schema, new Random(seed));
      List<Object[]> rows = random.part(25);
      VectorBatch batch = SampleValues.batch(schema, rows);
      for (int i = 0; i < 10; i++) {
        RandomFilters.Pair pair = random.filter();
        RowPredicate predicate = RowPredicate.parse(pair.filter(), schema);
        Expression projected = Projections.inclusive(spec).project(predicate.toIceberg());
        Evaluator evaluator = new Evaluator(spec.partitionType(), projected);
        var matching = predicate.matches(batch);
        for (int row = 0; row < rows.size(); row++) {
          PartitionKey key = new PartitionKey(spec, schema);
          key.partition(row(schema, rows.get(row)));
          boolean kept = evaluator.eval(key);
          assertThat(kept || !matching.get(row))
              .as("seed " + seed + " row " + row + " " + spec + " " + pair.filter())
              .isTrue();
          excluded += kept ? 0 : 1;
        }
      }
    }

    assertThat(excluded).as("partitions left out").isGreaterThan(5_000);
  }

  @Test
  void fieldsOfStructsThatWereNotCountedMayBeNull() {
    Schema schema =
        new Schema(
            Types.NestedField.optional(
                1,
                "a",
                Types.StructType.of(Types.NestedField.required(2, "x", Types.LongType.get()))));
    RowPredicate predicate = RowPredicate.parse("a.x >= 5", schema);
    ByteBuffer five = Conversions.toByteBuffer(Types.LongType.get(), 5L);

    assertThat(predicate.certainlyMatchesAll(counted(10, 10, five))).isTrue();
    assertThat(predicate.certainlyMatchesAll(counted(10, 9, five))).isFalse();
    assertThat(RowPredicate.parse("a.x IS NULL", schema).mayMatch(counted(10, 9, five))).isTrue();
    assertThat(RowPredicate.parse("a.x IS NULL", schema).mayMatch(counted(10, 10, five))).isFalse();
    assertThat(
            new InclusiveMetricsEvaluator(
                    schema, RowPredicate.parse("a.x IS NULL", schema).toIceberg())
                .eval(counted(10, 9, five)))
        .isTrue();
  }

  private static DataFile counted(long rows, long valueCount, ByteBuffer bound) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath("counted.parquet")
        .withFileSizeInBytes(1)
        .withMetrics(
            new Metrics(
                rows,
                null,
                Map.of(2, valueCount),
                Map.of(2, 0L),
                Map.of(),
                Map.of(2, bound),
                Map.of(2, bound)))
        .build();
  }

  private static StructLike row(Schema schema, Object[] values) {
    GenericRecord row = GenericRecord.create(schema);
    for (int i = 0; i < values.length; i++) {
      if (schema.columns().get(i).type().isPrimitiveType()) {
        row.set(i, values[i]);
      }
    }
    return row;
  }

  private static PartitionSpec spec(Schema schema, Random random) {
    PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
    for (Types.NestedField field : schema.columns()) {
      if (!field.type().isPrimitiveType()) {
        continue;
      }
      String name = field.name();
      boolean day =
          field.type().typeId() == Type.TypeID.DATE
              || field.type().typeId() == Type.TypeID.TIMESTAMP
              || field.type().typeId() == Type.TypeID.TIMESTAMP_NANO;
      switch (random.nextInt(4)) {
        case 0 -> spec.identity(name);
        case 1 -> {
          if (day) {
            spec.day(name);
          } else if (bucketed(field.type())) {
            spec.bucket(name, 5);
          }
        }
        case 2 -> {
          if (day) {
            spec.year(name);
          } else if (truncated(field.type())) {
            spec.truncate(name, 2);
          }
        }
        default -> spec.alwaysNull(name, name + "_void");
      }
    }
    return spec.build();
  }

  private static boolean bucketed(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN, FLOAT, DOUBLE -> false;
      default -> true;
    };
  }

  private static boolean truncated(Type type) {
    return switch (type.typeId()) {
      case INTEGER, LONG, DECIMAL, STRING -> true;
      default -> false;
    };
  }

  /** Returns the file's manifest entry, sometimes without some of its counts and bounds. */
  private static DataFile dataFile(WrittenFile written, Random random) {
    Metrics metrics = written.metrics();
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath("part.parquet")
        .withFileSizeInBytes(written.bytes())
        .withMetrics(
            new Metrics(
                metrics.recordCount(),
                null,
                some(metrics.valueCounts(), random),
                some(metrics.nullValueCounts(), random),
                some(metrics.nanValueCounts(), random),
                someBounds(metrics.lowerBounds(), random),
                someBounds(metrics.upperBounds(), random)))
        .build();
  }

  private static Map<Integer, Long> some(Map<Integer, Long> counts, Random random) {
    Map<Integer, Long> kept = new HashMap<>(counts);
    kept.keySet().removeIf(id -> random.nextInt(12) == 0);
    return kept;
  }

  private static Map<Integer, ByteBuffer> someBounds(
      Map<Integer, ByteBuffer> bounds, Random random) {
    Map<Integer, ByteBuffer> kept = new HashMap<>(bounds);
    kept.keySet().removeIf(id -> random.nextInt(12) == 0);
    return kept;
  }
}
