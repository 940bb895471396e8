package io.meshwork.cli.internal.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.request.AccessRequest;

/** A request for access as JSON. */
final class RequestDocument {
  private RequestDocument() {}

  /** Returns what {@code approve} and {@code deny} take. */
  static String handle(AccessRequest request) {
    return request.id() + "@" + request.revision();
  }

  static ObjectNode put(ObjectNode node, AccessRequest request) {
    node.put("request", handle(request))
        .put("product", request.product().toString())
        .put("state", request.state().name())
        .put("domain", request.domain())
        .put("requester", request.requester().toString())
        .put("purpose", request.purpose())
        .put("risk", request.risk().name())
        .put("askedAt", JsonFields.time(request.askedAt()))
        .put("approvalsMissing", request.approvalsMissing());
    node.set("columns", JsonFields.array(request.columns()));
    JsonFields.put(node, "rows", request.rows());
    JsonFields.put(node, "until", request.until());
    JsonFields.put(node, "question", request.question());
    JsonFields.put(node, "answer", request.answer());
    JsonFields.put(node, "reason", request.because());
    return node;
  }
}
