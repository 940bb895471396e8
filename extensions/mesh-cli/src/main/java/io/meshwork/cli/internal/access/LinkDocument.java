package io.meshwork.cli.internal.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.TerminalText;
import io.meshwork.link.ResourceLink;

/** A link as JSON. */
final class LinkDocument {
  private LinkDocument() {}

  static ObjectNode put(ObjectNode node, ResourceLink link) {
    node.put("link", link.name())
        .put("target", link.target())
        .put("state", link.state().name())
        .put("readable", link.readable())
        .put("following", link.following());
    link.nameInGlue().ifPresent(name -> node.put("glue", name));
    link.major().ifPresent(major -> node.put("major", major));
    if (!link.missing().isEmpty()) {
      node.put("missing", TerminalText.of(link.missing()));
    }
    return node;
  }
}
