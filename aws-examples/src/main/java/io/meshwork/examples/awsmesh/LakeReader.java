package io.meshwork.examples.awsmesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.parquet.format.Util;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableIdentifier;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.GetTemporaryGlueTableCredentialsResponse;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Reads tables without the mesh, as engines of AWS do, with the credentials of this process: Glue
 * resolves a link, Lake Formation gives credentials for the files of its target, and S3 has them.
 * Immutable.
 *
 * @param aws the emulator
 */
public record LakeReader(AwsEmulator aws) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A Parquet file ends with the length of its metadata, and {@code PAR1}. */
  private static final int FOOTER = 8;

  /**
   * What Glue says of a table to a reader of its link. Immutable.
   *
   * @param owner the account that has the table
   * @param database its database there
   * @param name its name there
   * @param metadata the location of its metadata
   * @param columns the columns that the reader sees
   */
  public record LinkedTable(
      String owner, String database, String name, String metadata, List<String> columns) {
    public LinkedTable {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Resolves a link.
   *
   * @throws software.amazon.awssdk.services.glue.model.GlueException if Glue refuses
   */
  public LinkedTable resolve(String database, String link) {
    try (GlueClient glue = client(GlueClient.builder())) {
      Table table = glue.getTable(get -> get.databaseName(database).name(link)).table();
      TableIdentifier target = table.targetTable();
      return new LinkedTable(
          target.catalogId(),
          target.databaseName(),
          target.name(),
          table.parameters().getOrDefault("metadata_location", ""),
          table.storageDescriptor().columns().stream().map(Column::name).toList());
    }
  }

  /**
   * Reads all files of the current snapshot of a table, and returns the number of their rows.
   *
   * @throws software.amazon.awssdk.services.lakeformation.model.LakeFormationException if Lake
   *     Formation refuses
   */
  public long rows(LinkedTable linked) {
    try (S3Client s3 = s3(credentials(linked.owner(), linked.database(), linked.name()))) {
      VendedFiles files = new VendedFiles(s3);
      BaseTable table =
          new BaseTable(new StaticTableOperations(linked.metadata(), files), linked.name());
      long rows = 0;
      try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
        for (FileScanTask task : tasks) {
          rows += rowsOf(files.bytes(task.file().location()));
        }
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long rowsOf(byte[] parquet) throws IOException {
    int end = parquet.length - FOOTER;
    int length = ByteBuffer.wrap(parquet, end, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return Util.readFileMetaData(new ByteArrayInputStream(parquet, end - length, length))
        .getNum_rows();
  }

  /**
   * Returns credentials for the files of a table.
   *
   * @throws software.amazon.awssdk.services.lakeformation.model.LakeFormationException if Lake
   *     Formation refuses
   */
  GetTemporaryGlueTableCredentialsResponse credentials(
      String owner, String database, String table) {
    try (LakeFormationClient lake = client(LakeFormationClient.builder())) {
      return lake.getTemporaryGlueTableCredentials(
          get ->
              get.tableArn(
                      "arn:aws:glue:%s:%s:table/%s/%s"
                          .formatted(aws.region(), owner, database, table))
                  .permissions(Permission.SELECT));
    }
  }

  /** Returns the values of a tag that the columns of a table have in Lake Formation. */
  List<String> tags(String database, String table, String key) {
    try (LakeFormationClient lake = client(LakeFormationClient.builder())) {
      return lake
          .getResourceLFTags(
              get ->
                  get.resource(on -> on.table(named -> named.databaseName(database).name(table))))
          .lfTagsOnColumns()
          .stream()
          .flatMap(column -> column.lfTags().stream())
          .filter(tag -> tag.tagKey().equals(key))
          .map(LFTagPair::tagValues)
          .flatMap(List::stream)
          .toList();
    }
  }

  /**
   * Queries a table with Athena, and returns the columns of the result; the emulator has no rows.
   *
   * @param workGroup the work group
   * @throws StoryFailedException if Athena rejects the query, or it fails
   */
  public List<String> query(String workGroup, String database, String table) {
    ObjectNode query = JSON.createObjectNode().put("WorkGroup", workGroup);
    query.put("QueryString", "SELECT * FROM \"%s\".\"%s\"".formatted(database, table));
    ObjectNode started = JSON.createObjectNode();
    started.set("QueryExecutionId", athena("StartQueryExecution", query).path("QueryExecutionId"));
    JsonNode status = athena("GetQueryExecution", started).at("/QueryExecution/Status");
    if (!status.path("State").asText().equals("SUCCEEDED")) {
      throw new StoryFailedException("The query " + query + " did not succeed: " + status);
    }
    List<String> columns = new ArrayList<>();
    athena("GetQueryResults", started)
        .at("/ResultSet/ResultSetMetadata/ColumnInfo")
        .forEach(column -> columns.add(column.path("Name").asText()));
    return columns;
  }

  private JsonNode athena(String operation, JsonNode request) {
    try (DefaultCredentialsProvider credentials = DefaultCredentialsProvider.builder().build()) {
      return JSON.readTree(
          PlainRequest.send(
              aws,
              operation + " " + request,
              credentials.resolveCredentials().accessKeyId(),
              aws.region() + "/athena",
              Map.of(
                  "Content-Type",
                  "application/x-amz-json-1.1",
                  "X-Amz-Target",
                  "AmazonAthena." + operation),
              request.toString()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private S3Client s3(GetTemporaryGlueTableCredentialsResponse vended) {
    return client(
        S3Client.builder()
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(
                        vended.accessKeyId(), vended.secretAccessKey(), vended.sessionToken()))));
  }

  private <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
    return builder.endpointOverride(aws.endpoint()).region(Region.of(aws.region())).build();
  }
}
