package io.meshwork.testkit.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsRequestBody;
import java.io.IOException;

/**
 * A batch of permissions whose first entry Lake Formation rejects, because another program changes
 * the same object. Used by one thread.
 */
final class PartialBatch {
  private static final String ENTRIES = "Entries";

  private final ObjectNode body;
  private final JsonNode rejected;

  private PartialBatch(ObjectNode body) {
    this.body = body;
    this.rejected = ((ArrayNode) body.path(ENTRIES)).remove(0);
  }

  /**
   * Reads a batch.
   *
   * @throws IOException if the request has no entries
   */
  static PartialBatch of(AwsRequest request) throws IOException {
    if (AwsReply.JSON.readTree(request.body().text()) instanceof ObjectNode body
        && body.path(ENTRIES) instanceof ArrayNode entries
        && !entries.isEmpty()) {
      return new PartialBatch(body);
    }
    throw new IOException("Only a batch of permissions has an entry that can fail.");
  }

  /** Returns true if the batch has other entries. */
  boolean hasOthers() {
    return !body.path(ENTRIES).isEmpty();
  }

  /** Returns the request with the other entries. */
  AwsRequest others(AwsRequest request) {
    return new AwsRequest(
        request.method(),
        request.path(),
        request.query(),
        request.headers(),
        request.scope(),
        AwsRequestBody.of(body.toString()));
  }

  /** Returns the reply if all other entries succeed. */
  AwsReply reply() {
    return withFailure(AwsReply.json("{}"), AwsReply.JSON.createObjectNode());
  }

  /** Returns the reply to the other entries with the failure of the first one. */
  AwsReply withFailure(AwsReply reply) throws IOException {
    String text = reply.text();
    return reply.status() == 200 && AwsReply.JSON.readTree(text) instanceof ObjectNode result
        ? withFailure(reply, result)
        : reply.withBody(text);
  }

  private AwsReply withFailure(AwsReply reply, ObjectNode result) {
    ObjectNode failure = result.withArray("Failures").addObject();
    failure.set("RequestEntry", rejected);
    failure
        .putObject("Error")
        .put("ErrorCode", "ConcurrentModificationException")
        .put("ErrorMessage", "Another program changes the permissions of the resource.");
    return reply.withBody(result.toString());
  }
}
