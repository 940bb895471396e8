package io.meshwork.internal.conformance.events;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * A registry with documents that were not written through the SDK.
 *
 * @param real the original registry
 * @param partition the changed partition
 * @param now the documents of that partition, by sort key
 */
public record TamperedRegistry(Registry real, String partition, SortedMap<String, String> now)
    implements Registry {
  @Override
  public Optional<Document> read(Key key) {
    if (!key.partition().equals(partition)) {
      return real.read(key);
    }
    return Optional.ofNullable(now.get(key.sort())).map(json -> document(key.sort(), json));
  }

  @Override
  public Page list(String asked, String sortPrefix, @Nullable String cursor) {
    if (!asked.equals(partition)) {
      return real.list(asked, sortPrefix, cursor);
    }
    List<Document> documents =
        now.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(sortPrefix))
            .map(entry -> document(entry.getKey(), entry.getValue()))
            .toList();
    return new Page(documents, null);
  }

  /** Keeps the versions, as a careful attacker would. */
  private Document document(String sort, String json) {
    Key key = new Key(partition, sort);
    return new Document(key, json, real.read(key).map(Document::version).orElse("somebody"));
  }

  @Override
  public SortedSet<String> partitions() {
    return real.partitions();
  }

  @Override
  public Outcome commit(Transaction transaction) {
    return real.commit(transaction);
  }

  @Override
  public Outcome resolve(String asked, String attemptId) {
    return real.resolve(asked, attemptId);
  }

  @Override
  public void close() {
    real.close();
  }
}
