package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite {@code parquet-read}, whose answers parquet-java and DuckDB check. */
class ParquetReadTest {
  private static final ObjectMapper JSON = new ObjectMapper();
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

  @TempDir Path folder;

  @Test
  void randomFilesOfParquetJavaHaveTheRowsThatWereWritten() throws IOException {
    int files = Integer.getInteger("mesh.parquet.files", 100);
    List<String> expected = new ArrayList<>();
    for (int seed = 0; seed < files; seed++) {
      Random random = new Random(seed);
      RandomMessage message = new RandomMessage(random);
      MessageType schema = message.schema();
      List<Group> rows = new ArrayList<>();
      for (int i = random.nextInt(4) == 0 ? 0 : random.nextInt(400); i > 0; i--) {
        rows.add(message.row(schema));
      }
      write(folder.resolve("%05d.parquet".formatted(seed)), schema, rows, random);
      expected.addAll(digests(seed, schema, rows));
    }

    Run run = Run.of("parquet-read", folder);

    assertThat(run.output()).last().isEqualTo(files + " passed, 0 failed");
    List<String> actual = new ArrayList<>();
    for (int seed = 0; seed < files; seed++) {
      JsonNode file = JSON.readTree(run.output().get(seed));
      assertThat(file.path("error").asText()).as(run.output().get(seed)).isEmpty();
      for (JsonNode column : file.get("columns")) {
        actual.add(
            seed
                + " "
                + column.get("name").asText()
                + " "
                + file.get("rows")
                + " "
                + column.get("nulls")
                + " "
                + column.get("sha256").asText());
      }
    }
    assertThat(actual).isEqualTo(expected);
  }

  private static void write(Path file, MessageType schema, List<Group> rows, Random random)
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

  private static List<String> digests(int seed, MessageType schema, List<Group> rows) {
    List<String> digests = new ArrayList<>();
    for (int field = 0; field < schema.getFieldCount(); field++) {
      StringBuilder text = new StringBuilder();
      int nulls = 0;
      for (Group row : rows) {
        String value = GroupText.of(row, field);
        nulls += value.equals("null") ? 1 : 0;
        text.append(value).append('\n');
      }
      digests.add(
          seed
              + " "
              + schema.getFieldName(field)
              + " "
              + rows.size()
              + " "
              + nulls
              + " "
              + sha256(text.toString()));
    }
    return digests;
  }

  private static String sha256(String oneCharacterPerByte) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(oneCharacterPerByte.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void filesOfDuckDbHaveTheRowsThatParquetJavaReads() throws Exception {
    Path reference = folder.resolve("zstd.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (String codec : List.of("uncompressed", "snappy", "gzip", "zstd", "lz4_raw", "brotli")) {
        for (String version : List.of("V1", "V2")) {
          Path file =
              folder.resolve(version.equals("V1") ? codec + ".parquet" : codec + "2.parquet");
          copy(statement, QUERY, file, codec, version);
        }
      }
    }
    List<Group> rows = new ArrayList<>();
    MessageType schema = read(reference, rows);
    List<String> expected =
        digests(0, schema, rows).stream()
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList();

    Run run = Run.of("parquet-read", folder);

    assertThat(run.output()).hasSize(13).last().isEqualTo("12 passed, 0 failed");
    for (String line : run.output().subList(0, 12)) {
      List<String> actual = new ArrayList<>();
      JSON.readTree(line)
          .path("columns")
          .forEach(column -> actual.add(column.get("sha256").asText()));
      assertThat(actual).as(line).isEqualTo(expected);
    }
  }

  private static void copy(
      Statement statement, String query, Path file, String codec, String version)
      throws SQLException {
    statement.execute(
        "COPY (%s) TO '%s' (FORMAT parquet, CODEC '%s', PARQUET_VERSION '%s')"
            .formatted(query, file, codec, version));
  }

  private static MessageType read(Path file, List<Group> into) throws IOException {
    try (ParquetReader<Group> reader = new GroupReaderBuilder(new LocalInputFile(file)).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        into.add(row);
      }
    }
    return (MessageType) into.get(0).getType();
  }

  private static final class GroupReaderBuilder extends ParquetReader.Builder<Group> {
    GroupReaderBuilder(InputFile file) {
      super(file, new PlainParquetConfiguration());
    }

    @Override
    protected GroupReadSupport getReadSupport() {
      return new GroupReadSupport();
    }
  }

  @Test
  void aNullKeyOfAMapIsReadAsItIsStored() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional group m (MAP) { repeated group key_value {"
                + " optional binary key (STRING); optional int32 value; } } }");
    Group row = new SimpleGroup(schema);
    Group entries = row.addGroup("m");
    entries.addGroup("key_value").append("value", 1);
    entries.addGroup("key_value").append("key", "a").append("value", 2);
    write(folder.resolve("keys.parquet"), schema, List.of(row), new Random(1));

    Run run = Run.of("parquet-read", folder);

    assertThat(run.output()).hasSize(2).last().isEqualTo("1 passed, 0 failed");
    assertThat(JSON.readTree(run.output().get(0)).at("/columns/0/sha256").asText())
        .isEqualTo(sha256("[{null,1},{1:a,2}]\n"));
  }

  @Test
  void aValueWithoutTextIsCorruptWithItsFileAndColumn() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { required binary d (DECIMAL(5,2)); }");
    Group row = new SimpleGroup(schema).append("d", Binary.EMPTY);
    write(folder.resolve("empty.parquet"), schema, List.of(row), new Random(1));

    Run run = Run.of("parquet-read", folder);

    assertThat(run.output()).hasSize(2).last().isEqualTo("1 passed, 0 failed");
    JsonNode answer = JSON.readTree(run.output().get(0));
    assertThat(answer.get("error").asText()).isEqualTo("CORRUPT");
    assertThat(answer.get("message").asText())
        .isEqualTo(folder.resolve("empty.parquet") + ": column d has a decimal without bytes");
  }

  @Test
  void aFileWithFiveThousandColumnsAndManyRowGroupsIsReadInTime() throws IOException {
    StringBuilder text = new StringBuilder("message m { ");
    for (int i = 0; i < 5_000; i++) {
      text.append("optional int32 c").append(i).append("; ");
    }
    MessageType schema = MessageTypeParser.parseMessageType(text.append("}").toString());
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(folder.resolve("wide.parquet")))
            .withType(schema)
            .withConf(new PlainParquetConfiguration())
            .withRowGroupRowCountLimit(5)
            .build()) {
      for (int i = 0; i < 25; i++) {
        writer.write(new SimpleGroup(schema).append("c" + i, i));
      }
    }

    Run run = Run.of("parquet-read", folder);

    assertThat(run.output()).hasSize(2).last().isEqualTo("1 passed, 0 failed");
    assertThat(JSON.readTree(run.output().get(0)).get("columns")).hasSize(5_000);
  }

  @Test
  void withoutItsLibraryBrotliIsUnsupportedByName() throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      copy(statement, "SELECT 1 AS id", folder.resolve("brotli.parquet"), "brotli", "V1");
    }
    String libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("brotli"))
            .collect(Collectors.joining(File.pathSeparator));

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                libraries,
                ConformanceCommand.class.getName(),
                "parquet-read",
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();

    assertThat(process.waitFor()).isZero();
    assertThat(lines).hasSize(2).last().isEqualTo("1 passed, 0 failed");
    JsonNode answer = JSON.readTree(lines.get(0));
    assertThat(answer.get("error").asText()).isEqualTo("UNSUPPORTED");
    assertThat(answer.get("message").asText()).contains("BROTLI", "org.brotli:dec", "column id");
  }

  @Test
  void changedFilesHaveRowsOrATypedError() throws IOException {
    assertAnswered(2_000);
  }

  @Tag("nightly")
  @Test
  void aHundredThousandChangedFilesHaveRowsOrATypedError() throws IOException {
    assertAnswered(100_000);
  }

  private void assertAnswered(int mutants) throws IOException {
    long seed = Long.getLong("mesh.parquet.seed", new Random().nextLong());
    Path good = Files.createDirectory(folder.resolve("good"));
    Path bad = Files.createDirectory(folder.resolve("bad"));
    List<byte[]> originals = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Random random = new Random(1_000 + i);
      RandomMessage message = new RandomMessage(random);
      MessageType schema = message.schema();
      List<Group> rows = new ArrayList<>();
      for (int row = random.nextInt(60); row >= 0; row--) {
        rows.add(message.row(schema));
      }
      Path file = good.resolve(i + ".parquet");
      write(file, schema, rows, random);
      originals.add(Files.readAllBytes(file));
    }
    originals.addAll(filesOfDuckDb(good));
    Random random = new Random(seed);
    for (int i = 0; i < mutants; i++) {
      Files.write(
          bad.resolve("mutant.parquet"), mutant(originals.get(i % originals.size()), random));

      Run run = Run.of("parquet-read", bad);

      assertThat(run.output())
          .as("mutant %d of -Dmesh.parquet.seed=%d", i, seed)
          .last()
          .isEqualTo("1 passed, 0 failed");
    }
  }

  private static List<byte[]> filesOfDuckDb(Path folder) throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      for (String codec : List.of("uncompressed", "snappy", "gzip", "zstd", "lz4_raw", "brotli")) {
        for (String version : List.of("V1", "V2")) {
          Path file = folder.resolve(codec + version + ".parquet");
          copy(statement, QUERY.replace("range(200)", "range(40)"), file, codec, version);
          files.add(Files.readAllBytes(file));
        }
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
    return files;
  }

  private static byte[] mutant(byte[] original, Random random) {
    byte[] mutant = original.clone();
    int footer = original.length - 8 - intAt(original, original.length - 8);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int from = random.nextBoolean() ? footer : 4;
      int at = from + random.nextInt(mutant.length - from);
      switch (random.nextInt(6)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutant[at] = (byte) random.nextInt();
        case 2 -> mutant[at] = (byte) 0xFF;
        case 3 -> mutant[at] = 0x7F;
        case 4 ->
            Arrays.fill(mutant, at, Math.min(mutant.length, at + 1 + random.nextInt(8)), (byte) 0);
        default -> {
          int other = 4 + random.nextInt(mutant.length - 4);
          int length = Math.min(1 + random.nextInt(16), mutant.length - Math.max(at, other));
          System.arraycopy(original, other, mutant, at, length);
        }
      }
    }
    return random.nextInt(20) == 0 ? Arrays.copyOf(mutant, random.nextInt(mutant.length)) : mutant;
  }

  private static int intAt(byte[] bytes, int at) {
    return (bytes[at] & 0xFF)
        | (bytes[at + 1] & 0xFF) << 8
        | (bytes[at + 2] & 0xFF) << 16
        | bytes[at + 3] << 24;
  }
}
