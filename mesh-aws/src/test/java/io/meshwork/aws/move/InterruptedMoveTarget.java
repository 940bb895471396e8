package io.meshwork.aws.move;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse;
import java.util.Map;

/**
 * A place on AWS, one of whose registries fails when it gets the new root of the mesh, at the end
 * of a move.
 *
 * @param at the catalog whose registry fails; empty for the one that the mesh is opened with
 */
public record InterruptedMoveTarget(MoveMesh.Target target, String at) implements MoveMesh.Target {
  InterruptedMoveTarget(MoveMesh.Target target) {
    this(target, "");
  }

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
  public boolean isAccountOfCatalog(String name) {
    return target.isAccountOfCatalog(name);
  }

  @Override
  public Map<String, String> placeOfCatalog(String account) {
    return target.placeOfCatalog(account);
  }

  @Override
  public Registry openCatalog(String catalog, String account) {
    Registry registry = target.openCatalog(catalog, account);
    return catalog.equals(at) ? new WithoutRoot(registry, root()) : registry;
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
    return at.isEmpty()
        ? new Warehouse.Ports(
            new WithoutRoot(ports.registry(), root()), ports.files(), ports.root())
        : ports;
  }

  @Override
  public void close() {
    target.close();
  }

  /** Fails the commit that writes this root. */
  private static final class WithoutRoot extends ForwardingRegistry {
    private final String root;

    WithoutRoot(Registry real, String root) {
      super(real);
      this.root = root;
    }

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
      return super.commit(transaction);
    }
  }
}
