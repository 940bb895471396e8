package io.meshwork.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sends requests to the servers behind the front, for the account of their caller. Thread-safe. */
final class AwsServerClient {
  /** Headers of one connection, which the next one sets itself. */
  private static final Set<String> OF_A_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "date",
          "expect",
          "host",
          "keep-alive",
          "transfer-encoding",
          "upgrade");

  private final ServerConnections services;
  private final ServerConnections dynamoDb;

  AwsServerClient(URI services, URI dynamoDb) {
    this.services = new ServerConnections(services);
    this.dynamoDb = new ServerConnections(dynamoDb);
  }

  /**
   * Sends a request and returns the reply, with a body that streams.
   *
   * @param rawQuery the query as sent, or null
   */
  AwsReply send(AwsRequest request, @Nullable String rawQuery, String account) throws IOException {
    boolean isDynamoDb = request.scope().service().equals("dynamodb");
    String key = isDynamoDb ? AwsAccounts.tablesKey(account) : account;
    Map<String, List<String>> headers = new TreeMap<>();
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values.stream().map(value -> signedFor(key, value)).toList());
              }
            });
    if (!isDynamoDb) {
      headers.put("x-moto-account-id", List.of(account));
    }
    AwsReply reply =
        (isDynamoDb ? dynamoDb : services)
            .send(
                request.method(),
                request.path() + (rawQuery == null ? "" : "?" + rawQuery),
                headers,
                request.body());
    OF_A_CONNECTION.forEach(reply.headers()::remove);
    return reply;
  }

  /** Returns the partition key of a table of DynamoDB; null if the table does not exist. */
  @Nullable String partitionKey(String account, String region, String table) throws IOException {
    JsonNode reply =
        json(
            call(
                dynamoDb,
                "DynamoDB_20120810.DescribeTable",
                new AwsRequest.Scope(AwsAccounts.tablesKey(account), region, "dynamodb"),
                new ObjectMapper().createObjectNode().put("TableName", table)));
    for (JsonNode key : reply.path("Table").path("KeySchema")) {
      if (key.path("KeyType").asText().equals("HASH")) {
        return key.path("AttributeName").asText();
      }
    }
    return null;
  }

  /**
   * Calls Glue for an account.
   *
   * @throws AwsErrorException if Glue returns an error
   */
  ObjectNode glue(CatalogKey catalog, String operation, JsonNode body) throws IOException {
    AwsReply reply =
        call(
            services,
            "AWSGlue." + operation,
            new AwsRequest.Scope(catalog.account(), catalog.region(), "glue"),
            body);
    JsonNode json = json(reply);
    if (!reply.isSuccess() || !(json instanceof ObjectNode object)) {
      throw new AwsErrorException(
          json.path("__type").asText("InternalServiceException"),
          json.path("message").asText(json.toString()));
    }
    return object;
  }

  private static AwsReply call(
      ServerConnections server, String target, AwsRequest.Scope scope, JsonNode request)
      throws IOException {
    Map<String, List<String>> headers = new TreeMap<>();
    headers.put("X-Amz-Target", List.of(target));
    headers.put("Content-Type", List.of("application/x-amz-json-1.1"));
    headers.put("x-moto-account-id", List.of(scope.accessKey()));
    headers.put(
        "Authorization",
        List.of(
            "AWS4-HMAC-SHA256 Credential="
                + scope.accessKey()
                + "/20200101/"
                + scope.region()
                + "/"
                + scope.service()
                + "/aws4_request, SignedHeaders=host, Signature=0"));
    byte[] json = request.toString().getBytes(StandardCharsets.UTF_8);
    try (AwsRequestBody body = AwsRequestBody.read(new ByteArrayInputStream(json))) {
      return server.send("POST", "/", headers, body);
    }
  }

  private static JsonNode json(AwsReply reply) throws IOException {
    String text = reply.text();
    return new ObjectMapper().readTree(text.isEmpty() ? "{}" : text);
  }

  /**
   * Returns a header with another access key. The servers do not verify signatures. DynamoDB Local
   * keeps tables by access key, and the other servers take the account from it.
   */
  private static String signedFor(String key, String header) {
    return header.startsWith("AWS4-HMAC-SHA256 ")
        ? header.replaceFirst("Credential=[^/]+/", "Credential=" + key + "/")
        : header;
  }
}
