package io.meshwork.testkit.aws.internal.access;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The reply to a request.
 *
 * @param status the HTTP status
 * @param headers the HTTP headers, without the length
 * @param length the number of bytes of the body; negative if unknown
 * @param body the body, to be closed
 */
public record AwsReply(
    int status, Map<String, List<String>> headers, long length, InputStream body) {
  /** Reads and writes the documents of all services. */
  public static final ObjectMapper JSON = new ObjectMapper();

  /** Returns an error in the protocol of a service. */
  public static AwsReply error(String service, int status, String code, String message) {
    return switch (AwsProtocol.of(service)) {
      case S3 ->
          xml(
              status,
              "<Error><Code>"
                  + code
                  + "</Code><Message>"
                  + escaped(message)
                  + "</Message><RequestId>emulated</RequestId></Error>");
      case QUERY ->
          xml(
              status,
              "<ErrorResponse><Error><Type>"
                  + (status < 500 ? "Sender" : "Receiver")
                  + "</Type><Code>"
                  + code
                  + "</Code><Message>"
                  + escaped(message)
                  + "</Message></Error><RequestId>emulated</RequestId></ErrorResponse>");
      case JSON -> json(service, status, code, message);
    };
  }

  /** Returns this reply with another body. */
  public AwsReply withBody(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new AwsReply(status, headers, bytes.length, new ByteArrayInputStream(bytes));
  }

  /** Returns the reply to a change that returns nothing. */
  public static AwsReply noContent() {
    return of(204, "application/xml", "");
  }

  public static AwsReply json(String text) {
    return of(200, "application/json", text);
  }

  /** Returns the reply of S3 to a request to delete many objects, all of which failed. */
  public static AwsReply deleteErrors(List<String> keys, String code, String message) {
    StringBuilder errors = new StringBuilder();
    for (String key : keys) {
      errors
          .append("<Error><Key>")
          .append(escaped(key))
          .append("</Key><Code>")
          .append(code)
          .append("</Code><Message>")
          .append(escaped(message))
          .append("</Message></Error>");
    }
    return xml(200, "<DeleteResult>" + errors + "</DeleteResult>");
  }

  /** Reads and closes the body. */
  public String text() throws IOException {
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  private static AwsReply json(String service, int status, String code, String message) {
    String namespace = service.equals("dynamodb") ? "com.amazonaws.dynamodb.v20120810#" : "";
    ObjectNode error = JSON.createObjectNode();
    error.put("__type", namespace + code);
    error.put("message", message);
    return of(status, "application/x-amz-json-1.0", error.toString());
  }

  /** Returns a document in XML, without its first line. */
  public static AwsReply xml(int status, String text) {
    return of(status, "application/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text);
  }

  private static AwsReply of(int status, String type, String text) {
    return new AwsReply(
            status,
            Map.of(
                "Content-Type", List.of(type),
                "x-amzn-RequestId", List.of("emulated"),
                "x-amz-request-id", List.of("emulated")),
            0,
            InputStream.nullInputStream())
        .withBody(text);
  }

  public static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
