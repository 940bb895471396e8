package io.meshwork.cli.program;

import io.meshwork.Mesh;
import io.meshwork.cli.MeshOpener;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** An opener that fails for a reason that was not foreseen. */
public final class BrokenMeshOpener implements MeshOpener {
  @Override
  public String scheme() {
    return "broken";
  }

  @Override
  public String form() {
    return "broken:ANY";
  }

  @Override
  public Mesh create(String location) {
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
  public boolean authenticates() {
    return false;
  }

  @Override
  public LocalMesh.Copy backUp(String location, Path target) {
    throw new IllegalStateException("broken");
  }
}
