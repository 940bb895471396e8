package io.meshwork.cli.internal.shell;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a verb prints: a JSON document, and the same as lines of text.
 *
 * @param document the document, with its {@code format}
 * @param lines the text; of a change, what standard error says
 * @param change true if the mesh was changed: the document is then one line of standard output,
 *     whatever the options
 * @param exitCode 0 or one of {@code ExitCode}
 */
public record VerbAnswer(ObjectNode document, List<String> lines, boolean change, int exitCode) {
  public static VerbAnswer question(ObjectNode document, List<String> lines) {
    return new VerbAnswer(document, lines, false, 0);
  }

  public static VerbAnswer change(ObjectNode document, String... lines) {
    return new VerbAnswer(document, List.of(lines), true, 0);
  }

  public VerbAnswer exiting(int code) {
    return new VerbAnswer(document, lines, change, code);
  }

  /** Returns an empty object, as a part of a document. */
  public static ObjectNode newNode() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Returns a document of format 1. */
  public static ObjectNode newDocument() {
    return newNode().put("format", 1);
  }

  /** Returns the document of a change, with its status, such as {@code granted}. */
  public static ObjectNode newDocument(String status) {
    return newDocument().put("status", status);
  }
}
