package io.meshwork.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.examples.spark.SparkProcess;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What a statement asks for besides its rows is done as Spark documents it, or refused before a
 * job.
 */
final class SparkWrites {
  /** A row. */
  record Fare(long id, Optional<Long> zone, Optional<Double> fare, LocalDate day, Instant at) {}

  /** A row with a time of day. */
  record Opening(long id, Optional<LocalTime> opens) {}

  /** Without the column that Spark does not read. */
  private static final class Earlier {
    record Opening(long id) {}
  }

  private static final String DEFAULTS =
      """
      {"type": "record", "name": "ride", "fields": [
        {"name": "id", "type": "long"},
        {"name": "note", "type": "string", "default": "it's \\\\ a"},
        {"name": "count", "type": "int", "default": 7},
        {"name": "share", "type": "double", "default": 0.5},
        {"name": "open", "type": "boolean", "default": true},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}, "default": 19782},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}, "default": 1},
        {"name": "tip", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
         "default": "\\u0001\\u0000"},
        {"name": "raw", "type": "bytes", "default": "\\u00ff"},
        {"name": "tags", "type": {"type": "array", "items": "string"}, "default": ["a", "b"]},
        {"name": "notes", "type": {"type": "array", "items": "string"}, "default": []},
        {"name": "seats", "type": {"type": "map", "values": "int"}, "default": {"front": 2}},
        {"name": "stop", "type": {"type": "record", "name": "stop", "fields": [
          {"name": "zone", "type": "string"}, {"name": "day", "type": {"type": "int", "logicalType": "date"}}]},
         "default": {"zone": "n", "day": 19782}},
        {"name": "zone", "type": ["string", "null"], "default": "z"}
      ]}
      """;

  private final SparkProcess spark;
  private final MeshClient owner;
  private final String catalog;
  private final boolean hasOptions;
  private final boolean isSpark41;
  private String product = "";
  private String table = "";

  /**
   * Creates the writes.
   *
   * @param catalog a catalog of the mesh whose tasks check rows
   * @param version of Spark
   */
  SparkWrites(SparkProcess spark, MeshClient owner, String catalog, String version) {
    this.spark = spark;
    this.owner = owner;
    this.catalog = catalog;
    this.hasOptions = !version.startsWith("3.5");
    this.isSpark41 = version.startsWith("4.1");
  }

  void run() {
    succeed("RESET spark.sql.sources.partitionOverwriteMode"); // of what ran before
    if (hasOptions) {
      anOptionThatContradictsTheStatementIsRefused();
    }
    anOptionOfIcebergIsRefused();
    aSessionThatStagesRowsIsRefused();
    aConditionSelectsTheRowsThatItSelectsInSpark();
    aColumnThatIsLeftOutHasItsDefaultAsInTheSdk();
    aColumnThatSparkDoesNotReadIsNamed();
    aStatementThatIsNoPublishIsRefusedWithAnotherWay();
    aPartitionOfAStatementIsReplaced();
    aCachedTableShowsWhatIsPublishedSinceSpark41();
    aStrictSessionRefusesWhatSparkWouldRound();
  }

  private void anOptionThatContradictsTheStatementIsRefused() {
    define("contradicted");
    succeed("INSERT INTO " + table + values(1, 2, 3));

    refused(
        "INSERT OVERWRITE " + table + " WITH ('meshwork.replace' = 'partitions')" + values(4),
        "option meshwork.replace is 'partitions', but the statement sets 'all'");
    succeed("SET spark.sql.sources.partitionOverwriteMode=dynamic");
    refused(
        "INSERT OVERWRITE " + table + " WITH ('meshwork.replace' = 'all')" + values(4),
        "option meshwork.replace is 'all', but the statement sets 'partitions'");
    succeed("RESET spark.sql.sources.partitionOverwriteMode");
    refused(
        "INSERT INTO "
            + table
            + " WITH ('meshwork.replace-where' = 'id > 0') REPLACE WHERE id = 4"
            + values(4),
        "option meshwork.replace-where is 'id > 0', but the statement sets '\"id\" = 4'");
    refused(
        "INSERT INTO "
            + table
            + " WITH ('meshwork.replace' = 'all') REPLACE WHERE id = 4"
            + values(4),
        "meshwork.replace and meshwork.replace-where contradict each other");

    assertThat(ids()).containsExactly(1L, 2L, 3L);
    succeed("INSERT OVERWRITE " + table + " WITH ('meshwork.replace' = 'all')" + values(4));
    assertThat(ids()).containsExactly(4L);
  }

  private void anOptionOfIcebergIsRefused() {
    define("iceberg-options");
    succeed("ALTER TABLE " + table + " CREATE BRANCH audit");
    for (String option :
        List.of(
            "branch=audit", "mergeSchema=true", "snapshot-property.job=1", "write-format=orc")) {
      refused(
          "APPEND " + option + " " + table + values(1),
          "the option "
              + option.substring(0, option.indexOf('=')).toLowerCase(Locale.ROOT)
              + " is unknown");
    }
    assertThat(ids()).isEmpty();
  }

  private void aSessionThatStagesRowsIsRefused() {
    define("staged");
    succeed("ALTER TABLE " + table + " SET TBLPROPERTIES ('write.wap.enabled' = 'true')");
    for (String setting : List.of("spark.wap.branch", "spark.wap.id")) {
      succeed("SET " + setting + "=audit");
      refused(
          "INSERT INTO " + table + values(1),
          "the session sets " + setting + " to 'audit'",
          "a publish goes to main",
          "RESET " + setting);
      succeed("RESET " + setting);
    }
    assertThat(ids()).isEmpty();
    succeed("INSERT INTO " + table + values(1));
    define("not-staged");
    succeed("SET spark.wap.branch=audit");
    succeed("INSERT INTO " + table + values(1));
    succeed("RESET spark.wap.branch");
  }

  private void aConditionSelectsTheRowsThatItSelectsInSpark() {
    define("conditions");
    for (String condition :
        List.of(
            "NOT (zone <=> 1)",
            "zone <=> 1",
            "NOT (zone <=> 1 OR id = 3)",
            "zone <> 1",
            "at < TIMESTAMP '2024-01-01 02:00:00Z'",
            "at = TIMESTAMP '1969-12-31 23:59:59.999999Z'",
            "at IN (TIMESTAMP '2024-01-01 02:00:00Z', TIMESTAMP '2024-01-01 03:00:00Z')",
            "NOT (at >= TIMESTAMP '2024-01-01 02:00:00Z' AND day = DATE '2024-01-02')")) {
      succeed("INSERT OVERWRITE " + table + " " + sample("true"));
      List<Long> selected =
          spark.sql("SELECT id FROM " + table + " WHERE " + condition).rowsOrThrow().stream()
              .map(row -> row.get("id").asLong())
              .toList();
      assertThat(selected).as(condition).isNotEmpty();

      succeed("INSERT INTO " + table + " REPLACE WHERE " + condition + " " + sample(condition));

      assertThat(ids()).as(condition).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }
  }

  private void aColumnThatIsLeftOutHasItsDefaultAsInTheSdk() {
    for (int format : List.of(2, 3)) {
      String bySdk = "mobility/defaults-by-sdk-" + format;
      for (String each : List.of(bySdk, bySdk.replace("sdk", "spark"))) {
        owner
            .defineProduct(each)
            .contract(Contract.of(new Schema.Parser().parse(DEFAULTS)))
            .tableFormat(format)
            .commit();
      }
      owner.publish(bySdk).records(List.of(Map.of("id", 1L), Map.of("id", 2L))).commit();
      product = bySdk.replace("sdk", "spark");
      table = catalog + "." + product.replace('/', '.').replace('-', '_') + "_v1";

      if (!isSpark41) {
        assertThat(spark.sql("INSERT INTO " + table + " (id) VALUES (1L)").failure())
            .contains("Cannot find data for the output column");
        return;
      }
      succeed("INSERT INTO " + table + " (id) VALUES (1L)");
      succeed("INSERT INTO " + table + " (id, zone) SELECT 2L, NULL");

      assertThat(rows(product)).isEqualTo(rows(bySdk)).hasSize(2);
      assertThat(rows(product).toString()).contains("it's \\ a", "2024-02-29", "zone=null");
    }
  }

  private void aColumnThatSparkDoesNotReadIsNamed() {
    product = "mobility/opening-hours";
    table = catalog + ".mobility.opening_hours_v1";
    owner.defineProduct(product).contract(Contract.of(Earlier.Opening.class)).commit();
    owner.publish(product).records(List.of(new Earlier.Opening(7))).commit();
    String earlier = owner.publishHistory(product).receipts().get(0).snapshotId().orElseThrow();
    owner.amendContract(product, Contract.of(Opening.class)).commit();
    owner.publish(product).records(List.of(new Opening(1, Optional.of(LocalTime.NOON)))).commit();
    succeed("SELECT * FROM " + table + " VERSION AS OF " + earlier);
    for (String statement :
        List.of(
            "SELECT id FROM " + table,
            "SELECT id FROM " + table + " VERSION AS OF 'main'",
            "INSERT INTO " + table + " SELECT 2L, NULL")) {
      assertThat(spark.sql(statement).failure())
          .as(statement)
          .startsWith("SCHEMA_UNSUPPORTED ")
          .contains("column opens cannot be read: Spark does not support time fields");
    }
  }

  private void aStatementThatIsNoPublishIsRefusedWithAnotherWay() {
    define("settled");
    succeed("INSERT INTO " + table + values(1));
    for (String statement :
        List.of(
            "INSERT INTO " + table + "_quarantine (reason) VALUES ('x')",
            "DELETE FROM " + table + "_quarantine WHERE true")) {
      refused(statement, "only a publish writes to a quarantine table", "Publish corrected rows");
    }
    refused(
        "INSERT INTO " + table + "_quarantine SELECT * FROM " + table + "_quarantine",
        "only a publish writes to a quarantine table");
    refused("TRUNCATE TABLE " + table, "replaceAll().allowEmpty()");
    for (String statement :
        List.of(
            "ALTER TABLE " + table + " SET TBLPROPERTIES ('team' = 'rides')",
            "COMMENT ON TABLE " + table + " IS 'rides'")) {
      assertThat(spark.sql(statement).failure())
          .as(statement)
          .contains("engines may not change property ", "change the contract with MeshClient");
    }
    succeed("ALTER TABLE " + table + " SET TBLPROPERTIES ('write.wap.enabled' = 'true')");
    assertThat(ids()).containsExactly(1L);
  }

  private void aPartitionOfAStatementIsReplaced() {
    define("partitions", Partition.identity("day"), Partition.identity("zone"));
    succeed("INSERT INTO " + table + " " + sample("true"));
    String day = "INSERT OVERWRITE " + table + " PARTITION (day = DATE '2024-01-01'";
    succeed(day + ") SELECT id, zone, fare, at FROM (" + sample("id = 2") + ")");
    assertThat(ids()).containsExactly(1L, 2L, 3L, 5L);
    succeed(day + ", zone) SELECT id, zone, fare, at FROM (" + sample("id = 4") + ")");
    assertThat(ids()).containsExactly(1L, 3L, 4L, 5L);
    assertThat(modes(2)).containsOnly(PublishMode.REPLACE_WHERE);

    succeed("SET spark.sql.sources.partitionOverwriteMode=dynamic");
    succeed(day + ", zone) SELECT id, zone, fare, at FROM (" + sample("id = 2") + ")");
    assertThat(ids()).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(modes(1)).containsOnly(PublishMode.REPLACE_PARTITIONS);
    succeed("RESET spark.sql.sources.partitionOverwriteMode");

    succeed("INSERT OVERWRITE " + table + " PARTITION (day, zone) " + sample("id = 1"));
    assertThat(rows(product)).hasSize(1);
    assertThat(rows(product).get(0)).contains("id=1,", "day=2024-01-02, at=2024-01-01T01:00:00Z");
    assertThat(modes(1)).containsOnly(PublishMode.REPLACE_ALL);
  }

  private void aCachedTableShowsWhatIsPublishedSinceSpark41() {
    define("cached");
    succeed("INSERT INTO " + table + values(1));
    succeed("CACHE TABLE " + table);
    succeed("INSERT INTO " + table + values(2));
    assertThat(spark.sql("SELECT id FROM " + table).rowsOrThrow()).hasSize(isSpark41 ? 2 : 1);
    succeed("UNCACHE TABLE " + table);
    assertThat(spark.sql("SELECT id FROM " + table).rowsOrThrow()).hasSize(2);
  }

  private void aStrictSessionRefusesWhatSparkWouldRound() {
    define("rounded");
    String statement =
        "INSERT INTO "
            + table
            + " SELECT 1.7D, 1L, 1D, DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00Z'";
    succeed("SET spark.sql.storeAssignmentPolicy=STRICT");
    assertThat(spark.sql(statement).failure()).contains("id", "DOUBLE", "BIGINT");
    assertThat(ids()).isEmpty();
    succeed("INSERT INTO " + table + values(1));
    succeed("RESET spark.sql.storeAssignmentPolicy");
    succeed(statement.replace("1.7D", "2.7D"));
    assertThat(ids()).containsExactly(1L, 2L);
  }

  /** The modes of the last publishes. */
  private List<PublishMode> modes(int publishes) {
    List<PublishReceipt> receipts = owner.publishHistory(product).receipts();
    return receipts.subList(receipts.size() - publishes, receipts.size()).stream()
        .map(PublishReceipt::mode)
        .toList();
  }

  private List<String> rows(String of) {
    try (Rows<Map<String, Object>> rows = owner.read(of).asMaps().rows()) {
      return rows.stream().map(Map::toString).sorted().toList();
    }
  }

  /** Rows whose zone is null, 1, or 2, if they meet a condition. */
  private static String sample(String condition) {
    return "SELECT * FROM (SELECT id, if(id % 3 = 0, NULL, id % 3) AS zone, CAST(id AS DOUBLE) AS fare,"
        + " date_add(DATE'2024-01-01', CAST(id % 2 AS INT)) AS day,"
        + " if(id = 0, TIMESTAMP '1969-12-31 23:59:59.999999Z',"
        + " TIMESTAMP '2024-01-01 00:00:00Z' + make_interval(0, 0, 0, 0, CAST(id AS INT))) AS at"
        + " FROM range(0, 6, 1, 1)) WHERE "
        + condition;
  }

  private void define(String name) {
    define(name, Partition.identity("day"));
  }

  private void define(String name, Partition... partitions) {
    product = "mobility/" + name;
    table = catalog + ".mobility." + name.replace('-', '_') + "_v1";
    owner.defineProduct(product).contract(Contract.of(Fare.class)).partitionBy(partitions).commit();
  }

  private static String values(long... ids) {
    StringBuilder text =
        new StringBuilder(
            " SELECT id, 1L AS zone, 1D AS fare, DATE '2024-01-01' AS day, TIMESTAMP '2024-01-01 00:00:00Z' AS at FROM VALUES");
    String separator = " ";
    for (long id : ids) {
      text.append(separator).append("(").append(id).append("L)");
      separator = ", ";
    }
    return text.append(" AS s(id)").toString();
  }

  private List<Long> ids() {
    try (Rows<Map<String, Object>> rows = owner.read(product).asMaps().rows()) {
      return rows.stream().map(row -> (Long) row.get("id")).sorted().toList();
    }
  }

  private void succeed(String statement) {
    assertThat(spark.sql(statement).failure()).as(statement).isEmpty();
  }

  private void refused(String statement, String... words) {
    int before = owner.publishHistory(product).receipts().size();
    assertThat(spark.sql(statement).failure())
        .as(statement)
        .startsWith("INVALID_ARGUMENT ")
        .contains("Nothing was published.")
        .contains(words);
    assertThat(owner.publishHistory(product).receipts()).as(statement).hasSize(before);
  }
}
