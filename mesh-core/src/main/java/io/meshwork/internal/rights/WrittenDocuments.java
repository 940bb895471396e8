package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The documents of a source with pending writes. Reads each document once, so that all comparisons
 * see the same state. Thread-safe.
 */
final class WrittenDocuments implements DocumentSource {
  /** No attempt has this id: a change that depends on a pending write fails. */
  private static final String NEVER_WRITTEN = "never-written";

  private final DocumentSource beneath;
  private final Map<Key, Optional<ObjectNode>> written;
  private final Map<Key, Optional<VersionedDocument>> read = new ConcurrentHashMap<>();
  private final Map<Key, List<VersionedDocument>> listed = new ConcurrentHashMap<>();

  WrittenDocuments(DocumentSource beneath, Map<Key, Optional<ObjectNode>> written) {
    this.beneath = beneath;
    this.written = Map.copyOf(written);
  }

  @Override
  public Optional<VersionedDocument> read(Key key) {
    Optional<VersionedDocument> there = read.computeIfAbsent(key, beneath::read);
    return written.containsKey(key) ? pending(key, there) : there;
  }

  private Optional<VersionedDocument> pending(Key key, Optional<VersionedDocument> there) {
    String version = there.map(VersionedDocument::version).orElse(NEVER_WRITTEN);
    return written
        .getOrDefault(key, Optional.empty())
        .map(
            json ->
                new VersionedDocument(key, DocumentJson.create().setAll(json.deepCopy()), version));
  }

  @Override
  public List<VersionedDocument> list(String partition, String sortPrefix) {
    return listed.computeIfAbsent(
        new Key(partition, sortPrefix), prefix -> listedNow(partition, sortPrefix));
  }

  private List<VersionedDocument> listedNow(String partition, String sortPrefix) {
    Map<String, VersionedDocument> bySort = new TreeMap<>();
    for (VersionedDocument stored : beneath.list(partition, sortPrefix)) {
      bySort.put(stored.key().sort(), stored);
    }
    written.forEach(
        (key, json) -> {
          if (key.partition().equals(partition) && key.sort().startsWith(sortPrefix)) {
            Optional<VersionedDocument> there = Optional.ofNullable(bySort.remove(key.sort()));
            pending(key, there).ifPresent(stored -> bySort.put(key.sort(), stored));
          }
        });
    return new ArrayList<>(bySort.values());
  }
}
