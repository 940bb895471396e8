package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.examples.spark.SparkLaunch;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** One job publishes many files, with a driver whose heap is small. */
@DisabledForJreRange(
    minVersion = 23,
    disabledReason = "Spark's Hadoop calls Subject.getSubject, which JDK 23 and later reject")
@Tag("nightly")
class SparkManyFilesTest {
  /** Hardly more than the least that Spark accepts. */
  private static final int HEAP = 512;

  private static final int PARTITIONS = 500;
  private static final int TASKS = 20;
  private static final int COLUMNS = 30;

  @TempDir private Path folder;

  @Test
  void tenThousandFilesArePublishedByADriverWithASmallHeap() throws IOException {
    Path location = folder.resolve("mesh");
    try (Mesh mesh = LocalMesh.open(location)) {
      MeshClient owner = mesh.clientAs(Principal.of("mobility", "etl"));
      owner.registerDomain("mobility").owner("rides@example.org").commit();
      owner
          .defineProduct("mobility/many-files")
          .contract(
              Contract.of(new Schema.Parser().parse(schema()))
                  .primaryKey("id")
                  .require(Rule.atMost("c1", PARTITIONS * TASKS - 2))
                  .onViolation(OnViolation.QUARANTINE))
          .partitionBy(Partition.identity("part"))
          .commit();
      Path own = Files.createDirectories(folder.resolve("spark"));
      SparkLaunch launch =
          new SparkLaunch("4.1", own)
              .executors(2)
              .heap(HEAP)
              .mesh(location.toString(), "mobility/spark");
      try (SparkProcess spark = SparkProcess.start(launch, own.resolve("spark.log"))) {
        spark.sql("INSERT INTO mesh.mobility.many_files_v1 " + rows()).rowsOrThrow();

        PublishReceipt receipt = owner.publishHistory("mobility/many-files").receipts().get(0);
        assertThat(receipt.files()).isEqualTo(PARTITIONS * TASKS);
        assertThat(receipt.rowsAccepted()).isEqualTo(2 * PARTITIONS * TASKS - 2);
        assertThat(receipt.quality().rowsQuarantined()).isEqualTo(2);
        assertThat(
                spark
                    .sql("SELECT count(*) AS n FROM mesh.mobility.many_files_v1")
                    .rowsOrThrow()
                    .get(0)
                    .get("n")
                    .asInt())
            .isEqualTo(2 * PARTITIONS * TASKS - 2);
      }
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  private static String schema() {
    return IntStream.range(0, COLUMNS)
        .mapToObj(i -> "{\"name\":\"c" + i + "\",\"type\":[\"null\",\"long\"]}")
        .collect(
            Collectors.joining(
                ",",
                "{\"type\":\"record\",\"name\":\"row\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                    + "{\"name\":\"part\",\"type\":\"long\"},",
                "]}"));
  }

  /** Two rows of each partition in each task, of which the last two break a rule. */
  private static String rows() {
    return IntStream.range(0, COLUMNS)
        .mapToObj(i -> "id div 2 AS c" + i)
        .collect(
            Collectors.joining(
                ", ",
                "SELECT id, id % " + PARTITIONS + " AS part, ",
                " FROM range(0, " + 2 * PARTITIONS * TASKS + ", 1, " + TASKS + ")"));
  }
}
