package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The document hashes in a log: each entry has the sort keys of the documents that were written
 * with it and the hashes of their content, so that the chain proves every document.
 */
final class DocumentHashes {
  /** The field of an entry with the hashes. */
  static final String FIELD = "documents";

  /** The value for a deleted document. */
  static final String ABSENT = "deleted";

  /** The value for a document that is not a JSON object; entries never have it. */
  static final String INVALID = "garbage";

  private final Map<String, String> latest = new HashMap<>();

  /** The hashes for the entries of a transaction, by partition; see {@link UnloggedDocuments}. */
  static Map<String, ObjectNode> byPartition(List<Action> actions) {
    Map<String, ObjectNode> written = new TreeMap<>();
    for (Action action : actions) {
      // The registry itself writes and deletes the rows of attempts.
      if (action.kind() != Kind.CHECK
          && !UnloggedDocuments.isUnlogged(action.key().sort())
          && !action.key().sort().startsWith(Registry.ATTEMPT_PREFIX)) {
        String json = action.json();
        written
            .computeIfAbsent(
                action.key().partition(), absent -> JsonNodeFactory.instance.objectNode())
            .put(action.key().sort(), json == null ? ABSENT : hash(json));
      }
    }
    return written;
  }

  /** The hash of a document's content, independent of its format and the order of its fields. */
  static String hash(String json) {
    try {
      return DocumentJson.hash(DocumentJson.parseObject("document", json));
    } catch (BackendException e) {
      return INVALID;
    }
  }

  /** The hash of a document that was read; {@link #ABSENT} if it does not exist. */
  static String hash(Optional<Registry.Document> document) {
    return document.map(stored -> hash(stored.json())).orElse(ABSENT);
  }

  /** Adds an entry; entries are added in their order. */
  void add(ObjectNode entry) {
    for (Map.Entry<String, JsonNode> document : entry.path(FIELD).properties()) {
      latest.put(document.getKey(), document.getValue().asText());
    }
  }

  /** The hash in the last entry that has the document; {@link #ABSENT} if none has it. */
  String latest(String sort) {
    return latest.getOrDefault(sort, ABSENT);
  }

  /** True if an entry has the document. */
  boolean contains(String sort) {
    return latest.containsKey(sort);
  }

  /** All documents in the entries. */
  Set<String> documents() {
    return latest.keySet();
  }
}
