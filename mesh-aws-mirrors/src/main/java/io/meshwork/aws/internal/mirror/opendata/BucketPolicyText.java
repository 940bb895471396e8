package io.meshwork.aws.internal.mirror.opendata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The policy of a bucket, in which one statement is written or removed. The text of all other
 * statements and elements stays unchanged, with its spaces. Immutable.
 */
final class BucketPolicyText {
  /** The largest policy that S3 accepts, in bytes. */
  static final int MAX_SIZE = 20_480;

  private static final String START = "{\"Version\":\"2012-10-17\",\"Statement\":[";
  private static final String SID = "Sid";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String text;
  private final boolean isList;
  private final int listStart;
  private final List<PlacedStatement> statements;

  /** A statement, and where its text is. */
  private record PlacedStatement(String sid, int start, int end, JsonNode json) {}

  private BucketPolicyText(
      String text, boolean isList, int listStart, List<PlacedStatement> statements) {
    this.text = text;
    this.isList = isList;
    this.listStart = listStart;
    this.statements = List.copyOf(statements);
  }

  /** Returns the policy of a bucket that has none. */
  static BucketPolicyText empty() {
    return new BucketPolicyText(START + "]}", true, START.length(), List.of());
  }

  /**
   * Parses the text of a policy.
   *
   * @throws IOException if it is not the JSON of a policy
   */
  static BucketPolicyText parse(String text) throws IOException {
    try (JsonParser parser = new JsonFactory(JSON).createParser(text)) {
      requireStart(parser, JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isStatement = parser.currentName().equals("Statement");
        JsonToken value = parser.nextToken();
        if (isStatement) {
          return statements(parser, text, value == JsonToken.START_ARRAY);
        }
        parser.skipChildren();
      }
      throw new IOException("The policy has no statement");
    }
  }

  private static BucketPolicyText statements(JsonParser parser, String text, boolean isList)
      throws IOException {
    List<PlacedStatement> statements = new ArrayList<>();
    int listStart = offset(parser) + 1;
    if (!isList) {
      statements.add(statement(parser, text));
    }
    while (isList && parser.nextToken() != JsonToken.END_ARRAY) {
      statements.add(statement(parser, text));
    }
    return new BucketPolicyText(text, isList, listStart, statements);
  }

  private static PlacedStatement statement(JsonParser parser, String text) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException("A statement of the policy is not an object");
    }
    int start = offset(parser);
    parser.skipChildren();
    int end = (int) parser.currentLocation().getCharOffset();
    JsonNode json = JSON.readTree(text.substring(start, end));
    return new PlacedStatement(json.path(SID).asText(), start, end, json);
  }

  private static int offset(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private static void requireStart(JsonParser parser, JsonToken token) throws IOException {
    if (parser.nextToken() != token) {
      throw new IOException("The policy is not a JSON object");
    }
  }

  /** Returns the statement with this ID. */
  Optional<JsonNode> statement(String sid) {
    return find(sid).map(PlacedStatement::json);
  }

  private Optional<PlacedStatement> find(String sid) {
    return statements.stream().filter(statement -> statement.sid().equals(sid)).findFirst();
  }

  /** Returns the text with a statement, in the place of the one with the same ID or at the end. */
  String with(String sid, String statement) {
    Optional<PlacedStatement> old = find(sid);
    if (old.isPresent()) {
      return replaced(old.get().start(), old.get().end(), statement);
    }
    if (statements.isEmpty()) {
      return replaced(listStart, listStart, statement);
    }
    PlacedStatement last = statements.get(statements.size() - 1);
    if (isList) {
      return replaced(last.end(), last.end(), "," + statement);
    }
    String only = text.substring(last.start(), last.end());
    return replaced(last.start(), last.end(), "[" + only + "," + statement + "]");
  }

  /** Returns the text without the statement with this ID; empty if no other is left. */
  Optional<String> without(String sid) {
    Optional<PlacedStatement> old = find(sid);
    if (old.isEmpty()) {
      return Optional.of(text);
    }
    int index = statements.indexOf(old.get());
    if (statements.size() == 1) {
      return Optional.empty();
    }
    return Optional.of(
        index == 0
            ? replaced(old.get().start(), statements.get(1).start(), "")
            : replaced(statements.get(index - 1).end(), old.get().end(), ""));
  }

  private String replaced(int start, int end, String by) {
    return text.substring(0, start) + by + text.substring(end);
  }

  /** Returns the size of a policy as S3 counts it. */
  static int sizeOf(String policy) {
    return policy.getBytes(StandardCharsets.UTF_8).length;
  }
}
