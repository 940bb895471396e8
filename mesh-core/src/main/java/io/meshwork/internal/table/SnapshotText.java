package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as the pointer of a table of many snapshots has it, so that a product can be described
 * without the metadata file, which has all of them. It is text, because not every JSON parser
 * preserves 64-bit numbers, and names no file. Stateless.
 */
final class SnapshotText {
  private static final String MANIFESTS = "manifest-list";

  private SnapshotText() {}

  /** Returns the text of a snapshot whose properties are complete; empty for any other. */
  static Optional<String> of(@Nullable Snapshot snapshot) {
    if (snapshot == null || !snapshot.summary().containsKey(BrokenRules.PROPERTY)) {
      return Optional.empty();
    }
    ObjectNode json =
        DocumentJson.parseObject("table metadata", SnapshotParser.toJson(snapshot, false));
    json.remove(MANIFESTS);
    return Optional.of(DocumentJson.write(json));
  }

  /** Parses a snapshot, without files; empty if the string is damaged. */
  static Optional<Snapshot> parse(String text) {
    try {
      ObjectNode json = DocumentJson.parseObject("table metadata", text);
      return Optional.of(SnapshotParser.fromJson(DocumentJson.write(json.put(MANIFESTS, ""))));
    } catch (RuntimeException e) {
      return Optional.empty(); // doctor compares it with the metadata file, and reports it
    }
  }
}
