package io.meshwork.testkit.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI services;
  private final URI dynamoDb;

  AwsServerClient(URI services, URI dynamoDb) {
    this.services = services;
    this.dynamoDb = dynamoDb;
  }

  /**
   * Sends a request and returns the reply, with a body that streams.
   *
   * @param rawQuery the query as sent, or null
   */
  AwsReply send(AwsRequest request, @Nullable String rawQuery, String account)
      throws IOException, InterruptedException {
    boolean isDynamoDb = request.scope().service().equals("dynamodb");
    URI server = isDynamoDb ? dynamoDb : services;
    HttpRequest.Builder forwarded =
        HttpRequest.newBuilder(
            URI.create(server + request.path() + (rawQuery == null ? "" : "?" + rawQuery)));
    forwarded.method(request.method(), request.body().publisher());
    String key = isDynamoDb ? AwsAccounts.tablesKey(account) : account;
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> forwarded.header(name, signedFor(key, value)));
              }
            });
    if (!isDynamoDb) {
      forwarded.header("x-moto-account-id", account);
    }
    HttpResponse<InputStream> response =
        client.send(forwarded.build(), BodyHandlers.ofInputStream());
    Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
    headers.keySet().removeIf(name -> OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT)));
    return new AwsReply(
        response.statusCode(),
        headers,
        response.headers().firstValueAsLong("content-length").orElse(-1),
        response.body());
  }

  /** Returns the partition key of a table of DynamoDB; null if the table does not exist. */
  @Nullable String partitionKey(String account, String region, String table)
      throws IOException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    HttpRequest request =
        HttpRequest.newBuilder(dynamoDb)
            .header("X-Amz-Target", "DynamoDB_20120810.DescribeTable")
            .header("Content-Type", "application/x-amz-json-1.0")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + AwsAccounts.tablesKey(account)
                    + "/20200101/"
                    + region
                    + "/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
            .POST(
                BodyPublishers.ofString(json.createObjectNode().put("TableName", table).toString()))
            .build();
    String reply = client.send(request, BodyHandlers.ofString()).body();
    for (JsonNode key : json.readTree(reply).path("Table").path("KeySchema")) {
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
  ObjectNode glue(CatalogKey catalog, String operation, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(services)
            .header("X-Amz-Target", "AWSGlue." + operation)
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("x-moto-account-id", catalog.account())
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + catalog.account()
                    + "/20200101/"
                    + catalog.region()
                    + "/glue/aws4_request, SignedHeaders=host, Signature=0")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    String text = response.body().isEmpty() ? "{}" : response.body();
    JsonNode reply = new ObjectMapper().readTree(text);
    if (response.statusCode() != 200 || !(reply instanceof ObjectNode object)) {
      throw new AwsErrorException(
          reply.path("__type").asText("InternalServiceException"),
          reply.path("message").asText(response.body()));
    }
    return object;
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
