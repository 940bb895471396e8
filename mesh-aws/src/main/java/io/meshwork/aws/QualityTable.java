package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.metrics.QualityLine;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The table of AWS Glue by which Athena reads the quality results of all domains, in a database of
 * its own in the account of the mesh. Mirrors neither write nor remove it.
 */
record QualityTable(AwsConfig config) {
  private static final String DATABASE = "QualityDatabase";
  private static final String NAME = "quality_results";

  /** Returns the resources; none if no run writes quality results. */
  List<AccountResource> resources() {
    if (!config.usesCloudWatch()) {
      return List.of();
    }
    ObjectNode database = AccountResource.node().put("CatalogId", config.account());
    database
        .putObject("DatabaseInput")
        .put("Name", database())
        .put("Description", "The mesh " + config.meshName() + " as a whole");
    ObjectNode table =
        AccountResource.node().put("CatalogId", config.account()).put("DatabaseName", database());
    table.set("TableInput", table());
    return List.of(
        AccountResource.deleted(
            DATABASE, AccountResource.Type.GLUE_DATABASE, List.of(), database),
        AccountResource.deleted(
            "QualityTable", AccountResource.Type.GLUE_TABLE, List.of(DATABASE), table));
  }

  private ObjectNode table() {
    ObjectNode input =
        AccountResource.node()
            .put("Name", NAME)
            .put("Description", "The quality of each publish to each major version")
            .put("TableType", "EXTERNAL_TABLE");
    input.putObject("Parameters").put("classification", "json");
    ObjectNode storage = input.putObject("StorageDescriptor");
    ArrayNode columns = storage.putArray("Columns");
    QualityLine.columns()
        .forEach((name, type) -> columns.addObject().put("Name", name).put("Type", type));
    storage
        .put("Location", "s3://" + config.bucket() + "/" + QualityLine.FOLDER + "/")
        .put("InputFormat", "org.apache.hadoop.mapred.TextInputFormat")
        .put("OutputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")
        .putObject("SerdeInfo")
        .put("SerializationLibrary", "org.openx.data.jsonserde.JsonSerDe");
    return input;
  }

  /** Returns what the deployer needs for the resources. */
  Stream<PolicyStatement> ofDeployer() {
    return config.usesCloudWatch()
        ? Stream.of(
            PolicyStatement.allow("MakeQualityTable")
                .actions(
                    "glue:CreateDatabase",
                    "glue:GetDatabase",
                    "glue:UpdateDatabase",
                    "glue:DeleteDatabase",
                    "glue:CreateTable",
                    "glue:GetTable",
                    "glue:UpdateTable",
                    "glue:DeleteTable")
                .on(
                    arn("catalog"),
                    arn("database/" + database()),
                    arn("table/" + database() + "/" + NAME)))
        : Stream.empty();
  }

  /** Athena has no names with hyphens. */
  private String database() {
    return config.table().replace('-', '_').toLowerCase(Locale.ROOT);
  }

  private String arn(String resource) {
    return "arn:%s:glue:%s:%s:%s"
        .formatted(config.partition(), config.region(), config.account(), resource);
  }
}
