package io.meshwork.internal.conformance.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A publish and an export that are larger than the heap, each in a process of the heap that the
 * guide states.
 */
class PublishMemoryTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void aQuarterOfAGibibyteWithAUniqueKeyFitsAHeapOf64Mebibytes() throws Exception {
    publish("-Xmx64m", 256 * MEBIBYTE, 0);
  }

  @Test
  @Tag("nightly")
  @Timeout(3_600)
  void fiveGibibytesWithAUniqueKeyFitAHeapOf128Mebibytes() throws Exception {
    publish("-Xmx128m", 5 * 1_024 * MEBIBYTE, 0);
  }

  @Test
  @Timeout(600)
  void aThousandPartitionsWithoutOrderFitAHeapOf512MebibytesWithAFileEach() throws Exception {
    publish("-Xmx512m", 64 * MEBIBYTE, 1_000);

    assertThat(dataFiles()).isEqualTo(1_000);
  }

  @Test
  @Tag("nightly")
  @Timeout(1_800)
  void aGibibyteOfAThousandPartitionsWithoutOrderFitsAHeapOf512Mebibytes() throws Exception {
    publish("-Xmx512m", 1_024 * MEBIBYTE, 1_000);

    assertThat(dataFiles()).isEqualTo(1_000);
  }

  private long dataFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("mesh"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).count();
    }
  }

  private void publish(String heap, long bytes, int partitions)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                LargePublish.class.getName(),
                folder.resolve("mesh").toString(),
                Long.toString(bytes),
                Integer.toString(partitions))
            .redirectErrorStream(true)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

    assertThat(process.waitFor()).as(printed).isZero();
    long rows = bytes / LargePublish.ROW_BYTES;
    assertThat(printed)
        .isEqualTo(
            (rows + " " + rows + " " + rows)
                + (partitions > 0 ? System.lineSeparator() + "in order" : ""));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("mesh"));
    }
  }
}
