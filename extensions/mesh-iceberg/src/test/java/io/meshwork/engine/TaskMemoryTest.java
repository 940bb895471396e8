package io.meshwork.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks of one process share its heap. Runs them in a new JVM with a small heap. */
class TaskMemoryTest {
  @TempDir private Path folder;

  /** Open files once kept the memory of their largest row group, which filled the heap. */
  @Test
  @Timeout(300)
  void eightTasksThatWriteManyWideFilesAtOnceFitAHeapOf400Mebibytes() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                WideTasks.class.getName(),
                folder.resolve("mesh").toString(),
                "8",
                "16",
                "100",
                "800")
            .redirectErrorStream(true)
            .start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor()).as(printed).isZero();
      assertThat(printed).contains("102400 rows in 128 files");
    } finally {
      process.destroyForcibly();
    }
  }
}
