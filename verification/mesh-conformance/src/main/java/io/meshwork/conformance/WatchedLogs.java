package io.meshwork.conformance;

import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Validates every log entry that is written through any of its registries against the schema of
 * events. Thread-safe.
 */
final class WatchedLogs {
  private static final JsonSchema SCHEMA = JsonSchema.ofEvents();
  private static final String ENTRIES = "log/";

  private final Queue<MeshEvent> events = new ConcurrentLinkedQueue<>();

  /** Wraps a registry and validates its log entries. */
  Registry watching(Registry real) {
    return new WatchedRegistry(real);
  }

  /** Returns the entries that violate the schema or that this version does not know. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (MeshEvent event : events) {
      for (String fault : SCHEMA.faults(event.json())) {
        faults.add(event.id() + " " + event.type() + ": " + fault);
      }
      if (event.details() instanceof EventDetails.UnknownDetails) {
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

  private final class WatchedRegistry extends ForwardingRegistry {
    WatchedRegistry(Registry real) {
      super(real);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      transaction.actions().forEach(WatchedLogs.this::see);
      return real.commit(transaction);
    }
  }
}
