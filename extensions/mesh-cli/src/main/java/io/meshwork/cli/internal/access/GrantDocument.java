package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.cli.internal.shell.JsonFields;
import java.util.List;

/** Grants as JSON and as lines. */
final class GrantDocument {
  private GrantDocument() {}

  static ArrayNode of(List<GrantSummary> grants) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (GrantSummary grant : grants) {
      ObjectNode node =
          array.addObject().put("id", grant.id()).put("on", grant.on()).put("to", grant.to());
      node.set("permissions", JsonFields.array(grant.permissions()));
      node.set("columns", JsonFields.array(grant.columns()));
      node.set("exceptColumns", JsonFields.array(grant.exceptColumns()));
      JsonFields.put(node, "rows", grant.rows());
      JsonFields.put(node, "until", grant.until());
      node.put("because", grant.because());
    }
    return array;
  }

  static String[] lines(String verb, List<GrantSummary> grants) {
    return grants.stream()
        .map(grant -> verb + " " + grant.id() + ": " + grant.on() + " to " + grant.to())
        .toArray(String[]::new);
  }
}
