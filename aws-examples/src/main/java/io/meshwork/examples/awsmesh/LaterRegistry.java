package io.meshwork.examples.awsmesh;

import io.meshwork.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A registry whose time is ahead, as that of a host on which days have passed. */
public record LaterRegistry(Registry registry, Duration later) implements Registry {
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
  public Optional<Instant> time() {
    return registry.time().map(now -> now.plus(later));
  }

  @Override
  public void close() {
    registry.close();
  }
}
