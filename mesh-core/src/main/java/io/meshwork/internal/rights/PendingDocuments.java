package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The documents of a source with pending writes. Reads each document once, so that all comparisons
 * see the same state. Thread-safe.
 */
final class PendingDocuments implements DocumentSource {
  /**
   * The version of a pending document. No attempt has this ID, so a commit that checks it fails.
   */
  private static final String NEVER_WRITTEN = "never-written";

  private final DocumentSource source;
  private final Map<Key, Optional<ObjectNode>> written;
  private final Map<Key, Optional<VersionedDocument>> read = new ConcurrentHashMap<>();
  private final Map<Key, List<VersionedDocument>> listed = new ConcurrentHashMap<>();
  private final Map<GrantLists.ListKey, GrantList> grants = new ConcurrentHashMap<>();

  PendingDocuments(DocumentSource source, Map<Key, Optional<ObjectNode>> written) {
    this.source = source;
    this.written = Map.copyOf(written);
  }

  @Override
  public Optional<VersionedDocument> read(Key key) {
    Optional<VersionedDocument> existing = read.computeIfAbsent(key, source::read);
    return written.containsKey(key) ? pending(key, existing) : existing;
  }

  private Optional<VersionedDocument> pending(Key key, Optional<VersionedDocument> existing) {
    String version = existing.map(VersionedDocument::version).orElse(NEVER_WRITTEN);
    return written
        .getOrDefault(key, Optional.empty())
        .map(
            json ->
                new VersionedDocument(key, DocumentJson.create().setAll(json.deepCopy()), version));
  }

  @Override
  public List<VersionedDocument> list(String partition, String sortPrefix) {
    return listed.computeIfAbsent(
        new Key(partition, sortPrefix), prefix -> listWithPending(partition, sortPrefix));
  }

  private List<VersionedDocument> listWithPending(String partition, String sortPrefix) {
    Map<String, VersionedDocument> bySort = new TreeMap<>();
    for (VersionedDocument stored : source.list(partition, sortPrefix)) {
      bySort.put(stored.key().sort(), stored);
    }
    written.forEach(
        (key, json) -> {
          if (key.partition().equals(partition) && key.sort().startsWith(sortPrefix)) {
            Optional<VersionedDocument> existing = Optional.ofNullable(bySort.remove(key.sort()));
            pending(key, existing).ifPresent(stored -> bySort.put(key.sort(), stored));
          }
        });
    return new ArrayList<>(bySort.values());
  }

  @Override
  public Optional<Key> knownGrant(Key policy, String sort) {
    return source.knownGrant(policy, sort);
  }

  @Override
  public GrantList grants(GrantLists.ListKey list, Optional<VersionedDocument> policy) {
    return grants.computeIfAbsent(list, each -> grantsWithPending(each, policy));
  }

  private GrantList grantsWithPending(GrantLists.ListKey list, Optional<VersionedDocument> policy) {
    Map<String, Optional<VersionedDocument>> pending = new HashMap<>();
    written
        .keySet()
        .forEach(
            key -> {
              if (list.holds(key)) {
                pending.put(key.sort(), pending(key, Optional.empty()));
              }
            });
    return source.grants(list, policy).with(pending);
  }
}
