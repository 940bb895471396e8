package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Documents as they would be if some were written that are not. Reads nothing twice, so that what
 * is compared is compared with the same. Thread-safe.
 */
final class WrittenDocuments implements DocumentSource {
  /** No attempt has it, so that a change that rests on what was never written fails. */
  private static final String NEVER_WRITTEN = "never-written";

  private final DocumentSource beneath;
  private final Map<Key, Optional<ObjectNode>> written;
  private final Map<Key, Optional<Stored>> read = new ConcurrentHashMap<>();
  private final Map<Key, List<Stored>> listed = new ConcurrentHashMap<>();

  WrittenDocuments(DocumentSource beneath, Map<Key, Optional<ObjectNode>> written) {
    this.beneath = beneath;
    this.written = Map.copyOf(written);
  }

  @Override
  public Optional<Stored> read(Key key) {
    Optional<Stored> there = read.computeIfAbsent(key, beneath::read);
    return written.containsKey(key) ? pending(key, there) : there;
  }

  private Optional<Stored> pending(Key key, Optional<Stored> there) {
    String version = there.map(Stored::version).orElse(NEVER_WRITTEN);
    return written
        .getOrDefault(key, Optional.empty())
        .map(json -> new Stored(key, Documents.create().setAll(json.deepCopy()), version));
  }

  @Override
  public List<Stored> list(String partition, String sortPrefix) {
    return listed.computeIfAbsent(
        new Key(partition, sortPrefix), prefix -> listedNow(partition, sortPrefix));
  }

  private List<Stored> listedNow(String partition, String sortPrefix) {
    Map<String, Stored> bySort = new TreeMap<>();
    for (Stored stored : beneath.list(partition, sortPrefix)) {
      bySort.put(stored.key().sort(), stored);
    }
    written.forEach(
        (key, json) -> {
          if (key.partition().equals(partition) && key.sort().startsWith(sortPrefix)) {
            Optional<Stored> there = Optional.ofNullable(bySort.remove(key.sort()));
            pending(key, there).ifPresent(stored -> bySort.put(key.sort(), stored));
          }
        });
    return new ArrayList<>(bySort.values());
  }
}
