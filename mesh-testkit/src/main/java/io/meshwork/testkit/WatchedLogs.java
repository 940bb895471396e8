package io.meshwork.testkit;

import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Transaction;
import io.meshwork.registry.Transaction.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sees every entry that is sent to the log of any partition, through however many registries, and
 * holds it against the schema of events. Thread-safe.
 */
final class WatchedLogs {
  private static final JsonSchema SCHEMA = JsonSchema.ofEvents();
  private static final String ENTRIES = "log/";

  private final Queue<MeshEvent> events = new ConcurrentLinkedQueue<>();

  /** A registry before another one, whose log entries are seen. */
  Registry watching(Registry real) {
    return new Watched(real);
  }

  /** What does not follow the schema, or is not known to this version. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (MeshEvent event : events) {
      for (String fault : SCHEMA.faults(event.json())) {
        faults.add(event.id() + " " + event.type() + ": " + fault);
      }
      if (event.details() instanceof EventDetails.Unknown) {
        faults.add(event.id() + " " + event.type() + ": MeshEvent does not know its details");
      }
    }
    return faults;
  }

  private void see(Action action) {
    String json = action.json();
    if (json != null && action.key().sort().startsWith(ENTRIES)) {
      events.add(MeshEvent.fromJson(action.key().partition(), json));
    }
  }

  private final class Watched implements Registry {
    private final Registry real;

    Watched(Registry real) {
      this.real = real;
    }

    @Override
    public Optional<Document> read(Key key) {
      return real.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      return real.list(partition, sortPrefix, cursor);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      transaction.actions().forEach(WatchedLogs.this::see);
      return real.commit(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return real.resolve(partition, attemptId);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
