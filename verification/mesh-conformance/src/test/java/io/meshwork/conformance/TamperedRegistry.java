package io.meshwork.conformance;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A registry in which somebody wrote past the SDK.
 *
 * @param real what there was
 * @param partition where somebody wrote
 * @param now what is there instead, by sort key
 */
record TamperedRegistry(Registry real, String partition, SortedMap<String, String> now)
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

  /** Versions stay where they were, as somebody who is careful would leave them. */
  private Document document(String sort, String json) {
    Key key = new Key(partition, sort);
    return new Document(key, json, real.read(key).map(Document::version).orElse("somebody"));
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
