package io.meshwork.internal.testkit;

import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Forwards each call to another registry. Subclasses override the calls that differ. Thread-safe if
 * the other registry is.
 */
public class ForwardingRegistry implements Registry {
  /** The other registry. */
  protected final Registry real;

  /** Forwards to a registry, which is closed with this one. */
  protected ForwardingRegistry(Registry real) {
    this.real = real;
  }

  /** The registry to which calls are forwarded. */
  protected Registry real() {
    return real;
  }

  @Override
  public Optional<Document> read(Key key) {
    return real().read(key);
  }

  @Override
  public Page list(String partition, String sortPrefix, @Nullable String cursor) {
    return real().list(partition, sortPrefix, cursor);
  }

  @Override
  public SortedSet<String> partitions() {
    return real().partitions();
  }

  @Override
  public Outcome commit(Transaction transaction) {
    return real().commit(transaction);
  }

  @Override
  public Outcome resolve(String partition, String attemptId) {
    return real().resolve(partition, attemptId);
  }

  @Override
  public Runnable awaitTurn(String partition, boolean conflicted, Duration atMost)
      throws InterruptedException {
    return real().awaitTurn(partition, conflicted, atMost);
  }

  @Override
  public boolean dropReplaced(String partition) {
    return real().dropReplaced(partition);
  }

  @Override
  public Optional<Instant> time() {
    return real().time();
  }

  @Override
  public void close() {
    real().close();
  }
}
