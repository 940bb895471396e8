package io.meshwork.spark;

import io.meshwork.contract.OnViolation;
import io.meshwork.engine.EnginePublish;
import io.meshwork.examples.spark.SparkStatements;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.DataFrameWriterV2;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/**
 * A program for Spark that also runs lines {@code PUBLISH key product query}, as a Java program
 * does: it publishes the rows of the query and returns the receipt. {@code PUBLISH_BOTH key product
 * query} also publishes them to major version 2, whose column {@code kind} has capital letters.
 * {@code SAVE mode table query} writes them by Spark's other interface for data frames, and {@code
 * OVERWRITE condition table query} replaces those of a condition, or of {@code partitions}. {@code
 * APPEND option=value table query} appends with an option. {@code VERBS catalog product | verb
 * argument | .. | query} calls methods of {@link MeshSpark}, such as {@code because a test}.
 */
public final class PublishStatements {
  private PublishStatements() {}

  /** Runs lines until the input ends. */
  public static void main(String[] arguments) throws Exception {
    SparkStatements.run(PublishStatements::rows);
  }

  private static List<String> rows(Object session, String line) throws Exception {
    if (line.startsWith("SAVE ")) {
      String[] words = line.split(" ", 4);
      ((SparkSession) session)
          .sql(words[3])
          .write()
          .format("iceberg")
          .mode(words[1])
          .save(words[2]);
      return List.of();
    } else if (line.startsWith("APPEND ")) {
      String[] words = line.split(" ", 4);
      String[] option = words[1].split("=", 2);
      ((SparkSession) session)
          .sql(words[3])
          .writeTo(words[2])
          .option(option[0], option[1])
          .append();
      return List.of();
    } else if (line.startsWith("OVERWRITE ")) {
      String[] words = line.split(" ", 4);
      DataFrameWriterV2<Row> rows = ((SparkSession) session).sql(words[3]).writeTo(words[2]);
      if (words[1].equals("partitions")) {
        rows.overwritePartitions();
      } else {
        rows.overwrite(functions.expr(words[1]));
      }
      return List.of();
    } else if (line.startsWith("VERBS ")) {
      return List.of(publish((SparkSession) session, line.split(" \\| ", -1)).toJson());
    } else if (!line.startsWith("PUBLISH")) {
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
    if (words[0].equals("PUBLISH_BOTH")) {
      publish.majorVersion(1).alsoTo(2, PublishStatements::ofKind);
    }
    return List.of(publish.commit().toJson());
  }

  private static PublishReceipt publish(SparkSession session, String[] parts) {
    String[] words = parts[0].split(" ", 3);
    MeshSpark.SparkPublish publish =
        MeshSpark.publish(session.sql(parts[parts.length - 1]), words[1], words[2]);
    for (int i = 1; i < parts.length - 1; i++) {
      String[] call = (parts[i] + " ").split(" ", 2);
      call(publish, call[0], call[1].strip());
    }
    return publish.commit();
  }

  private static void call(MeshSpark.SparkPublish publish, String verb, String argument) {
    switch (verb) {
      case "idempotencyKey" -> publish.idempotencyKey(argument);
      case "completeUpTo" -> publish.completeUpTo(Instant.parse(argument));
      case "majorVersion" -> publish.majorVersion(Integer.parseInt(argument));
      case "alsoTo" -> alsoTo(publish, argument.split(" ", 2));
      case "customRule" -> publish.customRule(argument, 1, check(argument));
      case "derivedFrom" -> derivedFrom(publish, argument.split(" ", -1));
      case "onViolation" -> publish.onViolation(OnViolation.valueOf(argument));
      case "onlyMajorVersion" -> publish.onlyMajorVersion(Integer.parseInt(argument));
      case "because" -> publish.because(argument);
      case "replacePartitions" -> publish.replacePartitions();
      case "replaceAll" -> publish.replaceAll();
      case "replaceWhere" -> publish.replaceWhere(argument);
      case "allowEmpty" -> publish.allowEmpty();
      case "timeout" -> publish.timeout(Duration.parse(argument));
      default -> throw new IllegalArgumentException("no verb " + verb);
    }
  }

  /** To a major version, maybe with its filter. */
  private static void alsoTo(MeshSpark.SparkPublish publish, String[] words) {
    int major = Integer.parseInt(words[0]);
    if (words.length == 1) {
      publish.alsoTo(major, PublishStatements::ofKind);
    } else {
      publish.alsoTo(major, PublishStatements::ofKind, words[1]);
    }
  }

  /** The code of a custom rule, which gets a row by column. */
  private static EnginePublish.RowCheck check(String name) {
    Object unsendable = new Object();
    return switch (name) {
      case "sound" -> PublishStatements::isSound;
      case "winter" -> row -> ((LocalDate) row.get("day")).isBefore(LocalDate.of(2024, 2, 20));
      case "kind" -> row -> !"E".equals(row.get("kind"));
      case "few-tags" -> row -> ((List<?>) row.get("tags")).size() < 3;
      case "early" -> row -> ((LocalDate) row.get("day")).isBefore(LocalDate.of(2024, 3, 5));
      case "seated" ->
          row ->
              !(row.get("stop") instanceof Map<?, ?> stop)
                  || !Long.valueOf(4).equals(stop.get("seats"));
      case "cheap" -> row -> row.get("fare") == null || (Double) row.get("fare") < 50;
      case "unsendable" -> row -> !row.containsValue(unsendable);
      default -> row -> true;
    };
  }

  private static boolean isSound(Map<String, @Nullable Object> row) {
    if (row.get("id").equals(333L)) {
      throw new IllegalStateException("of a row");
    }
    return !"b".equals(row.get("code"));
  }

  /** From the snapshot of a product, of which three words are given, with pairs of columns. */
  private static void derivedFrom(MeshSpark.SparkPublish publish, String[] words) {
    publish.derivedFrom(
        new Snapshot(
            ProductName.of(words[0]),
            ContractVersion.parse(words[1]),
            words[2],
            0,
            Instant.EPOCH,
            0),
        Arrays.copyOfRange(words, 3, words.length));
  }

  private static @Nullable Map<String, ?> ofKind(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> mapped = new HashMap<>(row);
    Object code = mapped.remove("code");
    mapped.put("kind", code == null ? null : code.toString().toUpperCase(Locale.ROOT));
    return "c".equals(code) ? null : mapped;
  }
}
