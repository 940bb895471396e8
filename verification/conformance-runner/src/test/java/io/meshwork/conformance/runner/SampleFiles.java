package io.meshwork.conformance.runner;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/** Parquet files of parquet-java, of DuckDB, and of Meshwork. */
final class SampleFiles {
  private static final List<CompressionCodecName> CODECS =
      List.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD,
          CompressionCodecName.LZ4_RAW);

  /** A column of each type of DuckDB. */
  private static final String QUERY =
      """
      SELECT i AS id, i::UTINYINT u8, i::USMALLINT u16, (i * 20000000)::UINTEGER u32,
        (i::HUGEINT * 92000000000000000)::UBIGINT u64, i % 3 = 0 flag, i / 7.0 ratio, (i / 3.0)::FLOAT small,
        CASE WHEN i % 5 = 0 THEN NULL ELSE 'text ' || i % 9 END AS note,
        (i / 10.0)::DECIMAL(9, 2) d9, (i / 10.0)::DECIMAL(18, 3) d18, (i / 10.0)::DECIMAL(38, 10) d38,
        DATE '2020-01-01' + i::INTEGER AS day, TIMESTAMP '2020-01-01 00:00:00' + to_seconds(i) AS at,
        (TIMESTAMP '2020-01-01 00:00:00' + to_seconds(i))::TIMESTAMP_NS AS nanos,
        (TIMESTAMP '2020-01-01 00:00:00' + to_seconds(i))::TIMESTAMP_MS AS millis,
        TIME '01:02:03' + to_seconds(i) AS clock, encode('b' || i) AS bytes,
        [x for x in range(i % 4)] AS list, [[x, NULL] for x in range(i % 3)] AS nested,
        {'a': i, 'b': CASE WHEN i % 2 = 0 THEN 'x' END} AS struct,
        MAP {'k' || i: i, 'l': NULL} AS map, NULL::INTEGER AS nothing
      FROM range(200) t(i)\
      """;

  private static final Schema SCHEMA =
      new Schema(
          NestedField.required(1, "id", Types.LongType.get()),
          NestedField.required(2, "kind", Types.StringType.get()),
          NestedField.optional(3, "ratio", Types.DoubleType.get()),
          NestedField.optional(4, "list", Types.ListType.ofRequired(5, Types.LongType.get())),
          NestedField.required(6, "noise", Types.BinaryType.get()));

  private SampleFiles() {}

  /** Writes rows with parquet-java, with random properties. */
  static void write(Path file, MessageType schema, List<Group> rows, Random random)
      throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(schema)
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(CODECS.get(random.nextInt(CODECS.size())))
            .withWriterVersion(
                random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0)
            .withDictionaryEncoding(random.nextBoolean())
            .withByteStreamSplitEncoding(random.nextInt(3) == 0)
            .withPageWriteChecksumEnabled(random.nextBoolean())
            .withPageSize(128 << random.nextInt(12))
            .withDictionaryPageSize(128 << random.nextInt(12))
            .withRowGroupSize(random.nextBoolean() ? 4_096L : 1L << 20)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
  }

  /** Writes files of each codec and version of data pages, {@code CODECVERSION.parquet}. */
  static void writeWithDuckDb(Path folder, int rows) throws IOException {
    String query = QUERY.replace("range(200)", "range(" + rows + ")");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (String codec : List.of("uncompressed", "snappy", "gzip", "zstd", "lz4_raw", "brotli")) {
        for (String version : List.of("V1", "V2")) {
          copy(statement, query, folder.resolve(codec + version + ".parquet"), codec, version);
        }
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  /** Writes the rows of a query. */
  static void writeWithDuckDb(Path file, String query, String codec) throws SQLException {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      copy(statement, query, file, codec, "V1");
    }
  }

  private static void copy(
      Statement statement, String query, Path file, String codec, String version)
      throws SQLException {
    statement.execute(
        "COPY (%s) TO '%s' (FORMAT parquet, CODEC '%s', PARQUET_VERSION '%s')"
            .formatted(query, file, codec, version));
  }

  /** Writes two row groups, with and without dictionaries and compression. */
  static void writeWithMeshwork(Path file, EncodingProfile profile) throws IOException {
    try (io.meshwork.internal.parquet.write.ParquetWriter writer =
        io.meshwork.internal.parquet.write.ParquetWriter.open(
            Files.localOutput(file.toFile()).create(), SCHEMA, profile, Map.of())) {
      Random random = new Random(1);
      writer.write(batch(random));
      writer.flush();
      writer.write(batch(random));
      writer.finish();
    }
  }

  private static VectorBatch batch(Random random) {
    LongVector ids = new LongVector();
    BytesVector kinds = new BytesVector();
    DoubleVector ratios = new DoubleVector();
    LongVector elements = new LongVector();
    ListVector lists = new ListVector(elements);
    BytesVector noise = new BytesVector();
    for (int row = 0; row < 100; row++) {
      ids.append(1_000 + row);
      kinds.append(("kind " + random.nextInt(5)).getBytes(StandardCharsets.UTF_8));
      if (row % 7 == 0) {
        ratios.appendNull();
        lists.appendNull();
      } else {
        ratios.append(random.nextInt(20) / 4.0);
        for (int element = row % 3; element > 0; element--) {
          elements.append(random.nextLong());
        }
        lists.append();
      }
      byte[] bytes = new byte[random.nextInt(8)];
      random.nextBytes(bytes);
      noise.append(bytes);
    }
    return new VectorBatch(SCHEMA, List.of(ids, kinds, ratios, lists, noise));
  }
}
