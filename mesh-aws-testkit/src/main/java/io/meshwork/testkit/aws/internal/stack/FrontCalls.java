package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Requests to the emulator as the owner of an access key, so that its rights, faults, and records
 * apply.
 *
 * @param endpoint the front of the emulator
 * @param region the region that requests are signed for
 * @param accessKey who sends them
 * @param isOfService true if CloudFormation sends them for its caller, so that they do not end with
 *     the caller's process
 */
record FrontCalls(URI endpoint, String region, String accessKey, boolean isOfService) {
  private static final Pattern CODE = Pattern.compile("<Code>([^<]*)</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");

  /** Sends a request to a service that takes parameters as a form; returns the XML. */
  String form(String service, String action, Map<String, String> parameters) throws IOException {
    Map<String, String> form = new TreeMap<>(parameters);
    form.put("Action", action);
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        service, "POST", "/", Map.of("Content-Type", "application/x-www-form-urlencoded"), body);
  }

  /** Sends a request to DynamoDB. */
  JsonNode dynamoDb(String operation, JsonNode request) throws IOException {
    return json("dynamodb", "DynamoDB_20120810." + operation, request);
  }

  /**
   * Sends a request to a service that takes JSON.
   *
   * @param target such as {@code AWSEvents.PutRule}
   */
  JsonNode json(String service, String target, JsonNode request) throws IOException {
    return AwsReply.JSON.readTree(
        send(
            service,
            "POST",
            "/",
            Map.of("Content-Type", "application/x-amz-json-1.0", "X-Amz-Target", target),
            request.toString()));
  }

  /** Sends a request to S3. */
  String s3(String method, String path, String body) throws IOException {
    return send("s3", method, path, Map.of("x-amz-content-sha256", "UNSIGNED-PAYLOAD"), body);
  }

  /**
   * Sends a request.
   *
   * @throws AwsErrorException if the service returns an error
   */
  private String send(
      String service, String method, String path, Map<String, String> headers, String body)
      throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(endpoint + path).toURL().openConnection();
    connection.setRequestMethod(method);
    headers.forEach(connection::setRequestProperty);
    connection.setRequestProperty(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + accessKey
            + "/20200101/"
            + region
            + "/"
            + service
            + "/aws4_request, SignedHeaders=host, Signature=0");
    if (isOfService) {
      connection.setRequestProperty(AwsRequest.OF_SERVICE, "true");
    }
    if (!method.equals("GET")) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(bytes.length);
      try (OutputStream output = connection.getOutputStream()) {
        output.write(bytes);
      }
    }
    boolean isError = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    String text;
    try (InputStream reply = isError ? connection.getErrorStream() : connection.getInputStream()) {
      text = reply == null ? "" : new String(reply.readAllBytes(), StandardCharsets.UTF_8);
    }
    if (isError) {
      throw error(text);
    }
    return text;
  }

  private static AwsErrorException error(String text) throws IOException {
    if (text.startsWith("{")) {
      JsonNode error = AwsReply.JSON.readTree(text);
      String code = error.path("__type").asText();
      return new AwsErrorException(
          code.substring(code.lastIndexOf('#') + 1),
          error.path("message").asText(error.path("Message").asText()));
    }
    Matcher code = CODE.matcher(text);
    Matcher message = MESSAGE.matcher(text);
    return new AwsErrorException(
        code.find() ? code.group(1) : "InternalFailure", message.find() ? message.group(1) : text);
  }
}
