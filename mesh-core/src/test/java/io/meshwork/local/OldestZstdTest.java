package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine brings its own zstd-jni. That of Spark 3.5.9, the oldest of those that are supported,
 * is copied by Maven's execution {@code oldest-zstd}; the test runs in a separate process.
 */
class OldestZstdTest {
  @TempDir private Path folder;

  @Test
  void theOldestZstdOfASupportedSparkWritesAndReads() throws Exception {
    String jar =
        System.getProperty(
            "meshwork.oldest.zstd", Path.of("target", "oldest", "zstd-jni.jar").toString());
    assertThat(new File(jar)).as("copied by Maven's execution oldest-zstd").exists();
    String others =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(each -> !new File(each).getName().startsWith("zstd-jni"))
            .collect(Collectors.joining(File.pathSeparator));

    String output =
        run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            jar + File.pathSeparator + others,
            PublishingChild.class.getName(),
            folder.resolve("mesh").toString());

    assertThat(output).contains(new File(jar).getName(), "read 30000");
  }

  private static String run(String... command) throws Exception {
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    child.waitFor();
    return output;
  }

  /** Publishes rows that compress in different ways, and reads them again. */
  static final class PublishingChild {
    private static final String PRODUCT = "mobility/green-trips";
    private static final Contract TRIPS =
        Contract.of(
            SchemaBuilder.record("trip")
                .fields()
                .requiredLong("id")
                .optionalDouble("fare")
                .optionalString("code")
                .endRecord());

    private PublishingChild() {}

    public static void main(String[] place) {
      System.out.println(Zstd.class.getProtectionDomain().getCodeSource().getLocation().getPath());
      List<Map<String, Object>> trips = new ArrayList<>();
      for (long i = 0; i < 30_000; i++) {
        String code = i % 3 == 0 ? "the same" : Long.toString(i * 7919, 36);
        trips.add(Map.of("id", i, "fare", Math.sin(i), "code", code));
      }
      try (Mesh mesh = LocalMesh.open(Path.of(place[0]))) {
        MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
        owner.registerDomain("mobility").owner("trips@example.org").commit();
        owner.defineProduct(PRODUCT).contract(TRIPS).commit();
        owner.publish(PRODUCT).records(trips).commit();
        try (Rows<Map<String, Object>> rows = owner.read(PRODUCT).asMaps().rows()) {
          System.out.println(
              "read " + rows.stream().filter(java.util.Set.copyOf(trips)::contains).count());
        }
      }
    }
  }
}
