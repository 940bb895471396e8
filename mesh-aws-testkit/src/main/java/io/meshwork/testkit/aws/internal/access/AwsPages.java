package io.meshwork.testkit.aws.internal.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Replies in pages. A token is the number of elements before its page; it is not readable, so that
 * no caller depends on it.
 *
 * @param names the names of the fields of requests and replies
 * @param most the largest number of elements in a page, also by default
 */
public record AwsPages(Names names, int most) {
  /** How a service writes its fields. */
  public enum Names {
    UPPER("MaxResults", "NextToken"),
    LOWER("maxResults", "nextToken");

    private final String limit;
    private final String token;

    Names(String limit, String token) {
      this.limit = limit;
      this.token = token;
    }
  }

  public static AwsPages glue(int most) {
    return new AwsPages(Names.UPPER, most);
  }

  /** Returns a reply with the page of the elements for which a request asks. */
  public ObjectNode page(JsonNode request, String list, List<? extends JsonNode> elements) {
    int limit = request.path(names.limit).asInt(most);
    if (limit < 1 || limit > most) {
      throw invalid(names.limit + " is from 1 to " + most + "; the request has " + limit + ".");
    }
    int start = start(request.path(names.token).asText(""), elements.size());
    int end = Math.min(elements.size(), start + limit);
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    ArrayNode page = reply.putArray(list);
    elements.subList(start, end).forEach(page::add);
    if (end < elements.size()) {
      byte[] token = ("from " + end).getBytes(StandardCharsets.UTF_8);
      reply.put(names.token, Base64.getEncoder().encodeToString(token));
    }
    return reply;
  }

  private int start(String token, int size) {
    if (token.isEmpty()) {
      return 0;
    }
    try {
      String text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
      return Math.min(size, Integer.parseInt(text.substring("from ".length())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw invalid("The token of the next page is not valid.");
    }
  }

  private AwsErrorException invalid(String message) {
    return names == Names.UPPER
        ? AwsErrorException.invalidInput(message)
        : new AwsErrorException("InvalidParameterException", message);
  }
}
