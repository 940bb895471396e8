package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Any registry, with files in memory. It is copied by doing in a new store what was done in this
 * one, so that all documents have the versions they had.
 *
 * @param <S> what a store is opened by, such as the name of a table
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
  public MeshBuilder open() {
    return Mesh.over(new Recording(opener.apply(store)), files, ROOT);
  }

  @Override
  public Optional<MeshPlace> copy() {
    ReplayedPlace<S> copy = new ReplayedPlace<>(newStore, opener, files.copy());
    List<Transaction> done;
    synchronized (committed) {
      done = List.copyOf(committed);
    }
    try (Registry registry = copy.new Recording(opener.apply(copy.store))) {
      done.forEach(registry::commit);
    }
    return Optional.of(copy);
  }

  /** Leaves the store to whoever made it. */
  @Override
  public void close() {}

  /** Keeps what was committed. */
  private final class Recording extends ForwardingRegistry {
    Recording(Registry real) {
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
