package io.meshwork.spark;

import io.meshwork.examples.spark.SparkStatements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * A program for Spark that also runs lines {@code PUBLISH key product query}, as a Java program
 * does: it publishes the rows of the query and returns the receipt.
 */
public final class PublishStatements {
  private PublishStatements() {}

  /** Runs lines until the input ends. */
  public static void main(String[] arguments) throws Exception {
    SparkStatements.run(PublishStatements::rows);
  }

  private static List<String> rows(Object session, String line) throws Exception {
    if (!line.startsWith("PUBLISH ")) {
      return SparkStatements.sql(session, line);
    }
    String[] words = line.split(" ", 4);
    MeshSpark.SparkPublish publish =
        MeshSpark.publish(((SparkSession) session).sql(words[3]), "checked", words[2])
            .completeUpTo(Instant.EPOCH)
            .timeout(Duration.ofMinutes(10));
    if (!words[1].equals("-")) {
      publish.idempotencyKey(words[1]);
    }
    return List.of(publish.commit().toJson());
  }
}
