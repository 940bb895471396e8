package io.meshwork.spark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The content of the shaded jar. */
class SparkAwsJarTest {
  @Test
  void everyClassIsOfMeshworkOrRelocated() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("mesh.spark.aws.jar"))) {
      assertThat(classes(jar)).isNotEmpty().allMatch(name -> name.startsWith("io/meshwork/"));
    }
  }

  @Test
  void noClassIsInBothJars() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("mesh.spark.aws.jar"));
        JarFile other = new JarFile(System.getProperty("mesh.spark.jar"))) {
      TreeSet<String> both = new TreeSet<>(classes(jar));
      both.retainAll(classes(other));

      assertThat(both).isEmpty();
    }
  }

  @Test
  void backendHttpClientAndLicensesSurvive() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("mesh.spark.aws.jar"))) {
      assertThat(text(jar, "META-INF/services/io.meshwork.registry.Warehouse"))
          .contains("io.meshwork.aws.AwsWarehouse");
      assertThat(
              text(jar, "META-INF/services/io.meshwork.shaded.amazon.awssdk.http.SdkHttpService"))
          .contains("io.meshwork.shaded.amazon.awssdk.http.urlconnection");
      assertThat(text(jar, "META-INF/NOTICE")).contains("AWS SDK for Java 2.0", "JetS3t");
      assertThat(text(jar, "META-INF/LICENSE.txt")).contains("Apache License");
    }
  }

  private static List<String> classes(JarFile jar) {
    return jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class")).toList();
  }

  private static String text(JarFile jar, String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
