package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.cli.internal.shell.JsonFields;

/** An authorization as JSON. */
final class AuthorizationDocument {
  private AuthorizationDocument() {}

  static ObjectNode put(ObjectNode node, AuthorizationSummary authorization) {
    node.put("authorization", authorization.id()).put("on", authorization.on());
    node.set("executors", JsonFields.array(authorization.executors()));
    node.set("consumers", JsonFields.array(authorization.consumers()));
    node.set("permissions", JsonFields.array(authorization.permissions()));
    node.set("columns", JsonFields.array(authorization.columns()));
    node.set("exceptColumns", JsonFields.array(authorization.exceptColumns()));
    JsonFields.put(node, "rows", authorization.rows());
    JsonFields.put(node, "request", authorization.request());
    JsonFields.put(node, "until", authorization.until());
    return node.put("because", authorization.because());
  }
}
