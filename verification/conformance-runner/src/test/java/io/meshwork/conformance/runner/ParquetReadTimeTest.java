package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the suite {@code parquet-read} does not read in its time. */
class ParquetReadTimeTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType("message m { optional int32 a; optional int32 b; }");
  private static final String TOO_SLOW = "not read within 0 s";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void aFileWithRowsFailsAndHasNoLine() throws IOException {
    write("rows.parquet", 3);

    assertThat(fault("rows.parquet", Duration.ZERO)).isEqualTo(TOO_SLOW);
    assertThat(lines()).isEmpty();
  }

  @Test
  void aFileWithoutRowsFailsAndHasNoLine() throws IOException {
    write("empty.parquet", 0);

    assertThat(fault("empty.parquet", Duration.ZERO)).isEqualTo(TOO_SLOW);
    assertThat(lines()).isEmpty();
  }

  @Test
  void aLateTypedErrorFailsAndHasNoLine() throws IOException {
    Files.writeString(folder.resolve("broken.parquet"), "PAR1 and no footer PAR1");

    assertThat(fault("broken.parquet", Duration.ZERO)).isEqualTo(TOO_SLOW);
    assertThat(lines()).isEmpty();
  }

  @Test
  void inTimeEachOfThemHasALine() throws IOException {
    write("rows.parquet", 3);
    write("empty.parquet", 0);
    Files.writeString(folder.resolve("broken.parquet"), "PAR1 and no footer PAR1");

    for (String file : new String[] {"rows.parquet", "empty.parquet", "broken.parquet"}) {
      assertThat(fault(file, Duration.ofHours(1))).as(file).isNull();
    }
    assertThat(lines().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("\"rows\":3", "\"millis\":"),
            line -> assertThat(line).contains("\"rows\":0", "\"millis\":"),
            line -> assertThat(line).contains("\"error\":\"CORRUPT\""));
  }

  private @Nullable String fault(String file, Duration most) {
    return new ParquetReadSuite(folder, new PrintStream(out, true, StandardCharsets.UTF_8), most)
        .fault(file);
  }

  private String lines() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private void write(String name, int rows) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(folder.resolve(name)))
            .withType(SCHEMA)
            .withConf(new PlainParquetConfiguration())
            .build()) {
      for (int i = 0; i < rows; i++) {
        writer.write(new SimpleGroup(SCHEMA).append("a", i));
      }
    }
  }
}
