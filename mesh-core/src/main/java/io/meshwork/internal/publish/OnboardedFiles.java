package io.meshwork.internal.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The files of other programs that a table ever registered. The record is kept longer than
 * snapshots and has only hashes of locations: a file whose rows were replaced or erased later is
 * never registered again. Immutable.
 */
final class OnboardedFiles {
  private static final String PREFIX = "onboarded/";
  private static final String FILES = "files";
  private static final int MAX_PER_DOCUMENT = 5_000;
  private static final int HASH_CHARS = 32;

  private final Set<String> hashes;

  private OnboardedFiles(Set<String> hashes) {
    this.hashes = hashes;
  }

  /** Records the files of one registration in its transaction. */
  static void record(
      CommitDraft<?> draft, TableName table, String publishId, List<String> locations) {
    for (int from = 0; from < locations.size(); from += MAX_PER_DOCUMENT) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("format", 1).put("publishId", publishId);
      ArrayNode files = document.putArray(FILES);
      locations
          .subList(from, Math.min(locations.size(), from + MAX_PER_DOCUMENT))
          .forEach(location -> files.add(hash(location)));
      draft.insert(
          new Key(table.partition(), prefix(table) + publishId + "-" + from / MAX_PER_DOCUMENT),
          document);
    }
  }

  /** The recorded files of a table. */
  static OnboardedFiles of(Ledger ledger, TableName table) {
    Set<String> hashes = new HashSet<>();
    for (VersionedDocument document : ledger.list(table.partition(), prefix(table))) {
      for (JsonNode hash : document.json().path(FILES)) {
        hashes.add(hash.asText());
      }
    }
    return new OnboardedFiles(hashes);
  }

  /** True if a file was registered, even if the table does not have it any longer. */
  boolean contains(String location) {
    return !hashes.isEmpty() && hashes.contains(hash(location));
  }

  private static String prefix(TableName table) {
    return PREFIX + table.table() + "/";
  }

  private static String hash(String location) {
    return RegistryKeys.sha256(location).substring(0, HASH_CHARS);
  }
}
