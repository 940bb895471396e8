package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.ParquetReader.ReadFilter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.SmallGroups;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads any rows of random files, chosen by a column of distinct numbers, and no others. */
class SelectedRowsPropertyTest {
  @TempDir Path folder;

  @Test
  void chosenRowsOfFilesOfParquetJavaAreThoseOfTheOracle() {
    int[] parts = new int[2];
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      List<Map<?, ?>> rows = new ArrayList<>();
      Path file = write(seed, random, rows);
      check("seed " + seed, file, random, rows, parts);
    }
    assertThat(parts[1]).as("parts that were excluded").isGreaterThan(parts[0] / 8);
  }

  @Test
  void chosenRowsOfOwnFilesAreThoseOfTheWholeFile() {
    int[] parts = new int[2];
    for (long seed = 501; seed <= 535; seed++) {
      Random random = new Random(seed);
      List<Map<?, ?>> rows = new ArrayList<>();
      Path foreign = write(seed, random, rows);
      Path own = folder.resolve(seed + "-own.parquet");
      try (ParquetReader reader = ReadRows.open(foreign)) {
        List<VectorBatch> batches = new ArrayList<>();
        try (BatchReader all = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
          for (VectorBatch batch = all.next(); batch != null; batch = all.next()) {
            int[] numbers = LongStream.range(0, batch.rows()).mapToInt(i -> (int) i).toArray();
            batches.add(batch.flat().gather(numbers));
          }
        }
        SmallGroups.write(
            own,
            reader.schema(),
            EncodingProfile.values()[random.nextInt(2)],
            1 + random.nextInt(400),
            batches);
      }
      check("seed " + seed, own, random, rows, parts);
    }
    assertThat(parts[1]).as("parts that were excluded").isGreaterThan(parts[0] / 8);
  }

  @Test
  void aFilterWithoutColumnsIsAskedAboutEachRow() {
    List<Map<?, ?>> rows = new ArrayList<>();
    Path file = write(5, new Random(5), rows);
    int[] asked = {0};
    try (ParquetReader reader = ReadRows.open(file);
        BatchReader batches =
            reader.read(
                reader.schema(),
                ColumnMatch.BY_NAME,
                new NoRows(asked),
                new BatchLimit(128L << 20, 1L << 30))) {
      assertThat(batches.next()).isNull();
    }
    assertThat(asked[0]).isEqualTo(rows.size());
  }

  /** Selects no row, and counts those that it was asked about. */
  record NoRows(int[] asked) implements ReadFilter {
    @Override
    public Set<Integer> fieldIds() {
      return Set.of();
    }

    @Override
    public boolean mightContain(int group, FooterRowGroup statistics) {
      return true;
    }

    @Override
    public boolean mightContain(FooterRowGroup part) {
      return true;
    }

    @Override
    public int[] select(VectorBatch rows) {
      asked[0] += rows.rows();
      return new int[0];
    }
  }

  /** Writes rows with a first column of distinct numbers, which ascend in every other file. */
  private Path write(long seed, Random random, List<Map<?, ?>> into) {
    RandomNestedAvro data = new RandomNestedAvro(random, true);
    List<Schema.Field> fields = new ArrayList<>();
    fields.add(new Schema.Field("key", Schema.create(Schema.Type.LONG), null, null));
    Schema others = data.schema(4);
    others.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    Schema schema = Schema.createRecord("Row", null, "test", false, fields);
    int count = seed == 17 ? 20_000 : 1 + random.nextInt(900);
    List<Long> keys = new ArrayList<>(LongStream.range(0, count).boxed().toList());
    if (random.nextInt(3) == 0) {
      Collections.shuffle(keys, random);
    }
    List<GenericRecord> rows = new ArrayList<>();
    for (GenericRecord other : data.rows(others, count)) {
      GenericRecord row = new GenericData.Record(schema);
      row.put(0, keys.get(rows.size()));
      for (int i = 1; i < fields.size(); i++) {
        row.put(i, other.get(i - 1));
      }
      rows.add(row);
    }
    Path file = folder.resolve(seed + ".parquet");
    int pageRows = random.nextInt(4) > 0 ? 1 + random.nextInt(50) : 20_000;
    CompressionCodecName codec =
        random.nextBoolean() ? CompressionCodecName.UNCOMPRESSED : CompressionCodecName.ZSTD;
    OracleFile.write(
        file,
        schema,
        rows,
        to ->
            to.withCompressionCodec(codec)
                .withWriterVersion(
                    random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0)
                .withDictionaryEncoding(random.nextBoolean())
                .withByteStreamSplitEncoding(random.nextInt(3) == 0)
                .withDictionaryPageSize(random.nextBoolean() ? 200 : 1 << 20)
                .withPageRowCountLimit(pageRows)
                .withPageSize(random.nextBoolean() ? 300 : 1 << 20)
                .withRowGroupSize(random.nextInt(3) == 0 ? 20_000L : 128L << 20)
                .config("parquet.avro.write-old-list-structure", "false"));
    rows.forEach(row -> into.add((Map<?, ?>) RandomNestedAvro.plain(row)));
    return file;
  }

  private static void check(
      String about, Path file, Random random, List<Map<?, ?>> rows, int[] parts) {
    boolean indexed = random.nextInt(4) > 0;
    try {
      if (!indexed) {
        Files.write(file, withoutIndexes(Files.readAllBytes(file)));
      }
      for (int i = 0; i < 6; i++) {
        BitSet chosen = chosen(random, rows.size());
        List<Map<?, ?>> expected =
            rows.stream().filter(row -> chosen.get(((Long) row.get("key")).intValue())).toList();
        long soft = random.nextBoolean() ? 128L << 20 : 100 + random.nextInt(100_000);
        String which =
            about + ", " + expected.size() + " of " + rows.size() + " rows, indexed " + indexed;
        NestedReaderPropertyTest.assertSame(
            which, read(file, chosen, soft, parts, random.nextBoolean()), expected);
      }
    } catch (java.io.IOException | RuntimeException e) {
      throw new AssertionError(about, e);
    }
  }

  private static byte[] withoutIndexes(byte[] file) throws java.io.IOException {
    return RewrittenFooters.withFooter(
        file,
        meta ->
            meta.getRow_groups().stream()
                .flatMap(group -> group.getColumns().stream())
                .forEach(
                    chunk -> {
                      chunk.unsetColumn_index_offset();
                      chunk.unsetOffset_index_offset();
                    }));
  }

  /** Returns single rows, runs of rows, most rows, or every row. */
  private static BitSet chosen(Random random, int rows) {
    BitSet chosen = new BitSet();
    switch (random.nextInt(4)) {
      case 0 -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          chosen.set(random.nextInt(rows));
        }
      }
      case 1 -> {
        for (int i = random.nextInt(6); i >= 0; i--) {
          int from = random.nextInt(rows);
          chosen.set(from, Math.min(rows, from + 1 + random.nextInt(100)));
        }
      }
      case 2 -> {
        for (int row = 0; row < rows; row++) {
          chosen.set(row, random.nextInt(5) > 0);
        }
      }
      default -> chosen.set(0, rows);
    }
    return chosen;
  }

  private static List<Map<String, Object>> read(
      Path file, BitSet chosen, long soft, int[] parts, boolean beside) {
    try (ParquetReader reader = ReadRows.open(file)) {
      int key = reader.schema().columns().get(0).fieldId();
      BatchLimit limit = new BatchLimit(soft, 1L << 30);
      try (BatchReader batches =
          reader.read(
              reader.schema(), ColumnMatch.BY_NAME, new ChosenKeys(key, chosen, parts), limit)) {
        List<Map<String, Object>> rows = new ArrayList<>();
        ReadBatches.forEach(
            batches,
            beside,
            (batch, firstRow) -> {
              VectorShape.check(batch);
              for (int row = 0; row < batch.rows(); row++) {
                rows.add(VectorShape.row(batch, row));
              }
            });
        return rows;
      }
    }
  }

  /** Selects rows by their keys, and counts the parts that it was asked about and excluded. */
  record ChosenKeys(int key, BitSet chosen, int[] parts) implements ReadFilter {
    @Override
    public Set<Integer> fieldIds() {
      return Set.of(key);
    }

    @Override
    public boolean mightContain(int group, FooterRowGroup statistics) {
      return true;
    }

    @Override
    public boolean mightContain(FooterRowGroup part) {
      FooterRowGroup.FooterColumnChunk column = part.columns().get(0);
      boolean might = true;
      if (column.lowest() instanceof Long least && column.highest() instanceof Long most) {
        int next = chosen.nextSetBit((int) Math.min(Integer.MAX_VALUE, Math.max(0, least)));
        might = next >= 0 && next <= most;
      }
      parts[0]++;
      parts[1] += might ? 0 : 1;
      return might;
    }

    @Override
    public int[] select(VectorBatch rows) {
      assertThat(rows.schema().columns()).extracting(NestedField::name).containsExactly("key");
      LongVector keys = (LongVector) rows.vector(0);
      List<Integer> selected = new ArrayList<>();
      for (int row = 0; row < keys.size(); row++) {
        if (chosen.get((int) keys.get(row))) {
          selected.add(row);
        }
      }
      return selected.stream().mapToInt(row -> row).toArray();
    }
  }
}
