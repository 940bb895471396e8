package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.read.ReadRows;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * DuckDB copies our files of random tables to files of its own. A copy has every value that was
 * written only if DuckDB read our file right, and only a reader that reads DuckDB's file right
 * returns these values. parquet-java reads the copies too, so that a failure names the side.
 */
class DuckDbRandomFilesTest {
  private static final String[] CODECS = {"uncompressed", "snappy", "gzip", "zstd", "lz4_raw"};
  private static final Object[] TYPES = {
    "boolean",
    "int",
    "long",
    "float",
    "double",
    "date",
    "time",
    "timestamp",
    "timestamptz",
    "timestamp_ns",
    "timestamptz_ns",
    "string",
    "binary",
    "fixed",
    "uuid",
    "decimal"
  };
  private static final int[] GROUP_ROWS = {2_048, 4_096, 122_880};

  @TempDir Path folder;
  private final Set<Object> met = new HashSet<>();

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbsCopiesOfFlatFilesHaveEachWrittenValue(EncodingProfile profile) throws Exception {
    checkFlat(profile, 1, 30);

    assertThat(met)
        .as("types, and codecs and encodings of DuckDB")
        .contains(TYPES)
        .contains((Object[]) CODECS)
        .contains(Encoding.PLAIN, Encoding.RLE_DICTIONARY)
        .contains(Encoding.DELTA_BINARY_PACKED, Encoding.DELTA_LENGTH_BYTE_ARRAY)
        .contains(Encoding.BYTE_STREAM_SPLIT);
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbsCopiesOfNestedFilesHaveEachWrittenValue(EncodingProfile profile) throws Exception {
    checkNested(profile, 1, 30);

    assertThat(met).as("types, and codecs of DuckDB").contains(TYPES).contains((Object[]) CODECS);
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbsCopiesOfManyFlatFilesHaveEachWrittenValue(EncodingProfile profile) throws Exception {
    checkFlat(profile, 1_000, 200);
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void duckDbsCopiesOfManyNestedFilesHaveEachWrittenValue(EncodingProfile profile)
      throws Exception {
    checkNested(profile, 1_000, 200);
  }

  private void checkFlat(EncodingProfile profile, long firstSeed, int files) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      for (long seed = firstSeed; seed < firstSeed + files; seed++) {
        check(duck, profile, seed, new RandomTable(seed), 3_000);
      }
    }
  }

  private void checkNested(EncodingProfile profile, long firstSeed, int files) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
      for (long seed = firstSeed; seed < firstSeed + files; seed++) {
        check(duck, profile, seed, RandomTable.nested(seed, 1 + (int) (seed % 4)), 1_200);
      }
    }
  }

  private void check(
      Connection duck, EncodingProfile profile, long seed, RandomTable table, int batchRows)
      throws IOException, SQLException {
    Random random = new Random(seed * 31);
    ParquetWriterLimits limits = limits(random, batchRows);
    Schema schema = table.schema();
    List<VectorBatch> batches = new ArrayList<>();
    List<List<Object>> written = new ArrayList<>();
    // Two or three batches usually have more rows than DuckDB's smallest row group.
    int count = seed % 8 == 0 ? 0 : 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      VectorBatch batch = table.batch(1 + random.nextInt(batchRows));
      batches.add(batch);
      written.addAll(ParquetOracle.rows(batch));
    }
    boolean dictionaries = random.nextBoolean();
    String options = options(random, dictionaries);
    Path file = folder.resolve(profile + "-" + seed + ".parquet");
    Path copy = folder.resolve(profile + "-" + seed + "-copy.parquet");
    ParquetOracle.write(file, schema, profile, limits, batches);

    try (Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (SELECT * FROM read_parquet('%s')) TO '%s' (%s)".formatted(file, copy, options));
    }

    recordWhatIsMet(schema, copy);
    String what = "seed %d, %s, %s, %s".formatted(seed, limits, options, schema);
    List<List<Object>> byParquetJava = ParquetOracle.rows(copy, schema);
    List<List<Object>> byUs = rows(what, copy, schema);
    assertSame(what + ", our reader beside parquet-java", byUs, byParquetJava);
    assertSame(
        what + ", DuckDB's copy beside the written rows",
        dictionaries ? equalFloats(schema, byParquetJava) : byParquetJava,
        dictionaries ? equalFloats(schema, written) : written);
  }

  /** Records the types of the columns, and how DuckDB stored them. */
  private void recordWhatIsMet(Schema schema, Path copy) throws IOException {
    for (NestedField field : TypeUtil.indexById(schema.asStruct()).values()) {
      met.add(field.type().toString().replaceAll("[(\\[].*", ""));
    }
    for (BlockMetaData group : ParquetOracle.footer(copy).getBlocks()) {
      for (ColumnChunkMetaData chunk : group.getColumns()) {
        met.add(chunk.getCodec().name().toLowerCase(Locale.ROOT));
        met.addAll(chunk.getEncodings());
      }
    }
  }

  private static void assertSame(String what, List<List<Object>> read, List<List<Object>> written) {
    assertThat(read.size()).as(what).isEqualTo(written.size());
    for (int row = 0; row < read.size(); row++) {
      assertThat(read.get(row)).as("%s, row %s", what, row).isEqualTo(written.get(row));
    }
  }

  /** Reads a copy with our reader, after its types were compared with those of the schema. */
  private static List<List<Object>> rows(String what, Path copy, Schema schema) {
    List<List<Object>> rows = new ArrayList<>();
    try (ParquetReader reader = ReadRows.open(copy);
        BatchReader batches = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
      assertThat(copied(reader.schema().asStruct())).as(what).isEqualTo(copied(schema.asStruct()));
      for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
        rows.addAll(ParquetOracle.rows(batch));
      }
    }
    return rows;
  }

  /** Names what DuckDB keeps of a type: it has no field IDs, required fields, or fixed lengths. */
  private static String copied(Type type) {
    return switch (type.typeId()) {
      case STRUCT ->
          type.asStructType().fields().stream()
              .map(field -> field.name() + " " + copied(field.type()))
              .toList()
              .toString();
      case LIST -> "list of " + copied(type.asListType().elementType());
      case MAP ->
          "map of %s to %s"
              .formatted(copied(type.asMapType().keyType()), copied(type.asMapType().valueType()));
      case FIXED -> "binary";
      default -> type.toString();
    };
  }

  /**
   * Returns rows with one zero and one NaN. DuckDB's dictionaries have one entry for floats that
   * compare as equal, so that a copy may have another sign of zero or another NaN.
   */
  private static List<List<Object>> equalFloats(Schema schema, List<List<Object>> rows) {
    return rows.stream().map(row -> equalFloats(schema.columns(), row)).toList();
  }

  private static List<Object> equalFloats(List<NestedField> fields, List<?> values) {
    List<Object> equal = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      equal.add(equalFloats(fields.get(i).type(), values.get(i)));
    }
    return equal;
  }

  private static Object equalFloats(Type type, Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.typeId()) {
      case FLOAT -> Float.floatToIntBits(Float.intBitsToFloat((int) value) + 0f);
      case DOUBLE -> Double.doubleToLongBits(Double.longBitsToDouble((long) value) + 0.0);
      case STRUCT -> equalFloats(type.asStructType().fields(), (List<?>) value);
      case LIST -> {
        Type element = type.asListType().elementType();
        List<Object> equal = new ArrayList<>();
        ((List<?>) value).forEach(each -> equal.add(equalFloats(element, each)));
        yield equal;
      }
      case MAP -> {
        List<NestedField> entry = type.asMapType().fields();
        List<Object> equal = new ArrayList<>();
        ((List<?>) value).forEach(each -> equal.add(equalFloats(entry, (List<?>) each)));
        yield equal;
      }
      default -> value;
    };
  }

  private static ParquetWriterLimits limits(Random random, int batchRows) {
    return random.nextInt(3) == 0
        ? ParquetWriterLimits.DEFAULT
        : new ParquetWriterLimits(
            1 + random.nextInt(batchRows),
            1 + random.nextInt(200_000),
            1 + random.nextInt(1_000),
            1 + random.nextInt(10_000));
  }

  /** Returns settings of DuckDB's writer; without dictionaries it uses its other encodings. */
  private static String options(Random random, boolean dictionaries) {
    return "FORMAT parquet, COMPRESSION %s, PARQUET_VERSION %s, ROW_GROUP_SIZE %d%s"
        .formatted(
            CODECS[random.nextInt(CODECS.length)],
            random.nextBoolean() ? "V1" : "V2",
            GROUP_ROWS[random.nextInt(GROUP_ROWS.length)],
            dictionaries ? "" : ", DICTIONARY_SIZE_LIMIT 0");
  }
}
