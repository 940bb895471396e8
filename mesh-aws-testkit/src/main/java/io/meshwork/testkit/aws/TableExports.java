package io.meshwork.testkit.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsRequestBody;
import io.meshwork.testkit.aws.internal.access.AwsServerClient;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Exports of tables to a bucket, which DynamoDB Local does not have: full ones in DynamoDB JSON, of
 * the items at the request. The files are written with the rights of the caller, and named as AWS
 * documents it. Thread-safe.
 */
final class TableExports {
  private static final Pattern TABLE =
      Pattern.compile("arn:aws:dynamodb:([a-z0-9-]+):([0-9]{12}):table/(.+)");
  private static final Set<String> PARAMETERS =
      Set.of(
          "TableArn",
          "S3Bucket",
          "S3BucketOwner",
          "S3Prefix",
          "ClientToken",
          "ExportFormat",
          "ExportType");
  private static final Pattern UPLOAD = Pattern.compile("<UploadId>([^<]*)</UploadId>");
  private static final Pattern CODE = Pattern.compile("<Code>([^<]*)</Code>");

  private final AwsServerClient servers;
  private final Set<DynamoDbRules.TableId> recoverable;
  private final Map<String, ObjectNode> exports;
  private final Sender sender;

  /** Sends requests to services as their signer. */
  interface Sender {
    AwsReply reply(AwsRequest request) throws IOException;
  }

  /**
   * Takes requests.
   *
   * @param recoverable the tables with point-in-time recovery
   * @param exports what was exported, by ARN
   * @param sender sends the requests to S3
   */
  TableExports(
      AwsServerClient servers,
      Set<DynamoDbRules.TableId> recoverable,
      Map<String, ObjectNode> exports,
      Sender sender) {
    this.servers = servers;
    this.recoverable = recoverable;
    this.exports = exports;
    this.sender = sender;
  }

  static boolean isAbout(String operation) {
    return operation.equals("ExportTableToPointInTime") || operation.equals("DescribeExport");
  }

  AwsReply reply(AwsRequest request, AwsIdentity caller) throws IOException {
    JsonNode body = AwsReply.JSON.readTree(request.body().text());
    ObjectNode export;
    if (request.operation().equals("DescribeExport")) {
      export = exports.get(body.path("ExportArn").asText());
      if (export == null) {
        throw new AwsErrorException("ExportNotFoundException", "The export was not found.");
      }
    } else {
      export = export(request.scope(), caller, body).deepCopy().put("ExportStatus", "IN_PROGRESS");
    }
    ObjectNode reply = AwsReply.JSON.createObjectNode();
    reply.set("ExportDescription", export);
    return AwsReply.json(reply.toString());
  }

  /** Exports a table once for each token. */
  private ObjectNode export(AwsRequest.Scope scope, AwsIdentity caller, JsonNode body)
      throws IOException {
    for (Map.Entry<String, JsonNode> parameter : body.properties()) {
      if (!PARAMETERS.contains(parameter.getKey())) {
        throw new NotEmulatedException("The parameter " + parameter.getKey() + " of an export.");
      }
    }
    if (!body.path("ExportFormat").asText("DYNAMODB_JSON").equals("DYNAMODB_JSON")
        || !body.path("ExportType").asText("FULL_EXPORT").equals("FULL_EXPORT")) {
      throw new NotEmulatedException("Exports other than full ones in DynamoDB JSON.");
    }
    Matcher table = TABLE.matcher(body.path("TableArn").asText());
    if (!table.matches() || !table.group(2).equals(caller.account())) {
      throw new NotEmulatedException("Exports of tables of other accounts.");
    }
    String token = body.path("ClientToken").asText(UUID.randomUUID().toString());
    for (ObjectNode earlier : exports.values()) {
      if (earlier.path("ClientToken").asText().equals(token)
          && earlier.path("TableArn").equals(body.path("TableArn"))) {
        if (!earlier.path("S3Bucket").equals(body.path("S3Bucket"))) {
          throw new AwsErrorException(
              "ExportConflictException", "Another export has the same client token.");
        }
        return earlier;
      }
    }
    if (!recoverable.contains(
        new DynamoDbRules.TableId(caller.account(), table.group(1), table.group(3)))) {
      throw new AwsErrorException(
          "PointInTimeRecoveryUnavailableException",
          "Point in time recovery is not enabled for table '" + table.group(3) + "'");
    }
    String id =
        "%014d-%08x".formatted(System.nanoTime() & 0xffffffffffL, UUID.randomUUID().hashCode());
    String arn = table.group() + "/export/" + id;
    ObjectNode description =
        AwsReply.JSON
            .createObjectNode()
            .put("ExportArn", arn)
            .put("ExportStatus", "COMPLETED")
            .put("TableArn", table.group())
            .put("S3Bucket", body.path("S3Bucket").asText())
            .put("S3Prefix", body.path("S3Prefix").asText())
            .put("ExportFormat", "DYNAMODB_JSON")
            .put("ClientToken", token);
    try {
      String owner = body.path("S3BucketOwner").asText(caller.account());
      new Files(scope, description, owner).write(id, items(scope, caller, table.group(3)));
    } catch (AwsErrorException e) {
      description
          .put("ExportStatus", "FAILED")
          .put("FailureCode", "S3" + e.code())
          .put("FailureMessage", e.getMessage());
    }
    exports.put(arn, description);
    return description;
  }

  private List<String> items(AwsRequest.Scope scope, AwsIdentity caller, String table)
      throws IOException {
    List<String> items = new ArrayList<>();
    ObjectNode scan = AwsReply.JSON.createObjectNode().put("TableName", table);
    while (true) {
      Headers headers = headers(scope, "dynamodb");
      headers.set("X-Amz-Target", "DynamoDB_20120810.Scan");
      headers.set("Content-Type", "application/x-amz-json-1.0");
      AwsReply reply =
          servers.send(
              new AwsRequest(
                  "POST", "/", Map.of(), headers, scope, AwsRequestBody.of(scan.toString())),
              null,
              caller.account());
      JsonNode page = AwsReply.JSON.readTree(reply.text());
      for (JsonNode item : page.path("Items")) {
        items.add(AwsReply.JSON.createObjectNode().set("Item", item).toString());
      }
      if (!page.has("LastEvaluatedKey")) {
        return items;
      }
      scan.set("ExclusiveStartKey", page.path("LastEvaluatedKey"));
    }
  }

  private static Headers headers(AwsRequest.Scope scope, String service) {
    Headers headers = new Headers();
    headers.set(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + scope.accessKey()
            + "/20200101/"
            + scope.region()
            + "/"
            + service
            + "/aws4_request, SignedHeaders=host, Signature=0");
    return headers;
  }

  /** Writes the files of one export, as its caller. */
  private final class Files {
    private final AwsRequest.Scope scope;
    private final ObjectNode description;
    private final String bucket;
    private final String owner;

    Files(AwsRequest.Scope scope, ObjectNode description, String owner) {
      this.owner = owner;
      this.scope = new AwsRequest.Scope(scope.accessKey(), scope.region(), "s3");
      this.description = description;
      this.bucket = description.path("S3Bucket").asText();
    }

    void write(String id, List<String> items) throws IOException {
      String prefix = description.path("S3Prefix").asText();
      String folder = (prefix.isEmpty() ? "" : prefix + "/") + "AWSDynamoDB/" + id + "/";
      put(folder + "_started", new byte[0]);
      // AWS asks for the right to end an upload, which it needs if an export fails.
      abortUpload(folder + "data/unused.json.gz");
      byte[] data = zipped(String.join("\n", items));
      String dataKey = folder + "data/" + UUID.randomUUID() + ".json.gz";
      put(dataKey, data);
      ObjectNode file =
          AwsReply.JSON
              .createObjectNode()
              .put("itemCount", items.size())
              .put("md5Checksum", md5(data))
              .put("dataFileS3Key", dataKey);
      String filesKey = folder + "manifest-files.json";
      putWithChecksum(folder, "manifest-files", file + "\n");
      ObjectNode summary =
          AwsReply.JSON
              .createObjectNode()
              .put("version", "2020-06-30")
              .put("exportArn", description.path("ExportArn").asText())
              .put("tableArn", description.path("TableArn").asText())
              .put("s3Bucket", bucket)
              .put("s3Prefix", prefix)
              .put("manifestFilesS3Key", filesKey)
              .put("itemCount", items.size())
              .put("outputFormat", "DYNAMODB_JSON");
      putWithChecksum(folder, "manifest-summary", summary.toString());
      description
          .put("ItemCount", items.size())
          .put("ExportManifest", folder + "manifest-summary.json");
    }

    private void putWithChecksum(String folder, String name, String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      put(folder + name + ".json", bytes);
      put(folder + name + ".md5", md5(bytes).getBytes(StandardCharsets.UTF_8));
    }

    /** Writes an object, and gives the owner of the bucket full control of it. */
    private void put(String key, byte[] content) throws IOException {
      send("PUT", key, Map.of(), content);
      send("PUT", key, Map.of("acl", ""), new byte[0]);
    }

    private void abortUpload(String key) throws IOException {
      Matcher upload = UPLOAD.matcher(send("POST", key, Map.of("uploads", ""), new byte[0]));
      if (upload.find()) {
        send("DELETE", key, Map.of("uploadId", upload.group(1)), new byte[0]);
      }
    }

    private String send(String method, String key, Map<String, String> query, byte[] content)
        throws IOException {
      Headers headers = headers(scope, "s3");
      headers.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
      headers.set("X-Amz-Expected-Bucket-Owner", owner);
      if (query.containsKey("acl")) {
        headers.set("x-amz-acl", "bucket-owner-full-control");
      }
      AwsReply reply =
          sender.reply(
              new AwsRequest(
                  method,
                  "/" + bucket + "/" + key,
                  query,
                  headers,
                  scope,
                  AwsRequestBody.read(new ByteArrayInputStream(content))));
      String text = reply.text();
      if (!reply.isSuccess()) {
        Matcher code = CODE.matcher(text);
        throw new AwsErrorException(code.find() ? code.group(1) : "Failure", text);
      }
      return text;
    }
  }

  private static byte[] zipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String md5(byte[] content) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
