package io.meshwork.spark;

import io.meshwork.contract.OnViolation;
import io.meshwork.engine.EnginePublish;
import io.meshwork.engine.EnginePublish.RowCheck;
import io.meshwork.engine.EnginePublish.RowMapping;
import io.meshwork.engine.MeshCatalog;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.catalog.CatalogPlugin;
import org.jspecify.annotations.Nullable;

/** Publishes rows of Spark from Java, with the receipt. Its methods are thread-safe. */
public final class MeshSpark {
  /** The option that names the program that waits for a write. */
  static final String PROGRAM = "meshwork.program";

  private static final Map<String, Program> WAITING = new ConcurrentHashMap<>();

  private MeshSpark() {}

  /**
   * What a program gives to a write in this process, and gets from it.
   *
   * @param additions such as mappings to other major versions
   * @param receipt is set when the write commits
   */
  private record Program(
      EnginePublish.Additions additions, AtomicReference<@Nullable PublishReceipt> receipt) {}

  private static @Nullable Program program(Map<String, String> options) {
    return WAITING.get(options.getOrDefault(PROGRAM, ""));
  }

  /** Starts the publish of a write, with what a program adds to it. */
  static EnginePublish publish(
      MeshCatalog mesh, TableIdentifier table, Map<String, String> options) {
    Program program = program(options);
    Map<String, String> others = new HashMap<>(options);
    others.remove(PROGRAM);
    return program == null
        ? mesh.publish(table, others)
        : mesh.publish(table, others, program.additions());
  }

  /** Returns true if a program has mappings for a write with these options. */
  static boolean hasMappings(Map<String, String> options) {
    Program program = program(options);
    return program != null && program.additions().hasMappings();
  }

  /** Gives the program that waits for a write its receipt. */
  static void committed(Map<String, String> options, PublishReceipt receipt) {
    Program program = program(options);
    if (program != null) {
      program.receipt().set(receipt);
    }
  }

  /**
   * Starts a publish of rows to a product, by default to its current major version. Spark's tasks
   * check and write the rows when it is committed, as in an append to the table.
   *
   * @param rows with the columns of the contract, by name
   * @param catalog the name of a {@link MeshSparkCatalog} in the session of the rows
   * @param product such as {@code commerce/orders}
   * @throws IllegalArgumentException if the catalog is another one
   */
  public static SparkPublish publish(Dataset<Row> rows, String catalog, CharSequence product) {
    return new SparkPublish(rows, catalog, product);
  }

  /** A publish of rows of Spark, with methods of {@code Publish} in the SDK. Not thread-safe. */
  public static final class SparkPublish {
    private final Dataset<Row> rows;
    private final String catalog;
    private final MeshCatalog mesh;
    private final CharSequence product;
    private final Map<String, String> options = new HashMap<>();
    private final EnginePublish.Additions additions = new EnginePublish.Additions();
    private @Nullable Integer major;

    SparkPublish(Dataset<Row> rows, String catalog, CharSequence product) {
      this.rows = rows;
      this.catalog = catalog;
      this.mesh = mesh(rows, catalog);
      this.product = product;
    }

    /**
     * Sets the idempotency key, which is unique within the product, such as the ID of a scheduled
     * run. Without one, a job that runs again publishes again.
     *
     * @param key 1 to 256 characters
     */
    public SparkPublish idempotencyKey(String key) {
      return with(EnginePublish.KEY, ArgumentChecks.idempotencyKey(key));
    }

    /**
     * States that with this publish, all rows with an earlier event time are published.
     *
     * @param eventTime exclusive
     */
    public SparkPublish completeUpTo(Instant eventTime) {
      return with(
          EnginePublish.COMPLETE_UP_TO,
          ArgumentChecks.required("completeUpTo", eventTime).toString());
    }

    /**
     * States the major version whose contract the rows follow. Default: the current one. While a
     * rollout runs, the publish also goes to the others that it publishes to.
     */
    public SparkPublish majorVersion(int number) {
      major = ArgumentChecks.majorVersion(number);
      return this;
    }

    /**
     * Maps the rows to another major version of a rollout, if they do not follow from the columns.
     *
     * @param number the other major version
     * @param mapping returns its row for a row, both with the values by column: {@code java.time}
     *     for dates and times, maps for nested columns; called in Spark's tasks
     */
    public SparkPublish alsoTo(int number, RowMapping mapping) {
      additions.alsoTo(number, mapping);
      return this;
    }

    /**
     * Maps the rows to another major version, in which the filter of {@link #replaceWhere} has
     * other columns or values.
     *
     * @param filter selects the same rows as the filter of the publish
     */
    public SparkPublish alsoTo(int number, RowMapping mapping, String filter) {
      additions.alsoTo(number, mapping, filter);
      return this;
    }

    /** Publishes to one major version alone; the others of a rollout then lack the rows. */
    public SparkPublish onlyMajorVersion(int number) {
      return majorVersion(number).with(EnginePublish.ONLY_THIS_VERSION, "true");
    }

    /**
     * Sets the reason, which {@link #onlyMajorVersion} requires; the receipt and log contain it.
     */
    public SparkPublish because(String reason) {
      return with(EnginePublish.BECAUSE, ArgumentChecks.text("because", reason));
    }

    /** Replaces the rows of the partitions that have new rows. */
    public SparkPublish replacePartitions() {
      return with(EnginePublish.REPLACE, "partitions");
    }

    /** Replaces all rows of the table. */
    public SparkPublish replaceAll() {
      return with(EnginePublish.REPLACE, "all");
    }

    /**
     * Replaces the rows for which a filter is true.
     *
     * @param filter a SQL condition that is also true for every new row
     */
    public SparkPublish replaceWhere(String filter) {
      return with(EnginePublish.REPLACE_WHERE, ArgumentChecks.filter("replaceWhere", filter));
    }

    /** Permits that no rows replace others, which deletes them. */
    public SparkPublish allowEmpty() {
      return with(EnginePublish.ALLOW_EMPTY, "true");
    }

    /**
     * Records an input of these rows in the receipt, the log, and the snapshot. Call it once for
     * each input.
     *
     * @param input the snapshot that was read
     * @param columns pairs of the product's column and the input's, such as {@code total=amount};
     *     can be left out
     */
    public SparkPublish derivedFrom(Snapshot input, String... columns) {
      additions.derivedFrom(input, columns);
      return this;
    }

    /** Overrides the contract's policy with a stricter one. */
    public SparkPublish onViolation(OnViolation policy) {
      return with(
          EnginePublish.ON_VIOLATION, ArgumentChecks.required("onViolation", policy).name());
    }

    /**
     * Provides the code of a rule {@code custom(name, version)}; call it once for each rule. If the
     * code throws, the rule is not evaluated. The contract can lack such a version of the rule, but
     * not the rule.
     *
     * @param name the rule's name
     * @param version the rule's version
     * @param check returns true for a valid row, which it gets as the SDK's {@code asMaps()}
     *     returns rows; called in Spark's tasks for every row that the rule checks
     */
    public SparkPublish customRule(String name, int version, RowCheck check) {
      additions.customRule(name, version, check);
      return this;
    }

    /** Limits the time from the start of the job. Default: 20 hours. */
    public SparkPublish timeout(Duration time) {
      return with(EnginePublish.TIMEOUT, ArgumentChecks.span("timeout", time).toString());
    }

    /**
     * Runs the job, whose tasks check and write the rows, and commits.
     *
     * @return the receipt; under a key that was used before, the receipt of the first publish,
     *     without a job
     * @throws io.meshwork.error.ContractViolationException if rows violate the contract; nothing
     *     was published
     * @throws io.meshwork.error.OutcomeUnknownException if the response was lost; run it again with
     *     the same key
     * @throws MeshException as a publish by the SDK
     */
    public PublishReceipt commit() {
      String given = options.get(EnginePublish.KEY);
      TableIdentifier table = mesh.publishTable(product, major, given);
      if (given != null && mesh.publishHistory(table).findReceipt(given).isPresent()) {
        // Also decides whether the key was used for this request.
        Optional<PublishReceipt> earlier = mesh.publish(table, options, additions).earlier();
        if (earlier.isPresent()) {
          return earlier.get();
        }
      }
      Program program = new Program(additions, new AtomicReference<>());
      String name = UUID.randomUUID().toString();
      Map<String, String> job = new HashMap<>(options);
      job.put(PROGRAM, name);
      WAITING.put(name, program);
      try {
        append(table, job);
      } finally {
        WAITING.remove(name);
      }
      return Objects.requireNonNull(program.receipt().get(), "the receipt of a write that ended");
    }

    private void append(TableIdentifier table, Map<String, String> job) {
      try {
        rows.writeTo(quoted(catalog, table.namespace().level(0), table.name()))
            .options(job)
            .append();
      } catch (Exception e) { // Spark throws checked exceptions that it does not declare
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
          if (cause instanceof MeshException refused) {
            throw refused;
          }
        }
        throw SparkPublish.<RuntimeException>unchecked(e);
      }
    }

    private SparkPublish with(String option, String value) {
      options.put(option, value);
      return this;
    }

    private static MeshCatalog mesh(Dataset<Row> rows, String name) {
      CatalogPlugin plugin =
          Spark3Util.catalogAndIdentifier(rows.sparkSession(), List.of(name, "domain", "table"))
              .catalog();
      if (plugin instanceof MeshSparkCatalog meshCatalog && plugin.name().equals(name)) {
        return meshCatalog.mesh();
      }
      throw new IllegalArgumentException(
          "Catalog "
              + name
              + " is not a mesh. Set spark.sql.catalog."
              + name
              + " to "
              + MeshSparkCatalog.class.getName()
              + ".");
    }

    private static String quoted(String... parts) {
      return "`" + String.join("`.`", parts) + "`";
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> E unchecked(Exception e) throws E {
      throw (E) e;
    }
  }
}
