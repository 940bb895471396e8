package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.consume.Rows;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** A program uses the jar, and the Iceberg of Spark's runtime, without Spark. */
@DisabledForJreRange(
    minVersion = 24,
    disabledReason = "Hadoop, which Spark uses, does not run on JDK 24 or later")
class EmbeddedPublishesTest {
  @TempDir Path folder;

  @Test
  void oneProcessPublishesSeveralTimes() throws Exception {
    publishesWith(jar -> true, List.of());
  }

  @Test
  void theOldestIcebergThatEnginesBringServesAsWell() throws Exception {
    Path oldest =
        Path.of(System.getProperty("mesh.spark.classpaths"), "oldest", "iceberg-spark-runtime.jar");
    assertThat(oldest).exists();
    publishesWith(jar -> !jar.contains("iceberg-spark-runtime"), List.of(oldest.toString()));
  }

  private void publishesWith(Predicate<String> kept, List<String> added) throws Exception {
    Path mesh = folder.resolve("mesh");
    Path log = folder.resolve("log");
    Path list = Path.of(System.getProperty("mesh.spark.classpaths"), "spark-4.1.classpath");
    List<String> jars = new ArrayList<>(List.of(System.getProperty("mesh.spark.jar")));
    jars.addAll(added);
    Stream.of(Files.readString(list).strip().split(File.pathSeparator, -1))
        .filter(kept)
        .forEach(jars::add);
    jars.add(
        Path.of(EmbeddedPublishes.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString());

    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, jars),
                EmbeddedPublishes.class.getName(),
                mesh.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();

    assertThat(code).as(() -> "exit code of a program that printed " + read(log)).isZero();
    assertThat(read(log)).contains("ADDED 4", "REPLACED 2", "[]");
    List<Long> ids = new ArrayList<>();
    try (Mesh opened = LocalMesh.openExisting(mesh);
        Rows<EmbeddedPublishes.SensorReading> rows =
            opened
                .clientAs(Principal.of("mobility", "etl"))
                .read(EmbeddedPublishes.PRODUCT)
                .as(EmbeddedPublishes.SensorReading.class)
                .rows()) {
      rows.forEach(row -> ids.add(row.id()));
    }
    assertThat(ids).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 7L);
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "nothing that can be read";
    }
  }
}
