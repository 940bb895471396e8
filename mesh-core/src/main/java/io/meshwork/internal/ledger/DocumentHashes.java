package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction.Action;
import io.meshwork.registry.Registry.Transaction.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a log says of the documents of its partition: each entry names those that were written with
 * it, by sort key, with the hash of their content. So every document can be proved by the chain.
 */
final class DocumentHashes {
  /** The field of an entry that holds them. */
  static final String FIELD = "documents";

  /** Stands for the hash of a document that is not there. */
  static final String ABSENT = "deleted";

  /** Stands for the hash of a document that is no JSON object; no entry ever says it. */
  static final String GARBAGE = "garbage";

  private final Map<String, String> latest = new HashMap<>();
  private final Set<String> silent = new HashSet<>();

  /** What the entries of a transaction are to say, by partition; see {@link UnloggedDocuments}. */
  static Map<String, ObjectNode> byPartition(List<Action> actions) {
    Map<String, ObjectNode> written = new TreeMap<>();
    for (Action action : actions) {
      // Rows of attempts are the registry's own: no entry tells that they come or go.
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

  /** The hash of a document's content, whatever its format and the order of its fields. */
  static String hash(String json) {
    try {
      return DocumentJson.hash(DocumentJson.parseObject("document", json));
    } catch (BackendException e) {
      return GARBAGE;
    }
  }

  /** The same for what was read, which may be nothing. */
  static String hash(Optional<Registry.Document> document) {
    return document.map(found -> hash(found.json())).orElse(ABSENT);
  }

  /** Takes note of an entry, after all before it. */
  void add(ObjectNode entry) {
    JsonNode named = entry.path(FIELD);
    if (!named.isObject()) {
      silent.add(entry.path("attempt").asText());
    }
    for (Map.Entry<String, JsonNode> document : named.properties()) {
      latest.put(document.getKey(), document.getValue().asText());
    }
  }

  /** What the last entry that names the document says; {@link #ABSENT} if none does. */
  String latest(String sort) {
    return latest.getOrDefault(sort, ABSENT);
  }

  /** True if an entry names the document. */
  boolean name(String sort) {
    return latest.containsKey(sort);
  }

  /** All documents that were ever named. */
  Set<String> named() {
    return latest.keySet();
  }

  /** Attempts whose entries do not say what they wrote. */
  Set<String> silent() {
    return silent;
  }
}
