package io.meshwork.internal.conformance.growth;

import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of a registry, which are requests to a service such as DynamoDB, and measures
 * the largest document and transaction. Thread-safe.
 */
final class CallsOfRegistry {
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger documents = new AtomicInteger();
  private final AtomicInteger bytes = new AtomicInteger();
  private final AtomicInteger actions = new AtomicInteger();

  /** Returns a registry whose calls are counted. */
  Registry counting(Registry real) {
    return new CountedRegistry(real);
  }

  int of(Runnable operation) {
    int before = calls.get();
    operation.run();
    return calls.get() - before;
  }

  /** Returns the documents that an operation reads or lists. */
  int documentsOf(Runnable operation) {
    int before = documents.get();
    operation.run();
    return documents.get() - before;
  }

  /** The bytes of the largest document that was written. */
  int largestDocument() {
    return bytes.get();
  }

  /** The actions of the largest transaction. */
  int largestTransaction() {
    return actions.get();
  }

  private final class CountedRegistry extends ForwardingRegistry {
    CountedRegistry(Registry real) {
      super(real);
    }

    @Override
    public Optional<Document> read(Key key) {
      calls.incrementAndGet();
      documents.incrementAndGet();
      return super.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      calls.incrementAndGet();
      Page page = super.list(partition, sortPrefix, cursor);
      documents.addAndGet(page.documents().size());
      return page;
    }

    @Override
    public Outcome commit(Transaction transaction) {
      calls.incrementAndGet();
      actions.accumulateAndGet(transaction.actions().size(), Math::max);
      for (Transaction.Action action : transaction.actions()) {
        String json = action.json();
        if (json != null) {
          bytes.accumulateAndGet(json.getBytes(StandardCharsets.UTF_8).length, Math::max);
        }
      }
      return super.commit(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      calls.incrementAndGet();
      return super.resolve(partition, attemptId);
    }
  }
}
