package io.meshwork.aws;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A place on AWS whose registry fails when the mesh gets its new root, at the end of a move. */
record InterruptedMoveTarget(MoveMesh.Target target) implements MoveMesh.Target {
  @Override
  public String description() {
    return target.description();
  }

  @Override
  public String root() {
    return target.root();
  }

  @Override
  public boolean isAccount(String name) {
    return target.isAccount(name);
  }

  @Override
  public Principal self() {
    return target.self();
  }

  @Override
  public void makeStores() {
    target.makeStores();
  }

  @Override
  public Warehouse.Ports open() {
    Warehouse.Ports ports = target.open();
    return new Warehouse.Ports(
        new WithoutRoot(ports.registry(), root()), ports.files(), ports.root());
  }

  @Override
  public void close() {
    target.close();
  }

  /** Fails the commit that writes this root. */
  private record WithoutRoot(Registry registry, String root) implements Registry {
    @Override
    public Outcome commit(Transaction transaction) {
      boolean setsRoot =
          transaction.actions().stream()
              .filter(action -> action.key().equals(MeshRoot.KEY) && action.json() != null)
              .anyMatch(action -> String.valueOf(action.json()).contains(root));
      if (setsRoot) {
        throw Failure.of(MeshAction.of(Verb.COMMIT, "the registry"))
            .because("a test interrupted the move")
            .fix("Run it again.")
            .lasting(ErrorCode.BACKEND_FAILED);
      }
      return registry.commit(transaction);
    }

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
    public Outcome resolve(String partition, String attemptId) {
      return registry.resolve(partition, attemptId);
    }

    @Override
    public Optional<Instant> time() {
      return registry.time();
    }

    @Override
    public void close() {
      registry.close();
    }
  }
}
