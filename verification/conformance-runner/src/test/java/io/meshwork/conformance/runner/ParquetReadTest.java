package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The suite {@code parquet-read}, whose answers parquet-java and DuckDB check. */
class ParquetReadTest {
  private static final ObjectMapper JSON = new ObjectMapper();
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
      SampleFiles.write(folder.resolve("%05d.parquet".formatted(seed)), schema, rows, random);
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
    Path reference = folder.resolve("zstdV1.parquet");
    SampleFiles.writeWithDuckDb(folder, 200);
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
    SampleFiles.write(folder.resolve("keys.parquet"), schema, List.of(row), new Random(1));

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
    SampleFiles.write(folder.resolve("empty.parquet"), schema, List.of(row), new Random(1));

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
    SampleFiles.writeWithDuckDb(folder.resolve("brotli.parquet"), "SELECT 1 AS id", "brotli");
    String libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("brotli"))
            .collect(Collectors.joining(File.pathSeparator));

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
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
}
