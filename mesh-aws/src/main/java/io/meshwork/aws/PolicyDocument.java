package io.meshwork.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.List;

/** The text of a policy, within the size that AWS accepts for its kind. */
enum PolicyDocument {
  /** A policy of a role; the size is a managed policy's, and inline ones may be larger. */
  IDENTITY("the policy of a role", 6_144, false),

  /** Who may assume a role; the size is AWS's default quota. */
  TRUST("the trust policy of a role", 2_048, false),

  /** The policy of an event bus or a queue; the size is what EventBridge accepts. */
  EVENT_BUS("the policy of an event bus", 10_240, false),

  /** The policy of a bucket; S3 counts white space. */
  BUCKET("the policy of a bucket", 20_480, true),

  /** What the accounts of an organization may not do; white space counts. */
  SERVICE_CONTROL("the service control policy", 5_120, true);

  /** What to do about too many kinds or readers. */
  static final String DIVIDE = "Divide the kinds or the readers among several roles.";

  private static final String VERSION = "2012-10-17";
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ObjectWriter WRITER =
      JSON.writer(
          new DefaultPrettyPrinter()
              .withSeparators(
                  Separators.createDefaultInstance()
                      .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
              .withObjectIndenter(INDENT)
              .withArrayIndenter(INDENT));

  private final String label;
  private final int maxSize;
  private final boolean countsSpace;

  PolicyDocument(String label, int maxSize, boolean countsSpace) {
    this.label = label;
    this.maxSize = maxSize;
    this.countsSpace = countsSpace;
  }

  /**
   * Returns the text of a policy.
   *
   * @throws InvalidRequestException CONFIG_INVALID if it is larger than AWS accepts
   */
  String text(List<PolicyStatement> statements) {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Version", VERSION);
    ArrayNode list = policy.putArray("Statement");
    statements.forEach(statement -> list.add(statement.json()));
    String text = written(policy);
    int size = countsSpace ? text.length() : policy.toString().length();
    if (size > maxSize) {
      throw tooLarge(label, size, maxSize, fix());
    }
    return text;
  }

  private String fix() {
    return switch (this) {
      case SERVICE_CONTROL ->
          "Name fewer administrators, by a pattern such as arn:aws:iam::*:role/platform-*.";
      case EVENT_BUS -> "Name the organization of the accounts in place of each account.";
      default -> DIVIDE;
    };
  }

  /** Returns the exception for a string that is larger than AWS accepts. */
  static InvalidRequestException tooLarge(String label, int size, int maxSize, String fix) {
    return Failure.of(MeshAction.of(Verb.WRITE, label))
        .because("it has " + size + " characters, and AWS accepts " + maxSize)
        .fix(fix)
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  /** Returns a document with line breaks, as people read it. */
  static String written(JsonNode document) {
    try {
      return WRITER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A document of strings cannot be written", e);
    }
  }

  /** Returns the document of a policy that this class wrote. */
  static JsonNode parsed(String policy) {
    try {
      return JSON.readTree(policy);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A policy that was written cannot be read", e);
    }
  }
}
