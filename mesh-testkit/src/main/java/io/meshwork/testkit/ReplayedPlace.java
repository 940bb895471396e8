package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A place with any registry, and files in memory. A copy replays all transactions in a new store,
 * so that documents retain their versions.
 *
 * @param <S> the reference of a store, such as the name of a table
 */
final class ReplayedPlace<S> implements MeshPlace {
  private static final String ROOT = "memory:/mesh";

  private final Supplier<S> newStore;
  private final Function<S, Registry> opener;
  private final S store;
  private final MemoryFileIO files;
  private final List<Transaction> committed = new ArrayList<>();

  ReplayedPlace(Supplier<S> newStore, Function<S, Registry> opener, MemoryFileIO files) {
    this.newStore = newStore;
    this.opener = opener;
    this.store = newStore.get();
    this.files = files;
  }

  @Override
  public Mesh.Builder open() {
    return Mesh.builder(new RecordingRegistry(opener.apply(store)), files, ROOT);
  }

  @Override
  public Optional<MeshPlace> copy() {
    ReplayedPlace<S> copy = new ReplayedPlace<>(newStore, opener, files.copy());
    List<Transaction> transactions;
    synchronized (committed) {
      transactions = List.copyOf(committed);
    }
    try (Registry registry = copy.new RecordingRegistry(opener.apply(copy.store))) {
      transactions.forEach(registry::commit);
    }
    return Optional.of(copy);
  }

  /** Does not delete the store, which belongs to its creator. */
  @Override
  public void close() {}

  /** Records what was committed. */
  private final class RecordingRegistry extends ForwardingRegistry {
    RecordingRegistry(Registry real) {
      super(real);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      Outcome outcome = real.commit(transaction);
      if (outcome.status() == Status.COMMITTED) {
        synchronized (committed) {
          committed.add(transaction);
        }
      }
      return outcome;
    }
  }
}
