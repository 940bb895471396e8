package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshBuilder;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Transaction;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registry and files in memory that stay when a mesh is closed. */
record MemoryPlace(InMemoryRegistry registry, MemoryFileIO files) implements MeshPlace {
  private static final String ROOT = "memory:/mesh";

  @Override
  public MeshBuilder open() {
    return Mesh.over(new Staying(registry), files, ROOT);
  }

  @Override
  public Optional<MeshPlace> copy() {
    return Optional.of(new MemoryPlace(registry.copy(), files.copy()));
  }

  @Override
  public void close() {
    registry.close();
  }

  /** A registry that is not closed with its mesh. */
  private record Staying(Registry real) implements Registry {
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
      return real.commit(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return real.resolve(partition, attemptId);
    }

    @Override
    public void close() {}
  }
}
