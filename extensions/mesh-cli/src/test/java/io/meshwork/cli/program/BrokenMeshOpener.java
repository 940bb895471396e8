package io.meshwork.cli.program;

import io.meshwork.Mesh;
import io.meshwork.cli.MeshOpener;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notifier;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An opener that fails for a reason that was not foreseen. */
public final class BrokenMeshOpener implements MeshOpener.Cloud {
  @Override
  public String scheme() {
    return "broken";
  }

  @Override
  public String form() {
    return "broken:ANY";
  }

  @Override
  public Mesh create(String location, Optional<Topology> topology) {
    throw new IllegalStateException("broken");
  }

  @Override
  public Mesh open(String location) {
    throw new IllegalStateException("broken");
  }

  @Override
  public Mesh open(String location, UnaryOperator<Mesh.Builder> settings) {
    return open(location);
  }

  @Override
  public LocalMesh.MoveMesh moveFrom(Path folder, String location) {
    throw new IllegalStateException("broken");
  }

  @Override
  public long restoreFiles(String location) {
    throw new IllegalStateException("broken");
  }

  @Override
  public void addCatalog(String location, String catalog, String account) {
    throw new IllegalStateException("broken");
  }

  @Override
  public boolean authenticates() {
    return false;
  }

  @Override
  public LocalMesh.Copy backUp(String location, Path target) {
    throw new IllegalStateException("broken");
  }

  @Override
  public AccountFiles accountFiles(String location, String form, AccountRequest request) {
    throw new IllegalStateException("broken");
  }

  @Override
  public AccountFiles organizationFiles(String location, OrganizationRequest request) {
    throw new IllegalStateException("broken");
  }

  @Override
  public AccountOnboarding<?> onboarding(String location, AccountRequest request, Path folder) {
    throw new IllegalStateException("broken");
  }

  @Override
  public Notifier eventBridge(String location) {
    throw new IllegalStateException("broken");
  }
}
