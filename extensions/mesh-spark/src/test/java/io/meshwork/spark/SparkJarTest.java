package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The content of the shaded jar. */
class SparkJarTest {
  @Test
  void everyClassIsOfMeshworkOrSqliteOrRelocated() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("mesh.spark.jar"))) {
      List<String> others =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith(".class"))
              .filter(name -> !name.startsWith("io/meshwork/") && !name.startsWith("org/sqlite/"))
              .toList();

      assertThat(others).isEmpty();
    }
  }

  @Test
  void backendsAndNativeLibrariesSurvive() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("mesh.spark.jar"))) {
      assertThat(text(jar, "META-INF/services/io.meshwork.registry.Warehouse"))
          .contains("io.meshwork.local.LocalWarehouse");
      assertThat(text(jar, "META-INF/services/java.sql.Driver")).contains("org.sqlite.JDBC");
      assertThat(jar.getEntry("org/sqlite/native/Linux/x86_64/libsqlitejdbc.so")).isNotNull();
    }
  }

  private static String text(JarFile jar, String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
