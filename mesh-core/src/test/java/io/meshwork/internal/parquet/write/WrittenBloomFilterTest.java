package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.encoding.BloomFilter;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WrittenBloomFilterTest {
  private static final int ROWS = 5_000;
  private static final int GROUP_ROWS = 2_000;
  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "number", Types.IntegerType.get()),
          NestedField.required(2, "id", Types.LongType.get()),
          NestedField.required(3, "text", Types.StringType.get()),
          NestedField.required(4, "uuid", Types.UUIDType.get()),
          NestedField.required(5, "price", Types.DecimalType.of(30, 4)),
          NestedField.required(6, "kind", Types.StringType.get()),
          NestedField.required(7, "flag", Types.BooleanType.get()));

  private final Map<String, BloomFilter> filters = new HashMap<>();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void readerFindsAllValuesAndFewOthers(EncodingProfile profile) throws Exception {
    VectorBatch batch = batch();
    Path file = write(profile, batch);

    try (ParquetReader reader = ParquetReader.open(Files.localInput(file.toFile()))) {
      assertThat(reader.rowGroups()).hasSize(3);
      for (int column = 0; column < 6; column++) {
        NestedField field = SCHEMA.columns().get(column);
        int found = 0;
        for (int row = 0; row < ROWS; row++) {
          Vector vector = batch.vector(column);
          assertThat(mightContain(reader, row / GROUP_ROWS, field, vector, row)).isTrue();
          found += mightContain(reader, (row / GROUP_ROWS + 1) % 3, field, vector, row) ? 1 : 0;
        }
        if (column == 5) {
          assertThat(found).as("all groups have the same kinds").isEqualTo(ROWS);
        } else {
          assertThat(found).as("false positives of %s", field.name()).isLessThan(ROWS / 200);
        }
      }
      assertThat(reader.bloomFilter(0, 7, Types.BooleanType.get())).isNull();
      assertThat(reader.bloomFilter(0, 1, Types.LongType.get())).as("widened").isNotNull();
      assertThat(reader.bloomFilter(0, 2, Types.IntegerType.get())).isNull();
      assertThat(reader.bloomFilter(0, 9, Types.LongType.get())).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void parquetJavaReadsBloomFilters(EncodingProfile profile) throws Exception {
    VectorBatch batch = batch();
    Path file = write(profile, batch);

    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      List<BlockMetaData> groups = reader.getFooter().getBlocks();
      for (int group = 0; group < groups.size(); group++) {
        for (int column = 0; column < 6; column++) {
          var filter = reader.readBloomFilter(groups.get(group).getColumns().get(column));
          assertThat(filter).isNotNull();
          for (int row = group * GROUP_ROWS;
              row < Math.min(ROWS, (group + 1) * GROUP_ROWS);
              row++) {
            long hash =
                switch (column) {
                  case 0 -> filter.hash(((IntVector) batch.vector(0)).get(row));
                  case 1 -> filter.hash(((LongVector) batch.vector(1)).get(row));
                  default -> {
                    BytesVector bytes = (BytesVector) batch.vector(column);
                    int drop = column == 4 ? 16 - 13 : 0; // 13 bytes hold 30 digits
                    yield filter.hash(
                        Binary.fromConstantByteArray(
                            bytes.data(), bytes.start(row) + drop, bytes.length(row) - drop));
                  }
                };
            assertThat(filter.findHash(hash)).isTrue();
          }
        }
        assertThat(reader.readBloomFilter(groups.get(group).getColumns().get(5)).getBitsetSize())
            .as("few values have a small filter")
            .isEqualTo(32);
        assertThat(groups.get(group).getColumns().get(6).getBloomFilterOffset()).isNegative();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbPrunesByBloomFilters(EncodingProfile profile) throws Exception {
    VectorBatch batch = batch();
    Path file = write(profile, batch);

    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (int row = 0; row < ROWS; row += 499) {
        long id = ((LongVector) batch.vector(1)).get(row);
        try (ResultSet rows =
            statement.executeQuery("SELECT count(*) FROM '" + file + "' WHERE id = " + id)) {
          assertThat(rows.next()).isTrue();
          assertThat(rows.getLong(1)).isEqualTo(1);
        }
        try (ResultSet groups =
            statement.executeQuery(
                "SELECT count(*) FROM parquet_bloom_probe('"
                    + file
                    + "', 'id', "
                    + id
                    + ") WHERE NOT bloom_filter_excludes")) {
          assertThat(groups.next()).isTrue();
          assertThat(groups.getLong(1)).isBetween(1L, 2L);
        }
      }
    }
  }

  private boolean mightContain(
      ParquetReader reader, int group, NestedField field, Vector vector, int row) {
    BloomFilter filter =
        filters.computeIfAbsent(
            group + " " + field.fieldId(),
            key -> reader.bloomFilter(group, field.fieldId(), field.type()));
    assertThat(filter).isNotNull();
    if (vector instanceof IntVector ints) {
      return filter.mightContain(ints.get(row));
    } else if (vector instanceof LongVector longs) {
      return filter.mightContain(longs.get(row));
    }
    BytesVector bytes = (BytesVector) vector;
    return filter.mightContain(bytes.data(), bytes.start(row), bytes.length(row));
  }

  private Path write(EncodingProfile profile, VectorBatch batch) {
    Path file = folder.resolve("filtered.parquet");
    try (ParquetWriter writer =
        new ParquetWriter(
                Files.localOutput(file.toFile()).create(),
                SCHEMA,
                profile,
                Map.of(),
                new ParquetWriterLimits(GROUP_ROWS, 1L << 30, 700, 1 << 20))
            .filtering(Set.of(1, 2, 3, 4, 5, 6, 7))) {
      writer.write(batch);
      writer.finish();
    }
    return file;
  }

  private static VectorBatch batch() {
    Random random = new Random(17);
    VectorBatch batch = VectorBatch.empty(SCHEMA);
    for (int row = 0; row < ROWS; row++) {
      ((IntVector) batch.vector(0)).append(row * 31);
      ((LongVector) batch.vector(1)).append(random.nextLong());
      append(batch, 2, ("order-" + row).getBytes(StandardCharsets.UTF_8));
      byte[] uuid = new byte[16];
      random.nextBytes(uuid);
      append(batch, 3, uuid);
      byte[] price = new byte[16];
      random.nextBytes(uuid);
      System.arraycopy(uuid, 0, price, 5, 11);
      append(batch, 4, price);
      append(batch, 5, ("kind-" + row % 3).getBytes(StandardCharsets.UTF_8));
      ((BooleanVector) batch.vector(6)).append(row % 2 == 0);
    }
    return batch;
  }

  private static void append(VectorBatch batch, int column, byte[] value) {
    ((BytesVector) batch.vector(column)).append(value);
  }
}
