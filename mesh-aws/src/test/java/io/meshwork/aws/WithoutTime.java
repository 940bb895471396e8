package io.meshwork.aws;

import io.meshwork.registry.Registry;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A registry without a time, so that tests may set the clock. */
record WithoutTime(Registry registry) implements Registry {
  @Override
  public Optional<Document> read(Key key) {
    return registry.read(key);
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    return registry.list(partition, sortPrefix, cursor);
  }

  @Override
  public SortedSet<String> partitions() {
    return registry.partitions();
  }

  @Override
  public Outcome commit(Transaction transaction) {
    return registry.commit(transaction);
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    return registry.resolve(partition, attemptId);
  }

  @Override
  public void close() {
    registry.close();
  }
}
