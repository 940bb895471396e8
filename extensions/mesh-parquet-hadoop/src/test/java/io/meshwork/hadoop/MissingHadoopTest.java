package io.meshwork.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users add Hadoop themselves, so its absence has an error that names what to add. */
class MissingHadoopTest {
  @TempDir Path folder;

  @Test
  void theErrorNamesTheJarsOfHadoop() throws Exception {
    Path file =
        new RandomFile("message m { required int64 id; }", 1).write(folder.resolve("f.parquet"));
    for (String missing : List.of("hadoop-client-api", "hadoop-client-runtime")) {
      try (URLClassLoader loader = without(missing)) {
        assertThatThrownBy(() -> read(loader, file))
            .isInstanceOf(InvocationTargetException.class)
            .cause()
            .hasMessageContaining("hadoop-client-api")
            .hasMessageContaining("hadoop-client-runtime")
            .hasMessageContaining("[MESH-1011]");
      }
    }
  }

  private static void read(ClassLoader loader, Path file) throws Exception {
    Class<?> type = loader.loadClass("io.meshwork.hadoop.HadoopParquetFile");
    Object opened = type.getMethod("at", Path.class).invoke(null, file);
    Object rows = type.getMethod("records").invoke(opened);
    java.util.stream.Stream.class.getMethod("toList").invoke(rows);
  }

  private static URLClassLoader without(String jar) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains(jar)) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    assertThat(urls).hasSizeGreaterThan(5);
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
