package io.meshwork.spark;

import io.meshwork.local.LocalWarehouse;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Meshes in folders, at locations that begin with {@code faulty:}. The property {@code fault} of a
 * catalog names what goes wrong when a publish commits.
 */
public final class FaultyWarehouse implements Warehouse {
  private static final String SCHEME = "faulty:";

  /** For the engine, which finds it as a service. */
  public FaultyWarehouse() {}

  /** What goes wrong. */
  enum Fault {
    /** The process ends before the transaction. */
    HALT_BEFORE,
    /** The process ends after the transaction. */
    HALT_AFTER,
    /** The answer to the transaction is lost, as is every answer about it. */
    UNKNOWN
  }

  @Override
  public boolean isHome(String location) {
    return location.startsWith(SCHEME);
  }

  @Override
  public Ports open(String location, Principal principal, Map<String, String> properties) {
    Ports sound =
        new LocalWarehouse().open(location.substring(SCHEME.length()), principal, properties);
    return new Ports(
        new FaultyCommits(sound.registry(), Fault.valueOf(properties.getOrDefault("fault", ""))),
        sound.files(),
        sound.root(),
        sound.connections());
  }

  /** A registry with faults. */
  record FaultyCommits(Registry registry, Fault fault) implements Registry {
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
      if (transaction.actions().stream().noneMatch(each -> each.key().sort().startsWith("key/"))) {
        return registry.commit(transaction);
      }
      if (fault == Fault.HALT_BEFORE) {
        Runtime.getRuntime().halt(137);
      }
      Outcome outcome = registry.commit(transaction);
      if (fault == Fault.HALT_AFTER) {
        Runtime.getRuntime().halt(137);
      }
      return fault == Fault.UNKNOWN ? Outcome.UNKNOWN : outcome;
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return fault == Fault.UNKNOWN ? Outcome.UNKNOWN : registry.resolve(partition, attemptId);
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
