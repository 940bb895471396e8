package io.meshwork.cli.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectedFormatTest {
  @TempDir private Path folder;

  private DetectedFormat detected(byte[] bytes) throws IOException {
    return DetectedFormat.of(Files.write(folder.resolve("rows"), bytes), "standard input");
  }

  private DetectedFormat detected(String text, Charset charset) throws IOException {
    return detected(text.getBytes(charset));
  }

  @Test
  void theFirstBytesShowTheFormat() throws IOException {
    assertThat(detected("PAR1…", StandardCharsets.UTF_8).format()).isEqualTo(FileFormat.parquet());
    assertThat(detected("Obj\u0001…", StandardCharsets.UTF_8).format())
        .isEqualTo(FileFormat.avro());
    for (String json : new String[] {"{\"a\":1}", " \n[{", "\ufeff{\"a\":1}"}) {
      assertThat(detected(json, StandardCharsets.UTF_8).format())
          .as(json)
          .isEqualTo(FileFormat.jsonLines());
    }
    for (String csv : new String[] {"a,b\n1,2\n", "\ufeffa;b\n", "größe\n", ""}) {
      assertThat(detected(csv, StandardCharsets.UTF_8).format())
          .as(csv)
          .isEqualTo(FileFormat.csv());
    }
    assertThat(detected("größe;b\n", Charset.forName("windows-1252")).text()).isEqualTo("CSV");
    assertThat(detected("\ufeffa\tb\n", StandardCharsets.UTF_16LE).text()).isEqualTo("CSV");
  }

  @Test
  void gzipIsReadAsItsContent() throws IOException {
    Path packed = folder.resolve("packed");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write("{\"a\":1}\n".getBytes(StandardCharsets.UTF_8));
    }
    DetectedFormat found = DetectedFormat.of(packed, "standard input");
    assertThat(found.format()).isEqualTo(FileFormat.jsonLines());
    assertThat(found.text()).isEqualTo("JSON in gzip");
  }

  @Test
  void otherBytesAreRefusedWithWhatToDo() {
    for (String other : new String[] {"ORC\u0003", "PK\u0003\u0004", "%PDF-1.7", "a\u0000b"}) {
      assertThatThrownBy(() -> detected(other, StandardCharsets.ISO_8859_1))
          .as(other)
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("standard input")
          .hasMessageContaining("--format");
    }
  }
}
