package io.meshwork.testkit.aws.internal.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the servers behind the front, for the account of their caller. Thread-safe.
 *
 * <p>It blocks the thread of its caller: {@code java.net.http} hands each request to other threads,
 * which doubles the time of a short one.
 */
public final class AwsServerClient {
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

  private static final Set<String> WITH_BODY = Set.of("POST", "PUT");

  private final URI services;
  private final URI dynamoDb;

  public AwsServerClient(URI services, URI dynamoDb) {
    this.services = services;
    this.dynamoDb = dynamoDb;
  }

  /**
   * Sends a request and returns the reply, with a body that streams.
   *
   * @param rawQuery the query as sent, or null
   */
  public AwsReply send(AwsRequest request, @Nullable String rawQuery, String account)
      throws IOException {
    boolean isDynamoDb = request.scope().service().equals("dynamodb");
    URI server = isDynamoDb ? dynamoDb : services;
    HttpURLConnection connection =
        open(
            URI.create(server + request.path() + (rawQuery == null ? "" : "?" + rawQuery)),
            request.method());
    String key = isDynamoDb ? AwsAccounts.tablesKey(account) : account;
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (!OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> connection.addRequestProperty(name, signedFor(key, value)));
              }
            });
    if (!isDynamoDb) {
      connection.setRequestProperty("x-moto-account-id", account);
    }
    if (request.body().length() > 0 || WITH_BODY.contains(request.method())) {
      try (InputStream body = request.body().open();
          OutputStream output = output(connection, request.body().length())) {
        body.transferTo(output);
      }
    }
    return reply(connection);
  }

  /** Returns the partition key of a table of DynamoDB; null if the table does not exist. */
  public @Nullable String partitionKey(String account, String region, String table)
      throws IOException {
    String body = AwsReply.JSON.createObjectNode().put("TableName", table).toString();
    String key = AwsAccounts.tablesKey(account);
    AwsReply reply =
        post(
            open(dynamoDb, "POST"),
            "dynamodb",
            "DynamoDB_20120810.DescribeTable",
            key,
            region,
            body);
    for (JsonNode element : AwsReply.JSON.readTree(reply.text()).path("Table").path("KeySchema")) {
      if (element.path("KeyType").asText().equals("HASH")) {
        return element.path("AttributeName").asText();
      }
    }
    return null;
  }

  /**
   * Calls Glue for an account.
   *
   * @throws AwsErrorException if Glue returns an error
   */
  public ObjectNode glue(CatalogKey catalog, String operation, JsonNode body) throws IOException {
    return json("glue", "AWSGlue." + operation, catalog.account(), catalog.region(), body);
  }

  /**
   * Calls an operation of a service with JSON for an account.
   *
   * @param target such as {@code AWSGlue.GetTable}
   * @throws AwsErrorException if the service returns an error
   */
  public ObjectNode json(
      String service, String target, String account, String region, JsonNode body)
      throws IOException {
    HttpURLConnection connection = open(services, "POST");
    connection.setRequestProperty("x-moto-account-id", account);
    AwsReply reply = post(connection, service, target, account, region, body.toString());
    String text = reply.text();
    JsonNode document = AwsReply.JSON.readTree(text.isEmpty() ? "{}" : text);
    if (reply.status() != 200 || !(document instanceof ObjectNode object)) {
      throw new AwsErrorException(
          document.path("__type").asText("InternalServiceException"),
          document.path("message").asText(text));
    }
    return object;
  }

  private static AwsReply post(
      HttpURLConnection connection,
      String service,
      String target,
      String key,
      String region,
      String body)
      throws IOException {
    connection.setRequestProperty("X-Amz-Target", target);
    connection.setRequestProperty("Content-Type", "application/x-amz-json-1.1");
    connection.setRequestProperty(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + key
            + "/20200101/"
            + region
            + "/"
            + service
            + "/aws4_request, SignedHeaders=host, Signature=0");
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (OutputStream output = output(connection, bytes.length)) {
      output.write(bytes);
    }
    return reply(connection);
  }

  /** Prepares a request, which uses an idle connection if one is left. */
  private static HttpURLConnection open(URI target, String method) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) target.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    return connection;
  }

  /** With a fixed length, a request with a body is never repeated. */
  private static OutputStream output(HttpURLConnection connection, long length) throws IOException {
    if (connection.getRequestProperty("Content-Type") == null) {
      connection.setRequestProperty("Content-Type", "application/octet-stream");
    }
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(length);
    return connection.getOutputStream();
  }

  private static AwsReply reply(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    InputStream body =
        status < HttpURLConnection.HTTP_BAD_REQUEST
            ? connection.getInputStream()
            : connection.getErrorStream();
    Map<String, List<String>> headers = new TreeMap<>();
    connection
        .getHeaderFields()
        .forEach(
            (name, values) -> {
              if (name != null && !OF_A_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values);
              }
            });
    return new AwsReply(
        status,
        headers,
        connection.getHeaderFieldLong("Content-Length", -1),
        body == null ? InputStream.nullInputStream() : body);
  }

  /**
   * Returns a header with another access key. The servers do not verify signatures. DynamoDB Local
   * stores tables by access key, and the other servers take the account from it.
   */
  private static String signedFor(String key, String header) {
    return header.startsWith("AWS4-HMAC-SHA256 ")
        ? header.replaceFirst("Credential=[^/]+/", "Credential=" + key + "/")
        : header;
  }
}
